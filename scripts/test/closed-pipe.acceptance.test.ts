/** The built program with a reader that closes the pipe, as `head` does. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { World } from './day2/world';

const BIN = join(__dirname, '../bin/ollama-eks.js');

/** Milliseconds after which a program that does not end is killed. */
const LIMIT = 20_000;

/** Closes standard output before the program can write to it, and returns how it ended and what it wrote to standard error. */
async function unread(
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): Promise<{ readonly code: unknown; readonly err: string }> {
  const child = spawn(process.execPath, [BIN, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT,
    killSignal: 'SIGKILL',
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, err };
}

test.each([
  [['--help']],
  [['models', 'size', '--help']],
  [['--version']],
  [['completion', 'bash']],
  [['models', 'size', 'qwen3:8b']],
  [['models', 'size', 'qwen3:8b', '--json']],
])('%j ends quietly', async (args) => {
  expect(await unread(args)).toEqual({ code: 0, err: '' });
});

test('a command that fails keeps its exit code', async () => {
  expect(await unread(['models', 'size', 'no-such-model', '--json'])).toMatchObject({ code: 2 });
});

test('a command that would go on until Ctrl-C ends', async () => {
  const world = new World();
  world.synthesized();
  const { code, err } = await unread(['status', '--watch'], { cwd: world.directory, env: { PATH: '' } });
  world.remove();
  expect([code, err]).toEqual([6, expect.stringMatching(/^error: not ready at the end: stacks cannot be read; .*\n$/)]);
}, 30_000);
