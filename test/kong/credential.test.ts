/** One credential reaches key-auth, however the client sends it, and none reaches the server. */
import { kongConfig, type DeckPlugin } from '@org/ollama-eks';
import fc from 'fast-check';
import { throughAccessPhase, type Headers, type KeyAuthConfig } from './support/kong-access';

const CREDENTIAL_HEADERS = ['apikey', 'x-api-key', 'x_api_key', 'x_api-key', 'x-api_key', 'authorization'];
const KEY = 'k-1234567890abcdef1234567890abcdef';

const services = kongConfig({ requestTimeoutSeconds: 900, adminRoutes: true }).services ?? [];
const guarded = services.filter(({ name }) => name !== 'ollama-health');

describe.each(guarded.map((service) => [service.name, service.plugins] as const))('before %s', (_, plugins) => {
  const pass = passage(plugins);

  it.each<[string, Headers]>([
    ['apikey', [['apikey', KEY]]],
    ['x-api-key', [['X-Api-Key', KEY]]],
    ['x_api_key, which NGINX reads as x-api-key', [['X_Api_Key', KEY]]],
    ['x_api-key', [['X_Api-Key', KEY]]],
    ['x-api_key', [['x-api_key', KEY]]],
    [
      'x-api-key, and a copy of it with underscores',
      [
        ['x-api-key', KEY],
        ['x_api_key', KEY],
      ],
    ],
    ['a bearer token', [['Authorization', `Bearer ${KEY}`]]],
    ['a lowercase bearer', [['authorization', `bearer ${KEY}`]]],
    ['an uppercase bearer with spaces', [['Authorization', `BEARER   ${KEY} `]]],
    [
      'the same key twice, as an API key helper sends it',
      [
        ['x-api-key', KEY],
        ['Authorization', `Bearer ${KEY}`],
      ],
    ],
    [
      'two keys: apikey wins',
      [
        ['x-api-key', 'other'],
        ['apikey', KEY],
      ],
    ],
    [
      'two keys: x-api-key wins over a bearer',
      [
        ['Authorization', 'Bearer other'],
        ['x-api-key', KEY],
      ],
    ],
    [
      'an empty apikey and a bearer',
      [
        ['apikey', ''],
        ['Authorization', `Bearer ${KEY}`],
      ],
    ],
    [
      'an empty x-api-key and a bearer',
      [
        ['x-api-key', ''],
        ['Authorization', `Bearer ${KEY}`],
      ],
    ],
    [
      'the header twice: the first wins',
      [
        ['apikey', KEY],
        ['apikey', 'other'],
      ],
    ],
    [
      'the bearer twice: the first wins',
      [
        ['Authorization', `Bearer ${KEY}`],
        ['Authorization', 'Bearer other'],
      ],
    ],
  ])('%s', (_, headers) => {
    expect(pass([...headers, ['Content-Type', 'application/json']])).toEqual({
      credential: KEY,
      upstream: [['Content-Type', 'application/json']],
    });
  });

  it.each<[string, Headers]>([
    ['none', []],
    [
      'empty ones',
      [
        ['apikey', ''],
        ['x-api-key', ''],
        ['Authorization', ''],
      ],
    ],
    ['a bearer without a token', [['Authorization', 'Bearer ']]],
    ['a bearer of two words', [['Authorization', 'Bearer one two']]],
    ['another scheme', [['Authorization', 'Basic dXNlcjpwYXNz']]],
    ['a key without a scheme', [['Authorization', KEY]]],
  ])('is refused with %s', (_, headers) => {
    expect(pass(headers)).toEqual({ credential: undefined, upstream: [] });
  });

  it('keeps the other headers of Anthropic and OpenAI clients', () => {
    const beside: Headers = [
      ['anthropic-version', '2023-06-01'],
      ['anthropic-beta', 'fine-grained-tool-streaming-2025-05-14'],
      ['X-Claude-Code-Session-Id', '7b8c'],
      ['User-Agent', 'OpenAI/Python 1.99'],
    ];
    expect(pass([...beside, ['x-api-key', KEY]]).upstream).toEqual(beside);
  });

  it('never passes a credential on, whatever is sent', () => {
    const name = fc.constantFrom('apikey', 'APIKEY', 'X-Api-Key', 'x-api-key', 'X_Api_Key', 'Authorization', 'accept');
    const value = fc.oneof(
      fc.constantFrom('', KEY, `Bearer ${KEY}`, 'Bearer', 'bearer  x', 'Basic eA=='),
      fc.stringMatching(/^[\x20-\x7e]{0,20}$/),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (headers) => {
        const { upstream } = pass(headers);
        expect(upstream.filter(([sent]) => CREDENTIAL_HEADERS.includes(sent.toLowerCase()))).toEqual([]);
      }),
      { seed: 5, numRuns: 40 },
    );
  });
});

it('health needs no key, and passes none on', () => {
  const health = services.find(({ name }) => name === 'ollama-health');
  expect(health?.plugins.map(({ name }) => name)).not.toContain('key-auth');
  const transformer = plugin(health?.plugins ?? [], 'request-transformer').config;
  expect(transformer).toEqual({ remove: { headers: CREDENTIAL_HEADERS } });
});

function passage(plugins: readonly DeckPlugin[]) {
  const [code] = plugin(plugins, 'pre-function').config['access'] as readonly string[];
  const keyAuth = plugin(plugins, 'key-auth').config as unknown as KeyAuthConfig;
  return (headers: Headers) => throughAccessPhase(code ?? '', keyAuth, headers);
}

function plugin(plugins: readonly DeckPlugin[], name: string): DeckPlugin {
  const found = plugins.filter((candidate) => candidate.name === name);
  expect(found).toHaveLength(1);
  return found[0] as DeckPlugin;
}
