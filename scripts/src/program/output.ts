import type { Context } from './context';

/** Width of tables that are not printed to a terminal, and the least that a table has. */
const [FILE_WIDTH, LEAST_WIDTH] = [100, 60];

/** Columns of spaces behind a cell. */
const GAP = 2;

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
  const widths = head
    .slice(0, -1)
    .map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)) + GAP);
  const indent = widths.reduce((sum, width) => sum + width, 0);
  return [head, ...rows]
    .flatMap((row) => {
      const first = widths.map((width, column) => (row[column] ?? '').padEnd(width)).join('');
      const [line = '', ...more] = wrap(row[head.length - 1] ?? '', wide - indent - GAP);
      return [first + line, ...more.map((rest) => ' '.repeat(indent) + rest)];
    })
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Breaks the lines of a text that are too long between words. A longer word has a line of its own. */
function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    if (line.length <= width) return [line];
    const lines: string[] = [];
    for (const word of line.split(/\s+/)) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop() ?? ''} ${word}`);
      else lines.push(word);
    }
    return lines;
  });
}
