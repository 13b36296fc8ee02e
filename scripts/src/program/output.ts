import Table from 'cli-table3';
import type { Context } from './context';

/** Width of tables that are not printed to a terminal, and the least that a table has. */
const [FILE_WIDTH, LEAST_WIDTH] = [100, 60];

/** No borders, only columns. */
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((part) => [part, '']),
  ),
);

/** Prints the result of a command: JSON for machines, text for people. */
export function print(
  context: Pick<Context, 'flags' | 'streams' | 'masker'>,
  value: unknown,
  text: () => string,
): void {
  const output = context.flags.json ? JSON.stringify(value, undefined, 2) : text();
  context.streams.out.write(`${context.masker.mask(output)}\n`);
}

/**
 * Prints a result that contains a secret which its owner must see once. Bypasses the masker, so only code that has created the secret, or
 * was asked for it, may call this.
 */
export function printSecret(context: Pick<Context, 'flags' | 'streams'>, value: unknown, text: () => string): void {
  context.streams.out.write(`${context.flags.json ? JSON.stringify(value, undefined, 2) : text()}\n`);
}

/** Formats a table in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * Formats a table without borders, as wide as the terminal, and at most 100 columns elsewhere. The last column wraps between words. A longer
 * word widens the table, since a truncated address is useless.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
): string {
  const wide = isTTY && columns !== undefined ? Math.max(columns, LEAST_WIDTH) : FILE_WIDTH;
  const widths = head.map(
    (title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)) + 2,
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const words = rows.flatMap((row) => row[head.length - 1]?.split(/\s+/) ?? []);
  const longest = Math.max(...words.map(({ length }) => length), 0) + 2;
  widths[widths.length - 1] = Math.max(Math.min(widths.at(-1) ?? 0, wide - before), longest);
  const view = new Table({
    head: [...head],
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: NO_LINES,
  });
  view.push(...rows.map((row) => [...row]));
  return view
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
