/** What coding agents read: its command lines can be parsed, those that need nothing else run, and what it names exists. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { World } from '../day2/world';
import { ALL_COMMANDS } from '../support/declared-settings';

const REPOSITORY = join(__dirname, '../../..');
const SKILL = 'packages/ollama-eks/skills/ollama-eks/SKILL.md';
const FILES = ['AGENTS.md', 'packages/ollama-eks/llms.txt', SKILL];
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => {
  world.remove();
});

/** Command lines of the program: lines of blocks, and words in backticks whose placeholders are in capitals. */
const lines = [...read(SKILL).matchAll(/(?:^|`)ollama-eks ([a-z][^`#\n]*)/gm)].map(([, line = '']) => line.trim());

test.each(lines)('ollama-eks %s can be parsed', async (line) => {
  const runs = ALL_COMMANDS.map(([, spec]) => jest.spyOn(spec, 'run').mockResolvedValue(undefined));
  world.checkOutput = () => undefined;
  const { code, err } = await world.run(...line.replace('NAME', 'qwen3:8b').replace('TEAM', 'a').split(' '));
  const ran = runs.flatMap(({ mock }) => mock.calls).length;
  runs.forEach((run) => run.mockRestore());
  expect({ code, err, ran }).toEqual({ code: 0, err: '', ran: 1 });
});

test.each(lines.filter((line) => /^(models (recommend|size)|init) /.test(line)))('ollama-eks %s runs', async (line) => {
  expect(await world.run(...line.split(' '))).toMatchObject({ code: 0, out: expect.stringMatching(/./) });
});

test("the skill's figures of developers are those of the page about performance", () => {
  const stated = [...read(SKILL).matchAll(/(\d+)(?: tokens\/s)? of `([^`]+)` on (\w+)/g)].map(([, speed, model]) => [
    model,
    speed,
  ]);
  const table = read('docs/performance.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, , model, , speed]) => [model, speed]);
  expect(stated).toHaveLength(2);
  for (const row of stated) expect(table).toContainEqual(row);
});

test('there are command lines for each of the three tasks', () => {
  for (const start of ['models size', 'init', 'diagnose', 'status', 'verify', 'doctor', 'report', 'diff'])
    expect(lines.filter((line) => line.startsWith(start))).not.toEqual([]);
});

test.each(FILES)('%s: its links and scripts exist', (file) => {
  const text = read(file);
  const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
  const own = 'https://github.com/org/ollama-eks/blob/main/';
  const paths = links
    .filter((link) => link.startsWith(own) || !link.startsWith('https:'))
    .map((link) =>
      link.startsWith(own) ? join(REPOSITORY, link.slice(own.length)) : resolve(REPOSITORY, dirname(file), link),
    );
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm (?:run )?(build|synth|test|lint)\b/g)].map(([, name = '']) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('the skill has the name of its folder, and a description of at most 1024 characters', () => {
  const [, name, description = ''] = /^---\nname: (.*)\ndescription: (.*)\n---\n/.exec(read(SKILL)) ?? [];
  expect(name).toBe('ollama-eks');
  expect(description.length).toBeLessThanOrEqual(1024);
  expect(description).not.toBe('');
});
