import {
  deckFiles,
  kongConfigFile,
  type DeckPlugin,
  type DeckState,
  type KongFacts,
  type KongOptions,
} from '@org/ollama-eks';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeContracts } from '../contracts/support/contract-files';
import { readState, renderTemplate } from './support/deck-template';
import { CERTIFICATE, ENVIRONMENT } from './support/environment';
import { pluginErrors, stateErrors } from './support/kong-schemas';

const LOG_ENDPOINT = 'http://kong-logs.example.internal:8080/';
const DECK = join(__dirname, '../../deck');

const FILES: [string, string][] = [
  ...Object.entries(deckFiles()),
  ['kong-config.yaml with admin routes', kongConfigFile({ requestTimeoutSeconds: 60, adminRoutes: true })],
  [
    'kong-config.yaml with other limits',
    kongConfigFile(
      { requestTimeoutSeconds: 3600, adminRoutes: false },
      { requestsPerMinute: 1, maxRequestMegabytes: 500 },
    ),
  ],
  [
    'kong-config.yaml with a collector of logs',
    kongConfigFile({ requestTimeoutSeconds: 60, adminRoutes: true }, { logEndpoint: LOG_ENDPOINT }),
  ],
];

it.each(Object.entries(deckFiles()))('%s is committed as npm run synth writes it', (name, content) => {
  expect(readFileSync(join(DECK, name), 'utf8')).toBe(content);
});

describeContracts('against the schemas of decK and Kong', () => {
  describe.each(FILES)('%s', (_, content) => {
    const state = readState(content, ENVIRONMENT) as DeckState;
    const plugins = (state.services ?? []).flatMap((service) => [
      ...service.plugins,
      ...service.routes.flatMap((route) => route.plugins ?? []),
    ]);

    it('is a state file of decK', () => {
      expect(stateErrors(state) ?? []).toEqual([]);
    });

    if (plugins.length > 0) {
      it(`has ${plugins.length} plugins without unknown keys and values`, () => {
        expect(plugins.flatMap((plugin) => pluginErrors(plugin) ?? [])).toEqual([]);
      });
    }
  });

  it('a misspelled key of a plugin, an invalid value, and a misspelled key of the file are reported', () => {
    const plugin = (name: string, config: object): DeckPlugin => ({ name, config: { ...config } });
    expect(pluginErrors(plugin('key-auth', { key_in_qery: false })) ?? ['absent']).toHaveLength(1);
    expect(pluginErrors(plugin('rate-limiting', { minute: 1, policy: 'global' })) ?? ['absent']).toHaveLength(1);
    expect(stateErrors({ _format_version: '3.0', servces: [] }) ?? ['absent']).toHaveLength(1);
  });
});

describe('rendered by decK', () => {
  const state = readState(deckFiles()['kong-config.yaml'], ENVIRONMENT) as DeckState;

  it('the certificate keeps its lines', () => {
    expect(state.ca_certificates?.[0]?.cert).toBe(CERTIFICATE);
  });

  it('services refer to a certificate and an upstream that exist', () => {
    for (const service of state.services ?? []) {
      expect(service.ca_certificates).toEqual(state.ca_certificates?.map(({ id }) => id));
      expect(state.upstreams?.map(({ name }) => name)).toContain(service.host);
    }
  });

  it('the upstream is the load balancer, with the hostname of the certificate', () => {
    expect(state.upstreams).toEqual([
      {
        name: 'ollama-gateway',
        host_header: ENVIRONMENT.DECK_OLLAMA_GATEWAY_HOSTNAME,
        targets: [{ target: `${ENVIRONMENT.DECK_OLLAMA_UPSTREAM_HOST}:443` }],
      },
    ]);
  });

  it('a key that consists of digits stays text', () => {
    const { consumers } = readState(deckFiles()['kong-consumers.example.yaml'], ENVIRONMENT) as DeckState;
    expect(consumers?.map(({ keyauth_credentials: [credential] }) => credential?.key)).toEqual([
      ENVIRONMENT.DECK_KEY_TEAM_ALPHA,
      ENVIRONMENT.DECK_KEY_PLATFORM_ADMIN,
    ]);
  });

  it('rendering fails without the variables', () => {
    expect(() => renderTemplate(deckFiles()['kong-config.yaml'], {})).toThrow('is not set');
  });
});

it('names of services, routes and upstreams are unique, and decK can identify everything by name', () => {
  const state = readState(kongConfigFile({ requestTimeoutSeconds: 60, adminRoutes: true }), ENVIRONMENT) as DeckState;
  const services = state.services ?? [];
  for (const names of [services, services.flatMap(({ routes }) => routes), state.upstreams ?? []]) {
    const known = names.map(({ name }) => name);
    expect(new Set(known).size).toBe(known.length);
  }
});

it.each<[string, KongFacts, KongOptions]>([
  ['cluster.requestTimeoutSeconds', { requestTimeoutSeconds: 3601, adminRoutes: false }, {}],
  ['requestsPerMinute', { requestTimeoutSeconds: 900, adminRoutes: false }, { requestsPerMinute: 0 }],
  ['maxRequestMegabytes', { requestTimeoutSeconds: 900, adminRoutes: false }, { maxRequestMegabytes: 1.5 }],
  ...[
    'logs.example.com',
    'ftp://logs.example.com',
    'https://u:p@logs.example.com',
    'https://logs.example.com/?key=k',
    'https://${{ env "DECK_X" }}/',
    '${TfToken[1]}',
  ].map((logEndpoint): [string, KongFacts, KongOptions] => [
    'logEndpoint',
    { requestTimeoutSeconds: 900, adminRoutes: false },
    { logEndpoint },
  ]),
])('refuses an invalid %s', (property, facts, options) => {
  expect(() => deckFiles(facts, options)).toThrow(property);
});
