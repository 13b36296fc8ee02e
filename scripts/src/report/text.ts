import { markdownTable, table } from '../program/output';
import type { Bar, Cell, Section } from './sections';

/** Width of a bar in characters. */
const WIDTH = 20;

/** Formats sections for a terminal. */
export function textOf(title: string, sections: readonly Section[]): string {
  return [title, ...sections.map(sectionText)].join('\n\n');
}

/** First line of a report in Markdown, by which a workflow finds its comment again. GitHub does not show it. */
export const MARK = '<!-- ollama-eks report -->';

/** Formats sections as GitHub's Markdown. */
export function markdownOf(title: string, sections: readonly Section[]): string {
  return [`## ${escaped(title)}`, ...sections.map(sectionMarkdown)].join('\n\n');
}

function sectionText({ title, head, rows }: Section): string {
  return `${title}\n${table(
    head,
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : barOf(cell)))),
  )}`;
}

function sectionMarkdown({ title, head, rows }: Section): string {
  return `### ${escaped(title)}\n\n${markdownTable(
    head,
    rows.map((row) => row.map(cellMarkdown)),
  )}`;
}

function cellMarkdown(cell: Cell): string {
  return typeof cell === 'string' ? escaped(cell) : `\`${barOf(cell)}\``;
}

/** Keeps text of a project from being read as Markdown or HTML. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`).replaceAll(/[\r\n]+/g, ' ');
}

/** A phase that is too short for a character is still visible. */
function barOf({ start, end }: Bar): string {
  const from = Math.min(Math.round(start * WIDTH), WIDTH - 1);
  const to = Math.max(Math.round(end * WIDTH), from + 1);
  return '░'.repeat(from) + '█'.repeat(to - from) + '░'.repeat(WIDTH - to);
}
