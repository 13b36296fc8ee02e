/**
 * Copies the Markdown of the repository to `pages/`, under the same paths, and adds what the command line declares: a page for each
 * command, and one for the settings. Links to other files lead to the repository.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandPages } from './command-pages.mjs';
import { settingsPage } from './settings-page.mjs';

const SITE = dirname(fileURLToPath(import.meta.url));
const REPOSITORY = join(SITE, '..');
const PAGES = join(SITE, 'pages');
const SOURCE = 'https://github.com/org/ollama-eks/blob/main';
const require = createRequire(import.meta.url);
const { COMMANDS } = require('../scripts/lib/commands/index.js');
const { SETTINGS } = require('../scripts/lib/program/settings.js');

const isPage = (path) =>
  /^([\w-]+|docs\/[\w-]+|(packages|examples)\/[\w-]+\/README|(scripts|deck)\/README)\.md$/.test(path);
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: REPOSITORY,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const sources = tracked.filter(isPage);

/** Path of a page on the site: a README is the page of its folder. */
const pathOf = (source) => source.replace(/README\.md$/, 'index.md');

/** Returns a link as the site needs it. */
function linkFrom(page, link) {
  if (/^(https?:|mailto:|#)/.test(link)) return link;
  const [path, anchor] = link.split('#');
  const target = posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, '');
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  if (sources.includes(target)) return `${pathOf(path)}${suffix}`;
  if (sources.includes(`${target}/README.md`)) return `${path.replace(/\/?$/, '/index.md')}${suffix}`;
  if (!existsSync(join(REPOSITORY, target))) throw new Error(`${page}: ${link} leads nowhere`);
  return `${SOURCE}/${target}${suffix}`;
}

/** Vite reads a path without a dot as the name of a package. */
const relative = (path) => (path.startsWith('.') ? path : `./${path}`);

/** GitHub chooses a picture by the color scheme of the system; the site has a switch, so it contains both. */
const pictures = (markdown) =>
  markdown.replace(
    /<picture>\s*<source [^>]*srcset="([^"]+)">\s*<img src="([^"]+)"([^>]*)>\s*<\/picture>/g,
    (_, dark, light, rest) =>
      `<img class="light-only" src="${relative(light)}"${rest}><img class="dark-only" src="${relative(dark)}"${rest}>`,
  );

function adapt(source, markdown) {
  const parts = pictures(markdown).split(/(^```[\s\S]*?^```)/m);
  return parts
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/(?<=\]\()[^)\s]+(?=\))/g, (link) => linkFrom(source, link)),
    )
    .join('');
}

function write(path, text) {
  mkdirSync(dirname(join(PAGES, path)), { recursive: true });
  writeFileSync(join(PAGES, path), text);
}

rmSync(PAGES, { recursive: true, force: true });
for (const source of sources) write(pathOf(source), adapt(source, readFileSync(join(REPOSITORY, source), 'utf8')));
for (const [path, text] of commandPages(COMMANDS, SETTINGS)) write(path, text);
write('settings.md', settingsPage(SETTINGS));
// what is in public/ is copied to the root of the site as it is
cpSync(join(REPOSITORY, 'packages/ollama-eks/llms.txt'), join(PAGES, 'public/llms.txt'));
cpSync(join(REPOSITORY, 'docs/pictures'), join(PAGES, 'docs/pictures'), { recursive: true });
