import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from '../../src/commands';
import { main } from '../../src/program/program';

test('help loads no declaration of a command, and nothing that only commands need', async () => {
  let out = '';
  const code = await main(
    ['--help'],
    {
      streams: {
        in: Readable.from([]),
        out: { write: (text) => (out += text) },
        err: { write: (text) => (out += text) },
      },
      environment: {},
      directory: '.',
      clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
      fetch,
      signal: new AbortController().signal,
    },
    COMMANDS,
  );
  expect([code, out]).toEqual([0, expect.stringContaining('Kong and Konnect')]);
  const files = Object.keys(require.cache);
  const loaded = files.flatMap((file) => /scripts\/src\/(\w+\/[\w-]+)/.exec(file)?.[1] ?? []);
  expect(loaded.sort()).toEqual([
    'commands/index',
    'commands/listed',
    'program/exit-codes',
    'program/global-switches',
    'program/masker',
    'program/program',
    'program/program-help',
    'program/result-stream',
  ]);
  const packages = files.flatMap(
    (file) => /\/(commander|js-yaml|netmask|dotenv|undici|zx|packages\/ollama-eks)\//.exec(file)?.[1] ?? [],
  );
  expect(packages).toEqual([]);
});
