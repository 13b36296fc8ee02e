/** Tables of figures that the catalogue was copied from. They are next to the repository, not in it. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { leaveOut } from '../../support/leave-out';

const REFERENCE = resolve(__dirname, '../../../../shared/reference');

/** One row, by column. */
export type TableRow = Readonly<Record<string, string>>;

/** Declares checks against a reference; if it is missing, one skipped test that says so. */
export function describeReference(file: string, name: string, checks: (text: string) => void): void {
  const path = resolve(REFERENCE, file);
  if (existsSync(path)) describe(name, () => checks(readFileSync(path, 'utf8')));
  else leaveOut(name, `no reference at ${path}`);
}

/** Returns the rows of the first Markdown table below a heading. */
export function markdownTable(text: string, heading: string): readonly TableRow[] {
  const lines = below(text, heading).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [header = [], , ...rows] = lines.slice(start, end).map((line) => cells(line, '|').slice(1, -1));
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])));
}

/** Returns the rows of a fenced block as lists of cells, by the separator of its columns; `start` is how each row begins. */
export function fencedRows(text: string, heading: string, start: RegExp, separator: string): readonly string[][] {
  return below(text, heading)
    .split('\n')
    .filter((line) => start.test(line))
    .map((line) => cells(line, separator));
}

/** Returns the number in a cell, with or without thousands separators. */
export function numberIn(cell: string | undefined): number {
  return Number(/-?[\d,.]*\d/.exec(cell ?? '')?.[0].replaceAll(',', ''));
}

/** Returns the text of a section, up to the next heading of its level. */
function below(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}`);
  if (start < 0) {
    throw new Error(`no heading ${heading}`);
  }
  const level = `\n${/^#+/.exec(heading)?.[0] ?? '#'} `;
  const end = text.indexOf(level, start + heading.length);
  return text.slice(start + heading.length + 1, end < 0 ? undefined : end);
}

function cells(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => cell.trim());
}
