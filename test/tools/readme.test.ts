import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gpuInstanceTypeNames, modelNames } from '@org/ollama-eks/pure';
import { exampleNames, REPOSITORY } from '@org/ollama-eks-tools/examples';
import { withSection } from '@org/ollama-eks-tools/section';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const README = read('README.md');

test('the README says how many models and GPU instance types are known', () => {
  const words = `${String(modelNames().length)} models on ${String(gpuInstanceTypeNames().length)} GPU instance types`;
  expect(README.replace(/\s+/g, ' ')).toContain(words);
});

test('the README says how long the program of a complete installation is', () => {
  const lines = read('examples/g5-xlarge/main.ts').trimEnd().split('\n').length;
  expect(README).toContain(`**${String(lines)} lines of TypeScript are a complete installation**`);
});

test('the README says how many Applications of Argo CD an installation has', () => {
  const applications = readdirSync(join(REPOSITORY, 'argocd/g5-xlarge/templates')).filter((name) =>
    /^\d|^-/.test(name),
  );
  expect(README).toContain(`${String(applications.length)} Argo CD Applications`);
});

/** Anchors as GitHub derives them from headings. */
const anchorsOf = (markdown: string) =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'packages/ollama-eks/README.md',
  'scripts/README.md',
  'deck/README.md',
  ...readdirSync(join(REPOSITORY, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  ...[...exampleNames(), 'hcl-module'].map((name) => `examples/${name}/README.md`),
];

test.each(PAGES)('every link of %s to a file of the repository leads somewhere', (page) => {
  const prose = read(page).replace(/```[\s\S]*?```/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source ?? '',
  );
  const broken = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(REPOSITORY, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** What puts the command line on `PATH`, or leads to it. */
const ON_PATH =
  /^export PATH="\$PWD\/node_modules\/\.bin:\$PATH" {3}# for ollama-eks$|\]\([./]*scripts\/README\.md#install\)/m;

test.each(PAGES)(
  '%s says how ollama-eks comes on PATH before it types a command, and never starts it with npx',
  (page) => {
    const text = read(page);
    const [before = '', ...typed] = text.split(/^ollama-eks /m);
    if (typed.length > 0) expect(before).toMatch(ON_PATH);
    expect(text).not.toMatch(/npx (?:-[\w-]+ )*ollama-eks/);
  },
);

describe('a generated section', () => {
  test('replaces what is between its markers', () => {
    const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n';
    const next = withSection(page, 'x', 'new');
    expect(next).toBe(
      'a\n<!-- x -->\n<!-- prettier-ignore-start -->\nnew\n<!-- prettier-ignore-end -->\n<!-- /x -->\nb\n',
    );
    expect(withSection(next, 'x', 'new')).toBe(next);
  });

  test.each(['', '<!-- /x -->\n<!-- x -->\n'])('is refused without its markers in %j', (page) => {
    expect(() => withSection(page, 'x', 'new')).toThrow('must contain the markers <!-- x --> and <!-- /x -->');
  });
});
