/** What a real Envoy logs with the fields of the mesh: no key, no query, no prompt and no answer. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ACCESS_LOG_FIELDS } from '../../../packages/ollama-eks/src/mesh/access-logs';
import { suite, tool, workDir } from '../support';
import { envoyAccessLog } from '../support/access-log';

/** In everything that a request and its answer have, so that no part of them is logged unnoticed. */
const SENTINEL = 'sentinel-3f9b2c';

suite('access logs of a real Envoy', ['envoy'], () => {
  const dir = workDir();
  const log = join(dir, 'access.log');
  let envoy: ChildProcess;
  let port = '';

  beforeAll(async () => {
    const config = join(dir, 'envoy.json');
    const admin = join(dir, 'admin');
    writeFileSync(config, JSON.stringify(envoyConfig(log)));
    const args = ['-c', config, '--admin-address-path', admin, '--disable-hot-restart', '-l', 'error'];
    envoy = spawn(tool('envoy'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
    while (port === '') {
      if (envoy.exitCode !== null) throw new Error('Envoy ended before it was ready');
      await pause(50);
      const url = existsSync(admin) ? readFileSync(admin, 'utf8').trim() : '';
      if (url === '') continue;
      const listeners = await (await fetch(`http://${url}/listeners`)).text();
      port = /^logged::.*:(\d+)$/m.exec(listeners)?.[1] ?? '';
    }
  });

  afterAll(async () => {
    const ended = once(envoy, 'exit');
    envoy.kill('SIGKILL');
    await ended;
  });

  test('have no key, no query, no prompt and no answer', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions?key=${SENTINEL}`, {
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
    });
    expect(await response.text()).toContain(SENTINEL);
    while (!existsSync(log) || readFileSync(log, 'utf8') === '') await pause(50);
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
