import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LLAMA_8K, Pod } from './emulated-pod';
import type { Finished } from './script-run';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

/** A running drain. */
interface Drain {
  /** Table of connections that it reads. */
  readonly file: string;
  readonly ended: Promise<Finished>;
}

describe("the server's script, as probe and drain", () => {
  let pod: Pod;

  beforeEach(async () => {
    pod = await new Pod([LLAMA_8K]).start();
  });

  afterEach(async () => pod.stop());

  it('ready: does not trust a sidecar that has stopped checking', async () => {
    await pod.kept();
    expect(await pod.isReady()).toBe(true);
    pod.server.faults.hangs = true;
    pod.age('ready', 121);
    expect(await pod.isReady()).toBe(false);
  });

  it('ready: does not trust the state of the previous server', async () => {
    await (await pod.kept()).terminate();
    await pod.call(['serve']);
    writeFileSync(join(pod.state, 'ready'), '');
    expect(await pod.isReady()).toBe(false);
  });

  it('live: fails while the server does not respond', async () => {
    await pod.server.stop();
    expect((await pod.call(['live'])).code).not.toBe(0);
  });

  it('live: fails while the server accepts connections without answering', async () => {
    pod.server.faults.hangs = true;
    expect((await pod.call(['live'])).code).not.toBe(0);
  });

  it('refuses an unknown argument', async () => {
    expect((await pod.call(['load'])).code).toBe(2);
  });

  describe('drain', () => {
    const LISTEN = '0100007F:A2C4 00000000:0000 0A';
    const SERVER = '00000000:2CAA 00000000:0000 0A';
    const AT_WORK = '0100007F:A2C4 0100007F:9C40 01';
    const table = (...sockets: readonly string[]) =>
      `  sl  local_address rem_address   st\n${sockets.map((socket, i) => `   ${String(i)}: ${socket} 00000000:00000000\n`).join('')}`;

    function drain(sockets: readonly string[], env?: Readonly<Record<string, string>>): Drain {
      const file = join(pod.directory, 'tcp');
      writeFileSync(file, table(...sockets));
      return { file, ended: pod.call(['drain', file], env) };
    }

    it('waits while llama-server works on a request', async () => {
      const { file, ended } = drain([LISTEN, AT_WORK]);
      await expect(Promise.race([ended, sleep(300)])).resolves.toBeUndefined();
      writeFileSync(file, table(LISTEN, SERVER));
      expect((await ended).code).toBe(0);
    });

    it('waits at most for the longest request', async () => {
      const { ended } = drain([LISTEN, AT_WORK], { DRAIN_SECONDS: '1' });
      expect((await ended).code).toBe(0);
    });

    it.each([
      ['nobody waits', [LISTEN, SERVER]],
      ['only clients are connected', [LISTEN, SERVER, '0A00000A:2CAA 0B00000A:D431 01']],
      ['only the sidecar asks', [LISTEN, SERVER, '0100007F:2CAA 0100007F:D431 01']],
      ['only ztunnel works', [LISTEN, '0100007F:3A99 00000000:0000 0A', '0100007F:3A99 0100007F:D431 01']],
      ['the connection is closing', [LISTEN, '0100007F:A2C4 0100007F:9C40 06']],
    ])('ends when %s', async (_, sockets) => {
      const { ended } = drain(sockets);
      expect((await ended).code).toBe(0);
    });

    it('does not wait for a server that must be restarted', async () => {
      writeFileSync(join(pod.state, 'restart'), '');
      expect((await pod.call(['drain', 'nowhere'])).code).toBe(0);
    });
  });
});
