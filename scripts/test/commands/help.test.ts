import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '@org/ollama-eks/pure';
import { REQUEST_TIMEOUT } from '../../src/commands/common';
import { SETTINGS, type Setting } from '../../src/program/settings';
import { World } from '../day2/world';
import { ALL_COMMANDS, GROUPS } from '../support/declared-settings';

const NAMES = ALL_COMMANDS.map(([name]) => name);

let world: World;
beforeEach(() => {
  world = new World();
  world.checkOutput = () => undefined; // the commands themselves do not run
});
afterEach(() => {
  world.remove();
});

const help = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await world.run(...words, '--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};

/** Runs a command line up to the command itself: `--help` would accept any other option. */
const parse = async (...words: string[]) => {
  const runs = ALL_COMMANDS.map(([, spec]) => jest.spyOn(spec, 'run').mockResolvedValue(undefined));
  const { code, err } = await world.run(...words);
  const ran = runs.flatMap(({ mock }) => mock.calls).length;
  for (const run of runs) run.mockRestore();
  return { code, err, ran };
};

test('help lists the commands in chapters', async () => {
  expect(await help()).toMatchSnapshot();
});

test.each(['-h', 'help', '--json --help'])('%s is the same help', async (line) => {
  const { code, out } = await world.run(...line.split(' '));
  expect({ code, out }).toEqual({ code: 0, out: await help() });
});

test('help is at most 100 columns wide', async () => {
  const lines = (await help()).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test.each(GROUPS)('help of %s', async (name) => {
  expect(await help(name)).toMatchSnapshot();
});

test.each(NAMES)('help of %s', async (name) => {
  expect(await help(...name.split(' '))).toMatchSnapshot();
});

test.each(ALL_COMMANDS)('%s: help has two examples, which can be parsed, and every default', async (name, spec) => {
  const out = await help(...name.split(' '));
  expect(spec.examples.length).toBeGreaterThanOrEqual(2);
  for (const { line } of spec.examples) {
    expect(out).toContain(`  ollama-eks ${line}\n`);
    const words = line.split(/ (?:>>?|\|) /)[0]?.split(' ') ?? [];
    expect(await parse(...words)).toEqual({ code: 0, err: '', ran: 1 });
  }
  const text = out.replace(/\s+/g, ' ');
  for (const option of spec.options ?? []) {
    const [, facts] = text.split(`${option.name} ${option.summary} (`);
    expect(facts?.split(')')[0]).toMatch(/(^|; )default: ./);
  }
});

test.each(ALL_COMMANDS)('%s: help shows the flags that it uses, and no others', async (name, spec) => {
  const out = await help(...name.split(' '));
  const shown = Object.entries<Setting>(SETTINGS).filter(
    ([, { flag, env }]) => out.includes(`  --${flag ?? ' '} <value>`) || new RegExp(`^ {2}${env} `, 'm').test(out),
  );
  expect(shown.map(([setting]) => setting).sort()).toEqual([...new Set(spec.settings)].sort());
  expect(out.match(/^ {2}-[^\n]*$/gm)?.length).toBeLessThan(30);
});

test('help shows what replaces a secret that is not set', async () => {
  for (const [name, { settings }] of ALL_COMMANDS) {
    const text = (await help(...name.split(' '))).replace(/\s+/g, ' ');
    for (const setting of settings) {
      const { env, description, otherwise, secret }: Setting = SETTINGS[setting];
      const replacement = otherwise === undefined ? '' : ` (default: ${otherwise})`;
      if (secret === true) expect(text).toContain(` ${env} ${description}${replacement} `);
    }
  }
});

test('help shows the default of the longest request, which the library sets', () => {
  const otherwise = `the value of the project's cluster, or ${String(DEFAULT_REQUEST_TIMEOUT_SECONDS)}`;
  expect(REQUEST_TIMEOUT).toMatchObject({ otherwise });
});

test.each(NAMES)('%s: an option that it does not have is exit code 2', async (name) => {
  const { code, err } = await world.run(...name.split(' '), '--no-such-option');
  expect([code, err]).toEqual([2, expect.stringMatching(/^error: unknown option '--no-such-option'/)]);
});

test('a flag of a setting is taken before and after the command, and by commands that do not use it', async () => {
  for (const words of [
    ['--kong-cidr', '192.168.0.0/22', 'client', 'status'],
    ['client', 'status', '--region', 'us-west-2'],
  ]) {
    expect((await world.run(...words)).code).toBe(0);
  }
});

test.each([['help'], ['help', 'deploy'], ['konnect', 'help', 'up']])('%s %s %s is help, too', async (...words) => {
  const { code, out } = await world.run(...words.filter((word) => typeof word === 'string'));
  expect([code, out]).toEqual([0, expect.stringContaining('Usage: ollama-eks')]);
});
