/** Who reaches the models with `jwt`: the real Envoy, with the policies of an exposure as istiod translates them. */
import type { JwtOptions } from '@org/ollama-eks';
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { suite, workDir } from '../support';
import { type GatewayProxy, startGatewayProxy } from '../support/gateway-proxy';
import { gatewayWithTokens } from '../support/gateway-with-tokens';
import { LoopbackServer } from '../support/loopback-server';

const ISSUER = 'https://login.example.com/';
const JWT: JwtOptions = {
  issuer: ISSUER,
  audiences: ['ollama', 'api://ollama'],
  jwksUri: 'https://login.example.com/keys',
};
const KEY_ID = 'key-1';

/** The issuer, and somebody else with another key. */
const [issuer, stranger] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 })) as [
  { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  { readonly privateKey: KeyObject },
];
const JWKS = { keys: [{ ...issuer.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;
const CLAIMS = { iss: ISSUER, sub: 'alice', aud: 'ollama', exp: seconds(3600), groups: ['ml'] };

/** Returns a token with other claims than the valid ones; undefined removes a claim. */
function token(claims: Readonly<Record<string, unknown>> = {}, key = issuer.privateKey, header: object = {}): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: KEY_ID, ...header })}.${encode({ ...CLAIMS, ...claims })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
const unsigned = (value: string) => `${value.split('.').slice(0, 2).join('.')}.`;

const LISTENERS = {
  any: JWT,
  named: { ...JWT, team: { claim: 'groups' } },
  team: { ...JWT, team: { claim: 'groups', teams: ['ml', 'search'] } },
};

suite('Envoy with tokens of an identity provider', ['envoy'], () => {
  const folder = workDir();
  const server = new LoopbackServer();
  let gateway: GatewayProxy;
  let received: Readonly<Record<string, unknown>>[] = [];

  beforeAll(async () => {
    server.respond = ({ headers }, response) => {
      received.push(headers);
      response.end();
    };
    await server.start();
    const gateways = Object.fromEntries(
      Object.entries(LISTENERS).map(([name, jwt]) => [name, gatewayWithTokens(jwt, JWKS)]),
    );
    gateway = await startGatewayProxy(gateways, [server.port], folder);
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });
  beforeEach(() => (received = []));

  const statusOf = async (listener: keyof typeof LISTENERS, headers: Record<string, string>, path?: string) =>
    (await gateway.ask(listener, { headers, path })).status;

  test.each([
    ['as a bearer token', bearer(token())],
    ['as the key of Anthropic’s SDK', { 'x-api-key': token() }],
    ['in both headers, as Claude Code sends it', { ...bearer(token()), 'x-api-key': token() }],
    ['for one of several audiences', bearer(token({ aud: ['other', 'api://ollama'] }))],
  ])('a valid token is admitted %s, and does not reach the server', async (_, headers) => {
    expect(await statusOf('any', headers)).toBe(200);
    expect(received).toHaveLength(1);
    expect(JSON.stringify(received)).not.toContain('eyJ');
  });

  test.each<[string, Record<string, string>, number]>([
    ['no token', {}, 403],
    ['a key that is no token', bearer('sk-ollama'), 401],
    ['an expired token', bearer(token({ exp: seconds(-3600) })), 401],
    ['a token for later', bearer(token({ nbf: seconds(3600) })), 401],
    ['another audience', bearer(token({ aud: 'payroll' })), 403],
    ['no audience', bearer(token({ aud: undefined })), 403],
    ['another issuer', bearer(token({ iss: 'https://login.example.org/' })), 401],
    ['another key', bearer(token({}, stranger.privateKey)), 401],
    ['a key that the issuer does not have', bearer(token({}, stranger.privateKey, { kid: 'key-2' })), 401],
    ['no signature', bearer(unsigned(token({}, issuer.privateKey, { alg: 'none' }))), 401],
    ['no subject', bearer(token({ sub: undefined })), 403],
    ['a token without its scheme', { authorization: token() }, 403],
    ['a valid token next to an invalid one', { ...bearer(token()), 'x-api-key': token({}, stranger.privateKey) }, 401],
  ])('%s is refused, and nothing reaches the server', async (_, headers, status) => {
    expect(await statusOf('any', headers)).toBe(status);
    expect(received).toEqual([]);
  });

  test.each<[keyof typeof LISTENERS, string, unknown, number]>([
    ['named', 'any team', ['sales'], 200],
    ['named', 'a team as text', 'sales', 200],
    ['named', 'no team', undefined, 403],
    ['named', 'an empty list', [], 403],
    ['team', 'one of the teams', ['sales', 'search'], 200],
    ['team', 'the team as text', 'ml', 200],
    ['team', 'another team', ['sales'], 403],
    ['team', 'a team whose name begins alike', ['ml-admins'], 403],
    ['team', 'no team', undefined, 403],
  ])('the listener %s answers a token with %s', async (listener, _, groups, status) => {
    expect(await statusOf(listener, bearer(token({ groups })))).toBe(status);
  });

  test('health needs no token', async () => {
    expect((await gateway.ask('team', { method: 'GET', path: '/healthz' })).status).toBe(200);
    expect((await gateway.ask('team', { method: 'GET', path: '/v1/models' })).status).toBe(403);
  });
});
