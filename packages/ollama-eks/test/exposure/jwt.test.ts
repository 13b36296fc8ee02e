import type { GatewayAuthorizationPolicy, RequestAuthentication } from '../../src/exposure/gateway-types';
import { InternalExposure, type InternalExposureProps } from '../../src/exposure/internal-exposure';
import type { JwtOptions } from '../../src/exposure/jwt';
import { Token } from '../../src/framework';
import type { Manifest } from '../../src/gitops/application';
import { refusal } from '../refusal';
import { clusterOf, exposureStack } from './support/exposed-stack';

const JWT: JwtOptions = {
  issuer: 'https://login.example.com/',
  audiences: ['ollama', 'api://ollama'],
  jwksUri: 'https://login.example.com/.well-known/jwks.json',
};

function manifestsWith(props: Partial<InternalExposureProps>): readonly Manifest[] {
  const { applications } = new InternalExposure(exposureStack(), 'vpn', {
    cluster: clusterOf(),
    callerCidrs: ['10.200.0.0/16'],
    ...props,
  });
  return applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
}
const find = <T extends Manifest>(manifests: readonly Manifest[], kind: string) =>
  manifests.find((manifest) => manifest.kind === kind) as T | undefined;
const rulesWith = (jwt?: JwtOptions) =>
  find<GatewayAuthorizationPolicy>(manifestsWith({ jwt }), 'AuthorizationPolicy')?.spec.rules ?? [];
const pathsOf = ({ to }: ReturnType<typeof rulesWith>[number]) => to.flatMap(({ operation }) => operation.paths);

describe('tokens', () => {
  const manifests = manifestsWith({ jwt: JWT });

  test('are verified by the gateway, in the headers of every client, and not sent to the server', () => {
    expect(find<RequestAuthentication>(manifests, 'RequestAuthentication')).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'ollama-gateway', namespace: 'istio-ingress' },
      spec: {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'ollama-gateway' }],
        jwtRules: [
          {
            ...JWT,
            fromHeaders: [{ name: 'authorization', prefix: 'Bearer ' }, { name: 'x-api-key' }],
            forwardOriginalToken: false,
          },
        ],
      },
    });
  });

  test('are required for everything but health, from the same ranges', () => {
    const [models, health, ...others] = rulesWith(JWT);
    expect(others).toEqual([]);
    expect(models?.from).toEqual([
      { source: { ipBlocks: ['10.200.0.0/16'], requestPrincipals: ['https://login.example.com//*'] } },
    ]);
    expect(models).not.toHaveProperty('when');
    expect(health).toEqual({
      from: [{ source: { ipBlocks: ['10.200.0.0/16'] } }],
      to: [{ operation: { methods: ['GET', 'HEAD'], paths: ['/healthz'] } }],
    });
    const [all] = rulesWith();
    expect([...(models === undefined ? [] : pathsOf(models)), '/healthz']).toEqual(all && pathsOf(all));
  });

  test.each([
    [undefined, ['*']],
    [
      ['ml', 'Search & Ads'],
      ['ml', 'Search & Ads'],
    ],
  ])('name a team, of %j', (teams, values) => {
    const [models] = rulesWith({ ...JWT, team: { claim: 'https://example.com/team', teams } });
    expect(models?.when).toEqual([{ key: 'request.auth.claims[https://example.com/team]', values }]);
  });

  test('are required for admin routes, too', () => {
    const policy = find<GatewayAuthorizationPolicy>(
      manifestsWith({ jwt: JWT, adminHostname: 'admin.ollama.internal' }),
      'AuthorizationPolicy',
    );
    const open = policy?.spec.rules.filter(({ from }) => from[0]?.source.requestPrincipals === undefined) ?? [];
    expect(open.flatMap(pathsOf)).toEqual(['/healthz']);
  });
});

test('without tokens, nothing verifies them', () => {
  expect(find(manifestsWith({}), 'RequestAuthentication')).toBeUndefined();
  expect(rulesWith()).toHaveLength(1);
});

test.each<[string, Partial<JwtOptions>, string, string]>([
  ['no issuer', { issuer: undefined }, 'jwt.issuer', 'is required'],
  ['an issuer known only at apply', { issuer: Token.asString({ resolve: () => '' }) }, 'jwt.issuer', 'only at apply'],
  ['a pattern as the issuer', { issuer: 'https://*.example.com' }, 'jwt.issuer', 'has the wrong form'],
  ['an empty issuer', { issuer: '' }, 'jwt.issuer', 'has the wrong form'],
  ['tokens for any service', { audiences: [] }, 'jwt.audiences', 'is empty'],
  ['an empty audience', { audiences: ['ollama', ''] }, 'jwt.audiences[1]', 'has the wrong form'],
  ['an audience as text', { audiences: 'ollama' as never }, 'jwt.audiences', 'has the wrong type'],
  ['keys over http', { jwksUri: 'http://login.example.com/keys' }, 'jwt.jwksUri', 'has the wrong form'],
  [
    'a password in the URL',
    { jwksUri: 'https://me:secret@login.example.com/keys' },
    'jwt.jwksUri',
    'contains credentials',
  ],
  ['a control character in the issuer', { issuer: 'https://login.example.com\0' }, 'jwt.issuer', 'has the wrong form'],
  ['a port instead of a host', { jwksUri: 'https://:443/keys' }, 'jwt.jwksUri', 'has the wrong form'],
  [
    'a space at the end of a team',
    { team: { claim: 'groups', teams: ['ml '] } },
    'jwt.team.teams[0]',
    'has the wrong form',
  ],
  ['no host', { jwksUri: 'https:///keys' }, 'jwt.jwksUri', 'has the wrong form'],
  ['a claim as team', { team: 'groups' as never }, 'jwt.team', 'has the wrong type'],
  ['a claim with brackets', { team: { claim: 'realm[roles]' } }, 'jwt.team.claim', 'has the wrong form'],
  ['no team', { team: { claim: 'groups', teams: [] } }, 'jwt.team.teams', 'is empty'],
  ['every team', { team: { claim: 'groups', teams: ['*'] } }, 'jwt.team.teams[0]', 'has the wrong form'],
  [
    'teams by their beginning',
    { team: { claim: 'groups', teams: ['ml', 'ml-*'] } },
    'jwt.team.teams[1]',
    'has the wrong form',
  ],
  ['what Istio also has', { jwks: '{}' } as never, 'jwt.jwks', 'is not a known property'],
])('refuses %s', (_, change, property, problem) => {
  const refused = refusal(() => manifestsWith({ jwt: { ...JWT, ...change } }));
  expect(refused).toMatchObject({ property });
  expect(refused.problem).toContain(problem);
});

test('no error repeats a password of a URL', () => {
  const jwt = { ...JWT, jwksUri: 'https://me:secret@login.example.com/keys' };
  expect(refusal(() => manifestsWith({ jwt })).problem).not.toContain('secret');
});
