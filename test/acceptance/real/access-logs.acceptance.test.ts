/** What a real Envoy logs with the fields of the mesh: no key, no query, no prompt and no answer. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_LOG_FIELDS } from '../../../packages/ollama-eks/src/mesh/access-logs';
import { until } from '../../support/until';
import { suite, workDir } from '../support';
import { envoyAccessLog } from '../support/access-log';
import { type Envoy, startEnvoy } from '../support/envoy';

/** In everything that a request and its answer have, so that no part of them is logged unnoticed. */
const SENTINEL = 'sentinel-3f9b2c';

suite('access logs of a real Envoy', ['envoy'], () => {
  const dir = workDir();
  const log = join(dir, 'access.log');
  let envoy: Envoy;

  beforeAll(async () => {
    envoy = await startEnvoy(envoyConfig(log), dir);
  });

  afterAll(async () => {
    await envoy.stop();
  });

  test('have no key, no query, no prompt and no answer', async () => {
    const response = await fetch(
      `http://127.0.0.1:${String(envoy.ports.get('logged'))}/v1/chat/completions?key=${SENTINEL}`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${SENTINEL}`,
          apikey: SENTINEL,
          'x-api-key': SENTINEL,
          cookie: `session=${SENTINEL}`,
          'x-claude-code-session-id': SENTINEL,
          'user-agent': 'agent/1.0',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ messages: [{ role: 'user', content: SENTINEL }] }),
      },
    );
    expect(await response.text()).toContain(SENTINEL);
    await until('logged', () => existsSync(log) && readFileSync(log, 'utf8') !== '');
    const line = readFileSync(log, 'utf8');
    expect(line).not.toContain(SENTINEL);
    expect(JSON.parse(line)).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      user_agent: 'agent/1.0',
      response_code: 200,
    });
    expect(Object.keys(JSON.parse(line) as object).sort()).toEqual(Object.keys(ACCESS_LOG_FIELDS).sort());
  });
});

/** Each answer holds the sentinel, too. */
function envoyConfig(log: string): object {
  const type = (name: string) => `type.googleapis.com/${name}`;
  const manager = {
    '@type': type('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
    stat_prefix: 'logged',
    access_log: [envoyAccessLog(log)],
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': type('envoy.extensions.filters.http.router.v3.Router') },
      },
    ],
    route_config: {
      virtual_hosts: [
        {
          name: 'all',
          domains: ['*'],
          routes: [
            {
              match: { prefix: '/' },
              direct_response: { status: 200, body: { inline_string: SENTINEL } },
              response_headers_to_add: [{ header: { key: 'set-cookie', value: SENTINEL } }],
            },
          ],
        },
      ],
    },
  };
  return {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } },
    static_resources: {
      listeners: [
        {
          name: 'logged',
          address: { socket_address: { address: '127.0.0.1', port_value: 0 } },
          filter_chains: [
            { filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] },
          ],
        },
      ],
    },
  };
}
