import type { Cell, Section } from './sections';

/** Colors of both themes; the browser chooses. */
const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --back: #ffffff; --line: #d1d9e0; --bar: #0969da; --track: #eaeef2; }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --soft: #9198a1; --back: #0d1117; --line: #3d444d; --bar: #4493f8; --track: #262c36; }
}
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: normal; color: var(--soft); }
th, td { padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
table:has(th:nth-child(4)) { min-width: 44rem; }
.track { display: block; width: 8rem; height: 0.7rem; margin-top: 0.4rem; border-radius: 0.2rem; background: var(--track); overflow: hidden; }
.bar { display: block; height: 100%; min-width: 2px; background: var(--bar); }
`;

/** Formats sections as a page that needs no other file. */
export function htmlOf(title: string, sections: readonly Section[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${sections.map(sectionHtml).join('\n')}
</body>
</html>`;
}

function sectionHtml({ title, head, rows }: Section): string {
  const heads = head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`).join('\n');
  return `<h2>${escaped(title)}</h2>
<div class="scroll"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>`;
}

function cellHtml(cell: Cell): string {
  if (typeof cell === 'string') return escaped(cell);
  const { start, end } = cell;
  const style = `margin-left: ${percent(start)}; width: ${percent(end - start)}`;
  return `<span class="track"><span class="bar" style="${style}"></span></span>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
