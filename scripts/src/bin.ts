import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from './commands';
import { main } from './program/program';

const interrupt = new AbortController();
// child processes run in their own process groups, so this handler forwards the terminal's signals to them
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupt.abort());
}
// A reader that has enough, such as `head`, closes the pipe. Results are written at the end, apart from those of --watch, which ends.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (stream === process.stdout) interrupt.abort();
  });
}

void main(
  process.argv.slice(2),
  {
    streams: {
      get in() {
        return process.stdin; // opened by the first command that reads it
      },
      out: process.stdout,
      err: process.stderr,
    },
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
