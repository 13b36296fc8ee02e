/** The script for bash, in the bash of this machine; `completion.acceptance.test.ts` has every case, and the other shells. */
import { spawnSync } from 'node:child_process';
import { COMMANDS } from '../../src/commands';
import { bashScript } from '../../src/completion/bash';
import { completedCommands } from '../../src/completion/tree';
import { World } from '../day2/world';
import { ALL_COMMANDS, GROUPS } from '../support/declared-settings';
import { bashCase, completionCases } from '../support/completion-cases';

const commands = completedCommands(COMMANDS);
const END = '-- end of case';

test('every group and every command is completed', () => {
  const paths = commands.map(({ path }) => path);
  expect(paths.sort()).toEqual(['', ...GROUPS, ...ALL_COMMANDS.map(([name]) => name)].sort());
});

test('the options are those of help', async () => {
  const world = new World();
  try {
    for (const { path, options } of commands) {
      const { out } = await world.run(...path.split(' ').filter(Boolean), '--help');
      const shown = [...out.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, short = [], long]) => [short, long]);
      expect([path, options.flatMap(({ names }) => names).sort()]).toEqual([path, shown.flat().sort()]);
    }
  } finally {
    world.remove();
  }
});

test('bash completes commands, options, and values that are a list, and leaves the rest to names of files', () => {
  const cases = completionCases(commands.filter(({ path }) => ['', 'models', 'models size', 'verify'].includes(path)));
  const script = [bashScript(commands), ...cases.map(({ words }) => bashCase(words, END))].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc'], { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  const completed = stdout.split(`${END}\n`).map((part) => part.split('\n').filter(Boolean).sort());
  expect(cases.map(({ words }, index) => [words, completed[index]])).toEqual(
    cases.map(({ words, expected }) => [words, [...expected].sort()]),
  );
});
