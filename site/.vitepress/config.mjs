import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGES = join(dirname(fileURLToPath(import.meta.url)), '../pages');

/** Returns the first heading of a page. */
const titleOf = (path) => /^# (.*)$/m.exec(readFileSync(join(PAGES, path), 'utf8'))?.[1].replaceAll('`', '') ?? path;

const item = (path, text = titleOf(path)) => ({ text, link: `/${path.replace(/(index)?\.md$/, '')}` });
const folder = (path) => readdirSync(join(PAGES, path)).filter((name) => name.endsWith('.md') && name !== 'index.md');
const folders = (path) =>
  readdirSync(join(PAGES, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}/index.md`);

/** Anchors as GitHub derives them, since the same pages are read there. */
const slugify = (title) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Has blocks of Mermaid drawn, as GitHub does. */
function drawDiagrams({ renderer: { rules } }) {
  const { fence } = rules;
  rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    return `<Mermaid id="diagram-${index}" code="${encodeURIComponent(content)}" />`;
  };
}

export default {
  title: 'ollama-eks',
  description: 'A private Ollama endpoint on EKS GPU nodes',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: 'cache',
  base: process.env.SITE_BASE ?? '/',
  cleanUrls: false,
  lastUpdated: false,
  markdown: { anchor: { slugify }, config: drawDiagrams },
  vite: { build: { chunkSizeWarningLimit: 2048 } },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/' },
      { text: 'Commands', link: '/commands/' },
      { text: 'API', link: '/api/' },
      { text: 'Troubleshooting', link: '/docs/troubleshooting' },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          item('index.md', 'What it is'),
          item('packages/ollama-eks/index.md', 'The library'),
          item('scripts/index.md', 'The command line'),
          item('deck/index.md', 'Kong’s configuration'),
        ],
      },
      { text: 'Guides', items: folder('docs').map((name) => item(`docs/${name}`)) },
      { text: 'Examples', collapsed: true, items: folders('examples').map((path) => item(path)) },
      { text: 'Reference', items: [item('settings.md'), item('commands/index.md'), { text: 'API', link: '/api/' }] },
      { text: 'Commands', collapsed: true, items: folder('commands').map((name) => item(`commands/${name}`)) },
      { text: 'Project', items: [item('SECURITY.md'), item('CONTRIBUTING.md')] },
    ],
    socialLinks: [{ icon: 'github', link: 'https://github.com/org/ollama-eks' }],
  },
};
