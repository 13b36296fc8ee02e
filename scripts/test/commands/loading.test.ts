import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from '../../src/commands';
import { main } from '../../src/program/program';

test('help loads neither a command nor what only commands need', async () => {
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
  expect(loaded).toContain('commands/verify');
  expect([...new Set(loaded.map((file) => file.split('/')[0]))].sort()).toEqual(['commands', 'program']);
  expect(loaded.filter((file) => /-commands$|\/(process|prompt|create-context)$/.test(file))).toEqual([]);
  const packages = files.flatMap(
    (file) => /\/(js-yaml|netmask|dotenv|undici|zx|packages\/ollama-eks)\//.exec(file)?.[1] ?? [],
  );
  expect(packages).toEqual([]);
});
