import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';
import type { Finished } from './script-run';

// Scripts start many processes, which are slow on a busy machine.
jest.setTimeout(30_000);

/** A running drain. */
interface Drain {
  /** Table of connections that it reads. */
  readonly file: string;
  readonly ended: Promise<Finished>;
  readonly hasEnded: () => boolean;
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
    expect((await pod.call(['live'], { RESPONSE_SECONDS: '0.5' })).code).not.toBe(0);
  });

  it('refuses an unknown argument', async () => {
    expect((await pod.call(['load'])).code).toBe(2);
  });

  describe('drain', () => {
    const SERVER = '00000000:2CAA 00000000:0000 0A';
    let runner: Server;
    let isHung: boolean;
    let isLoading: boolean;
    /** How often the drain has asked llama-server whether it hangs. */
    let checks: number;

    const runnerSocket = (rest: string) => {
      const { port } = runner.address() as AddressInfo;
      return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} ${rest}`;
    };
    const listen = () => runnerSocket('00000000:0000 0A');
    const work = () => runnerSocket('0100007F:9C40 01');

    beforeEach(async () => {
      isHung = false;
      isLoading = false;
      checks = 0;
      runner = createServer((_, response) => {
        checks += 1;
        if (!isHung) response.writeHead(isLoading ? 503 : 200).end('[]\n');
      });
      await new Promise<void>((resolve) => runner.listen(0, '127.0.0.1', resolve));
    });

    afterEach(async () => {
      runner.closeAllConnections();
      await new Promise((resolve) => runner.close(resolve));
    });

    const table = (...sockets: readonly string[]) =>
      `  sl  local_address rem_address   st\n${sockets.map((socket, i) => `   ${String(i)}: ${socket} 00000000:00000000\n`).join('')}`;

    function drain(sockets: readonly string[], env?: Readonly<Record<string, string>>): Drain {
      const file = join(pod.directory, 'tcp');
      writeFileSync(file, table(...sockets));
      let hasEnded = false;
      const ended = pod.call(['drain', file], env).finally(() => (hasEnded = true));
      return { file, ended, hasEnded: () => hasEnded };
    }

    /** Waits for more checks than a drain needs that has nothing to wait for. */
    async function expectToWait({ hasEnded }: Drain): Promise<void> {
      await until('checked', () => checks > 4);
      expect(hasEnded()).toBe(false);
    }

    it('waits while llama-server works on a request', async () => {
      const running = drain([listen(), work()]);
      await expectToWait(running);
      writeFileSync(running.file, table(listen(), SERVER));
      expect((await running.ended).code).toBe(0);
    });

    it('waits at most for the longest request', async () => {
      const { ended } = drain([listen(), work()], { DRAIN_SECONDS: '1' });
      expect((await ended).code).toBe(0);
    });

    it.each([
      ['nobody waits', () => [SERVER]],
      ['only clients are connected', () => [SERVER, '0A00000A:2CAA 0B00000A:D431 01']],
      ['only the sidecar asks', () => [SERVER, '0100007F:2CAA 0100007F:D431 01']],
      ['only ztunnel works', () => ['0100007F:3A99 00000000:0000 0A', '0100007F:3A99 0100007F:D431 01']],
      ['the connection is closing', () => [runnerSocket('0100007F:9C40 06')]],
    ])('ends when %s', async (_, sockets) => {
      const { ended } = drain([listen(), ...sockets()]);
      expect((await ended).code).toBe(0);
    });

    it('waits for a model that is loaded again, since requests wait for it without a connection', async () => {
      writeFileSync(join(pod.state, 'good'), '');
      isLoading = true;
      const running = drain([listen()]);
      await expectToWait(running);
      isLoading = false;
      expect((await running.ended).code).toBe(0);
    });

    it('does not wait for the first load, for which nobody waits', async () => {
      isLoading = true;
      expect((await drain([listen()]).ended).code).toBe(0);
    });

    it('does not wait for a model that hangs', async () => {
      isHung = true;
      const { ended } = drain([listen(), work()], { HANG_SECONDS: '0.1', DRAIN_SECONDS: '600' });
      expect((await ended).code).toBe(0);
    });

    it('waits for the requests to other models when a server is restarted', async () => {
      writeFileSync(join(pod.state, 'restart'), '');
      const running = drain([listen(), work()]);
      await expectToWait(running);
      writeFileSync(running.file, table(listen()));
      expect((await running.ended).code).toBe(0);
    });
  });
});
