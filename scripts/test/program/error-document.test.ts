import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../src/program/exit-codes';
import type { ErrorResult } from '../../src/program/error-document';
import { World } from '../day2/world';
import { ALL_COMMANDS } from '../support/declared-settings';
import { schemaFile, SCHEMAS } from '../support/published-schemas';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => {
  world.remove();
});

const failed = async (...argv: readonly string[]) => {
  const { code, out, err } = await world.run(...argv);
  const { error } = JSON.parse(out) as ErrorResult;
  expect(error.exitCode).toBe(code);
  return { error, err };
};

test('an invalid value is an error with its parts, and still a line on standard error', async () => {
  const { error, err } = await failed('models', 'size', 'llama9:9b', '--json');
  expect(error).toEqual({
    kind: 'usage',
    exitCode: ExitCode.usage,
    problem: expect.stringContaining('llama9:9b'),
    allowed: expect.any(String),
    remedy: expect.stringContaining('ollama-eks models inspect llama9:9b'),
  });
  expect(err).toMatch(/^error: .*llama9:9b/);
});

test('an option that does not exist is an error, too', async () => {
  const { error } = await failed('status', '--json', '--tomorrow');
  expect(error).toEqual({
    kind: 'usage',
    exitCode: ExitCode.usage,
    problem: "unknown option '--tomorrow'",
    remedy: 'see ollama-eks --help',
  });
});

test('the error in the README is that of its command line', async () => {
  const readme = readFileSync(join(SCHEMAS, '../README.md'), 'utf8');
  const [, line = '', document = ''] = /`ollama-eks ([^`]+ --json)`:\n\n```json\n([^`]+)```/.exec(readme) ?? [];
  expect(await failed(...line.split(' '))).toMatchObject(JSON.parse(document) as ErrorResult);
});

test('Ctrl-C is an error of a kind of its own', async () => {
  world.synthesized();
  world.interrupt.abort();
  expect((await failed('diagnose', '--json')).error).toMatchObject({ kind: 'interrupted', exitCode: 1 });
});

test('a failure after the result adds no second document', async () => {
  world.synthesized();
  const { code, out } = await world.run('doctor', '--json');
  expect([code, JSON.parse(out)]).toEqual([6, expect.objectContaining({ ok: false })]);
});

test('without --json, standard output stays empty', async () => {
  expect(await world.run('models', 'size', 'llama9:9b')).toMatchObject({ code: 2, out: '' });
});

test('every command has a published schema', () => {
  const commands = ALL_COMMANDS.map(([name]) => name).filter((name) => name !== 'client local'); // it has no result
  expect(readdirSync(SCHEMAS).sort()).toEqual([...commands, 'error'].map(schemaFile).sort());
});
