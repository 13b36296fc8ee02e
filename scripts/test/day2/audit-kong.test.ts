import { kongConfig, type DeckPlugin } from '@org/ollama-eks';
import { kongPluginChecks } from '../../src/audit/kong-plugin-checks';
import type { Outcome } from '../../src/checks/findings';
import { synced, type Entities } from './synced-kong';

let entities: Entities;

beforeEach(() => {
  entities = synced(kongConfig({ requestTimeoutSeconds: 900, adminRoutes: false }));
});

async function check(id: string): Promise<Outcome | undefined> {
  const checks = kongPluginChecks(
    () => Promise.resolve(entities.plugins),
    () => Promise.resolve(entities.services),
  );
  return checks.find((candidate) => candidate.id === id)?.run();
}

/** Adds a plugin that is not ours. */
const add = (name: string, config: DeckPlugin['config']) => entities.plugins.push({ id: 'theirs', name, config });

/** Adds a line to the guard, which has the body in `body`. */
const guardAlso = (code: string) => {
  entities.plugins = entities.plugins.map((plugin) =>
    plugin.name === 'post-function'
      ? { ...plugin, config: { access: [`${(plugin.config['access'] as readonly string[]).join('\n')}\n${code}`] } }
      : plugin,
  );
};

it.each([
  ['as it is', { requestTimeoutSeconds: 900, adminRoutes: false }, {}],
  [
    'with admin routes and other limits',
    { requestTimeoutSeconds: 60, adminRoutes: true },
    { maxRequestMegabytes: 500 },
  ],
])('passes what the library creates, %s', async (_, facts, options) => {
  entities = synced(kongConfig(facts, options));
  expect(await check('payload-logging')).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(/^\d+ plugins, without logging; post-function reads bodies without keeping them$/),
    evidence: { readingBodies: ['post-function'] },
  });
  expect(await check('kong-tls')).toMatchObject({ status: 'ok' });
});

it('fails for a plugin that reads whole answers, even one of our own file, to which a user may add it', async () => {
  const [own] = entities.plugins;
  entities.plugins.push({ id: 'added', name: 'proxy-cache', config: {}, tags: own?.tags ?? [] });
  expect(await check('streaming')).toMatchObject({
    status: 'fail',
    detail: 'plugin proxy-cache (added) reads whole answers to store them',
  });
});

it('fails for a plugin that reads whole answers, which the library never creates', async () => {
  expect(await check('streaming')).toMatchObject({ status: 'ok' });
  add('proxy-cache', { strategy: 'memory' });
  expect(await check('streaming')).toMatchObject({
    status: 'fail',
    detail: 'plugin proxy-cache (theirs) reads whole answers to store them',
  });
});

const LOG_LINE = { custom_fields_by_lua: { prompt: 'return kong.request.get_raw_body()' } };

it.each<[string, () => unknown, string]>([
  [
    'an AI plugin logs payloads',
    () => add('ai-proxy', { logging: { log_payloads: true } }),
    'ai-proxy has log_payloads on',
  ],
  [
    'a plugin copies requests to Kafka',
    () => add('kafka-upstream', { forward_body: true }),
    'kafka-upstream has forward_body on',
  ],
  ['a log contains bodies', () => add('http-log', LOG_LINE), 'http-log reads bodies and sends them on'],
  ...[
    ['the guard logs what it reads', 'kong.log.notice(body)', 'kong.log.notice'],
    ['the guard hands it to other plugins', 'kong.ctx.shared.body = body', 'kong.ctx.shared.body'],
    ['the guard prints it', 'pcall(print, body)', 'print'],
    ['the guard sends it away', 'local socket = ngx.socket.tcp()', 'ngx.socket.tcp'],
    [
      'the guard puts it into a header',
      'kong.service.request.set_header("x", body)',
      'kong.service.request.set_header',
    ],
    ['the guard hides what it does', 'local k = kong\nk.log.err(body)', 'kong'],
  ].map(([fault = '', code = '', outlet = '']): [string, () => unknown, string] => [
    fault,
    () => guardAlso(code),
    `post-function reads bodies and may keep them through ${outlet}`,
  ]),
])('fails if %s', async (_, happens, detail) => {
  happens();
  expect(await check('payload-logging')).toMatchObject({ status: 'fail', detail });
});

it('asks to remove what keeps bodies, but not the guard', async () => {
  add('http-log', LOG_LINE);
  const found = await check('payload-logging');
  expect(found?.remedy).toContain('http-log');
  expect(JSON.stringify(found)).not.toContain('post-function');
});

it('warns about a log without bodies, and ignores a plugin that is off', async () => {
  entities.plugins.push({
    id: 'off',
    name: 'http-log',
    config: LOG_LINE,
    enabled: false,
  } as (typeof entities.plugins)[0]);
  expect(await check('payload-logging')).toMatchObject({ status: 'ok' });
  add('udp-log', {});
  expect(await check('payload-logging')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('send metadata of requests to another system: udp-log'),
  });
});

it('fails if none of our objects exist', async () => {
  entities = {
    ...entities,
    plugins: entities.plugins.map((plugin) => ({ ...plugin, tags: [] })),
    services: entities.services.map((service) => ({ ...service, tags: [] })),
  };
  expect(await check('payload-logging')).toMatchObject({
    status: 'fail',
    detail: 'no plugin has the tag ollama-eks-config',
  });
  expect(await check('kong-tls')).toMatchObject({ status: 'fail', detail: 'no service has the tag ollama-eks-config' });
});
