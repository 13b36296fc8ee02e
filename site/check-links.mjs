/** Checks every link of the built site: its page exists, and has its anchor. Checks that every diagram is drawn. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = join(dirname(fileURLToPath(import.meta.url)), 'dist');
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
const base = process.env.SITE_BASE ?? '/';

const pages = new Map(files.map((file) => [join(DIST, file), readFileSync(join(DIST, file), 'utf8')]));
const anchors = new Map(
  [...pages].map(([file, html]) => [file, new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))]),
);

/** Returns the file that a link leads to. */
function targetOf(file, path) {
  if (path === '') return file;
  const absolute = path.startsWith('/') ? join(DIST, path.slice(base.length - 1)) : resolve(dirname(file), path);
  return [absolute, `${absolute}.html`, join(absolute, 'index.html')].find(
    (one) => /\.\w+$/.test(one) && existsSync(one),
  );
}

let checked = 0;
const dead = [];
for (const [file, html] of pages) {
  for (const [, link] of html.matchAll(/ (?:href|src)="([^"]+)"/g)) {
    if (/^(https?:|mailto:|data:)/.test(link)) continue;
    checked += 1;
    const [path, anchor] = link.split('#');
    const target = targetOf(file, decodeURI(path));
    const found = target !== undefined && (!anchor || anchors.get(target)?.has(decodeURIComponent(anchor)));
    if (!found) dead.push(`${file.slice(DIST.length + 1)}: ${link}`);
  }
}
const undrawn = [...pages].filter(([, html]) => html.includes('language-mermaid')).map(([file]) => file);
undrawn.forEach((file) => console.error(`diagram that is not drawn in ${file.slice(DIST.length + 1)}`));
dead.forEach((line) => console.error(`dead link in ${line}`));
console.log(`docs: ${pages.size} pages, ${checked} links, ${dead.length} dead`);
process.exitCode = dead.length === 0 && undrawn.length === 0 && checked > 0 ? 0 : 1;
