import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from './commands';
import { main } from './program';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
});
process.once('SIGTERM', () => {
  interrupt.abort();
});

void main(
  process.argv.slice(2),
  {
    streams: { in: process.stdin, out: process.stdout, err: process.stderr },
    environment: process.env,
    directory: process.cwd(),
    clock: {
      now: () => Date.now(),
      sleep: async (milliseconds, signal) => {
        await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
      },
    },
    fetch,
    signal: interrupt.signal,
  },
  COMMANDS,
).then((code) => {
  process.exitCode = code;
});
