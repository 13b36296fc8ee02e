/** Returns text of the repository as Markdown: nothing in it is markup. */
export const escaped = (text) => text.replace(/[\\`*_[\]<>|{}#]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Returns a table without columns that are empty, or nothing if there is no row. */
export function table(head, rows) {
  if (rows.length === 0) return '';
  const columns = head.map((_, index) => index).filter((index) => rows.some((row) => row[index]));
  const line = (cells) => `| ${columns.map((index) => cells[index] ?? '').join(' | ')} |`;
  return `\n${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
