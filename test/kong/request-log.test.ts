/** What Kong sends to a collector of logs: no header, no query, no body. */
import { kongConfig, type DeckPlugin } from '@org/ollama-eks';
import { LuaProgram } from './support/lua';

const SENTINEL = 'sentinel-3f9b2c';
const ENDPOINT = 'http://kong-logs.example.internal:8080/';
const FACTS = { requestTimeoutSeconds: 900, adminRoutes: true };
const services = kongConfig(FACTS, { logEndpoint: ENDPOINT }).services ?? [];
const logOf = (plugins: readonly DeckPlugin[]) => plugins.filter(({ name }) => name === 'http-log');

test('every request of a team is logged, the health of the gateway is not, and without an endpoint nothing is', () => {
  expect(services.map(({ name, plugins }) => [name, logOf(plugins).length])).toEqual([
    ['ollama', 1],
    ['ollama-health', 0],
    ['ollama-admin', 1],
  ]);
  expect(JSON.stringify(kongConfig(FACTS))).not.toContain('http-log');
});

/** An entry as Kong's serializer makes it, with a sentinel wherever a client or a server could put a secret. */
const ENTRY: Readonly<Record<string, unknown>> = {
  request: {
    id: 'f2a1',
    method: 'POST',
    url: `https://kong.example.com/v1/chat/completions?key=${SENTINEL}`,
    uri: `/v1/chat/completions?key=${SENTINEL}`,
    querystring: { key: SENTINEL },
    headers: { authorization: 'REDACTED', 'x-api-key': SENTINEL, apikey: SENTINEL, cookie: SENTINEL },
    size: 100,
  },
  response: { status: 200, headers: { 'set-cookie': SENTINEL }, size: 1000 },
  upstream_uri: `/v1/chat/completions?key=${SENTINEL}`,
  latencies: { request: 515, kong: 1, proxy: 514 },
  consumer: { id: '1', username: 'team-alpha' },
  client_ip: '203.0.113.7',
  started_at: 1_790_000_000_000,
  tries: [{ ip: '10.0.0.5', port: 443, balancer_latency: 0 }],
  route: { name: 'ollama-inference-post' },
  service: { name: 'ollama', ca_certificates: ['6f6c'] },
};

test('an entry has no header and no query, but says who asked for what, and what the answer was', () => {
  const [plugin] = logOf(services[0]?.plugins ?? []);
  const { custom_fields_by_lua: fields, ...rest } = plugin?.config as {
    readonly custom_fields_by_lua: Readonly<Record<string, string>>;
  };
  expect(rest).toEqual({ http_endpoint: ENDPOINT, method: 'POST', content_type: 'application/json' });
  const entry: Record<string, unknown> = { ...ENTRY };
  for (const [field, code] of Object.entries(fields)) {
    const value = evaluate(code);
    if (value === 'nil') Reflect.deleteProperty(entry, field);
    else entry[field] = value;
  }
  expect(JSON.stringify(ENTRY)).toContain(SENTINEL);
  expect(JSON.stringify(entry)).not.toContain(SENTINEL);
  expect(entry).toMatchObject({
    method: 'POST',
    path: '/v1/chat/completions',
    status: '200',
    consumer: { username: 'team-alpha' },
    client_ip: '203.0.113.7',
  });
  expect(entry).not.toHaveProperty('service');
});

/** Runs the Lua of a field with the PDK that it uses. */
function evaluate(code: string): string {
  return new LuaProgram(`
    kong = {
      request = {
        get_method = function() return "POST" end,
        get_path = function() return "/v1/chat/completions" end,
      },
      response = { get_status = function() return 200 end },
    }
    return tostring((function() ${code} end)())
  `).run();
}
