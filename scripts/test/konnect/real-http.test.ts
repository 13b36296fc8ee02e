import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import {
  FAULT_EFFECTS,
  KonnectEmulator,
  ScaledClock,
  serve,
  type KonnectServer,
} from '../../../test/emulators/konnect';
import { ensureControlPlane, KonnectClient, readOrganization, type KonnectClientOptions } from '../../src/konnect';
import { START, thrownBy, TOKEN } from './rig';

/** Timeout for sockets on a busy machine. */
jest.setTimeout(60_000);

const clock = {
  now: () => Date.now(),
  sleep: async (milliseconds: number, signal?: AbortSignal) => {
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

describe('the client, over a real connection', () => {
  let konnect: KonnectEmulator;
  let server: KonnectServer;
  const clientOf = (options: Partial<KonnectClientOptions> = {}) =>
    new KonnectClient({
      token: TOKEN,
      geo: 'us',
      clock,
      fetch,
      globalUrl: server.url,
      regionUrl: server.url,
      ...options,
    });

  beforeEach(async () => {
    const scaled = new ScaledClock(1000);
    konnect = new KonnectEmulator({ clock: scaled, token: TOKEN });
    server = await serve(konnect, scaled);
  });
  afterEach(async () => {
    await server.close();
    expect(konnect.contract.misses).toEqual([]);
  });

  it('creates and finds', async () => {
    expect((await ensureControlPlane(clientOf(), START.controlPlane)).outcome).toBe('created');
    expect((await ensureControlPlane(clientOf(), START.controlPlane)).outcome).toBe('reused');
  });

  it('survives closed connections, before and after the request had its effect', async () => {
    konnect.faults.add({ method: 'GET', effect: FAULT_EFFECTS.droppedBefore });
    konnect.faults.add({ method: 'POST', effect: FAULT_EFFECTS.droppedAfter });
    const retry = { attempts: 3, initialDelay: 1, maxDelay: 1, budget: 10 };
    expect((await ensureControlPlane(clientOf({ retry }), START.controlPlane)).outcome).toBe('created');
    expect(konnect.world.controlPlanes.size).toBe(1);
  });

  it('does not wait for an answer longer than its timeout', async () => {
    konnect.faults.add({ effect: { kind: 'slow', seconds: 1000 } });
    const retry = { attempts: 1, initialDelay: 1, maxDelay: 1, budget: 1 };
    const error = await thrownBy(readOrganization(clientOf({ timeout: 200, retry })));
    expect(String(error)).toContain('no answer within 0.2 s');
  });

  it('follows no redirect, which would forward the token', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: server.url }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const globalUrl = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}`;
    expect(String(await thrownBy(readOrganization(clientOf({ globalUrl }))))).toContain('answered 302');
    expect([seen.length, konnect.journal.length]).toEqual([1, 0]);
    elsewhere.closeAllConnections();
    await new Promise((resolve) => elsewhere.close(resolve));
  });
});
