import { parseArgs } from 'node:util';
import { TIMELINE } from './lifecycle';
import { KonnectEmulator } from './konnect-emulator';
import { ScaledClock, serve } from './server';

/** Serves until it is stopped. The first line on standard output is the address. Options: see main.js. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      token: { type: 'string', default: 'kpat_emulated' },
      geo: { type: 'string', default: 'us' },
      speed: { type: 'string', default: '1' },
    },
  });
  const clock = new ScaledClock(Number(values.speed));
  const emulator = new KonnectEmulator({ clock, token: values.token, geo: values.geo, timeline: TIMELINE });
  const { url, close } = await serve(emulator, clock, Number(values.port));
  process.stdout.write(`${url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.stderr.write(
        `${emulator.contract.summary}\n${emulator.contract.misses.map((miss) => `${miss}\n`).join('')}`,
      );
      process.exitCode = emulator.contract.misses.length === 0 ? 0 : 1;
      void close();
    });
  }
}
