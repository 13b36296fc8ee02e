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

/** Adds a plugin of somebody else's. */
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
])('passes what the library makes, %s', async (_, facts, options) => {
  entities = synced(kongConfig(facts, options));
  expect(await check('payload-logging')).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(/^\d+ plugins, none of which logs; post-function reads bodies and keeps none$/),
    evidence: { readingBodies: ['post-function'] },
  });
  expect(await check('kong-tls')).toMatchObject({ status: 'ok' });
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
  [
    'a line of a log has the body in it',
    () => add('http-log', LOG_LINE),
    'http-log reads bodies into what it sends on',
  ],
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
    `post-function reads bodies, and may keep them by ${outlet}`,
  ]),
])('fails where %s', async (_, happens, detail) => {
  happens();
  expect(await check('payload-logging')).toMatchObject({ status: 'fail', detail });
});

it('has taken out what keeps bodies, and not the guard', async () => {
  add('http-log', LOG_LINE);
  const found = await check('payload-logging');
  expect(found?.remedy).toContain('http-log');
  expect(JSON.stringify(found)).not.toContain('post-function');
});

it('says of a log without bodies where it goes, and of a plugin that is off nothing', async () => {
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
    detail: expect.stringContaining('udp-log send'),
  });
});

it('fails where nothing of ours is there: what is not there shows nothing', async () => {
  entities = {
    plugins: entities.plugins.map((plugin) => ({ ...plugin, tags: [] })),
    services: entities.services.map((service) => ({ ...service, tags: [] })),
  };
  expect(await check('payload-logging')).toMatchObject({
    status: 'fail',
    detail: 'no plugin has the tag ollama-eks-config',
  });
  expect(await check('kong-tls')).toMatchObject({ status: 'fail', detail: 'no service has the tag ollama-eks-config' });
});
