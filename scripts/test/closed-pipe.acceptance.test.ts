/** The built program with a reader that closes the pipe, as `head` does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const BIN = join(__dirname, '../bin/ollama-eks.js');

/** Closes standard output before the program can write to it, and returns how it ended and what it wrote to standard error. */
async function unread(args: readonly string[]): Promise<{ readonly code: unknown; readonly err: string }> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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
