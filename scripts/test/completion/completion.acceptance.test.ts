/** The scripts in the shells themselves, for every command and option; a shell that is not installed is left out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../src/commands';
import { bashScript } from '../../src/completion/bash';
import { fishScript } from '../../src/completion/fish';
import { completedCommands } from '../../src/completion/tree';
import { zshScript } from '../../src/completion/zsh';
import { leaveOut } from '../../../test/support/leave-out';
import { bashCase, completionCases } from '../support/completion-cases';

const commands = completedCommands(COMMANDS);
const cases = completionCases(commands);
const END = '-- end of case';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-eks-completion-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a script in an empty folder, and returns the words that it printed for each case. */
function printed(shell: string, args: readonly string[], script: string): readonly (readonly string[])[] {
  const file = join(directory, `script.${shell}`);
  const cwd = mkdtempSync(join(directory, 'empty-'));
  writeFileSync(file, script);
  const { stdout, stderr } = spawnSync(shell, [...args, file], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  expect(stderr).toBe('');
  const parts = stdout.split(`${END}\n`).slice(0, cases.length);
  return parts.map((part) =>
    part
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '')
      .filter(Boolean)
      .sort(),
  );
}

function isInstalled(shell: string): boolean {
  if (spawnSync(shell, ['--version']).status === 0) return true;
  leaveOut(`completion in ${shell}`, 'it is not installed');
  return false;
}

const expected = cases.map(({ words, expected: all }) => [words, [...all].sort()]);

(isInstalled('zsh') ? test : test.skip)('zsh', () => {
  // the functions of its completion system, which works only on a terminal, print what they are given
  const doubles = `
compdef() { :; }
_files() { :; }
compadd() { shift; print -l -- "$@"; }
_describe() { local item; for item in "\${(@P)@[-1]}"; do print -r -- "\${item%%:*}"; done; }
`;
  const runs = cases.map(({ words }) => {
    const list = words.map((word) => `'${word}'`).join(' ');
    return `words=(${list}); CURRENT=${String(words.length)}; PREFIX='${words.at(-1) ?? ''}'; _ollama-eks; print -- '${END}'`;
  });
  const found = printed('zsh', ['-f'], [doubles, zshScript(commands), ...runs].join('\n'));
  expect(cases.map(({ words }, index) => [words, found[index]])).toEqual(expected);
});

(isInstalled('fish') ? test : test.skip)('fish', () => {
  const some = cases.filter((_, index) => index % 8 === 0); // it takes 30 ms for each
  const runs = some.map(({ words }) => {
    const line = words.map((word) => (word === '-' ? '--' : word)).join(' '); // fish lists short options at "-" only
    return `complete -C '${line}'; echo -- '${END}'`;
  });
  const found = printed('fish', ['--no-config'], [fishScript(commands), ...runs].join('\n'));
  const long = (words: readonly string[]) => words.filter((word) => !/^-\w$/.test(word));
  expect(some.map(({ words }, index) => [words, found[index]])).toEqual(
    some.map(({ words, expected: all }) => [words, long(all).sort()]),
  );
});

test('bash', () => {
  const runs = cases.map(({ words }) => bashCase(words, END));
  const found = printed('bash', ['--norc'], [bashScript(commands), ...runs].join('\n'));
  expect(cases.map(({ words }, index) => [words, found[index]])).toEqual(expected);
});
