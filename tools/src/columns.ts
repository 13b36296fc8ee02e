import Table from 'cli-table3';

/** A column of a table: its title (several lines with `\n`) and its alignment. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((part) => [part, '']),
  ),
);

/** Formats a table without rules; cells may have several lines. */
export function columns(head: readonly Column[], rows: readonly (readonly string[])[]): string {
  const view = new Table({
    head: head.map(({ title }) => title),
    colAligns: head.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    chars: NO_LINES,
  });
  view.push(...rows.map((row) => [...row]));
  return view
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
