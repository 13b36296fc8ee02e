/** Envoy's configuration for tokens of callers, as istiod translates it (pilot/pkg/security). */

const TYPE = 'type.googleapis.com/envoy.extensions';
/** Filter that verifies tokens, and the key under which it keeps their claims. */
const JWT_FILTER = 'envoy.filters.http.jwt_authn';
const PAYLOAD = 'payload';

/** A rule of the gateway's AuthorizationPolicy, as far as it is translated. */
export interface PolicyRule {
  readonly from: readonly { readonly source: { readonly requestPrincipals?: readonly string[] } }[];
  readonly to: readonly {
    readonly operation: { readonly methods: readonly string[]; readonly paths: readonly string[] };
  }[];
  readonly when?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** A RequestAuthentication, and the keys that istiod has fetched for it. */
export interface Authentication {
  readonly spec: {
    readonly jwtRules: readonly {
      readonly jwksUri?: string;
      readonly issuer: string;
      readonly audiences: readonly string[];
      readonly fromHeaders: readonly { readonly name: string; readonly prefix?: string }[];
      readonly forwardOriginalToken: boolean;
    }[];
  };
  readonly jwks: object;
}

/** Returns the filter that verifies tokens (pilot/pkg/security/authn): a token may be missing, but must not be invalid. */
export function tokenFilter({ spec, jwks }: Authentication): object {
  const providers = spec.jwtRules.map(({ issuer, audiences, fromHeaders, forwardOriginalToken }) => ({
    issuer,
    audiences,
    ...(forwardOriginalToken && { forward: true }),
    clearRouteCache: true, // routes may match claims
    payloadInMetadata: PAYLOAD,
    normalizePayloadInMetadata: { spaceDelimitedClaims: ['permission', 'scope'] },
    fromHeaders: fromHeaders.map(({ name, prefix }) => ({ name, valuePrefix: prefix })),
    localJwks: { inlineString: JSON.stringify(jwks) },
  }));
  const requirements = [{ providerName: 'origins-0' }, { allowMissing: {} }];
  return {
    name: JWT_FILTER,
    typedConfig: {
      '@type': `${TYPE}.filters.http.jwt_authn.v3.JwtAuthentication`,
      providers: Object.fromEntries(providers.map((provider, index) => [`origins-${index}`, provider])),
      rules: [{ match: { prefix: '/' }, requires: { requiresAny: { requirements } } }],
      bypassCorsPreflight: true,
    },
  };
}

/** Returns what a rule requires of a token (pilot/pkg/security/authz), apart from addresses: the tests run on loopback. */
export function principalsOf({ from, when = [] }: PolicyRule): readonly object[] {
  const claim = (name: string, value: object) => ({
    metadata: { filter: JWT_FILTER, path: [PAYLOAD, name].map((key) => ({ key })), value },
  });
  const matching = (value: string) => (value === '*' ? { safeRegex: { regex: '.+' } } : { exact: value });
  const callers = from.flatMap(({ source }) => source.requestPrincipals ?? []);
  const claims = when.map(({ key, values }) => {
    const matchers = values.map((one) => ({ stringMatch: matching(one) }));
    const value = matchers.length === 1 ? (matchers[0] ?? {}) : { orMatch: { valueMatchers: matchers } };
    const either = { orMatch: { valueMatchers: [{ listMatch: { oneOf: value } }, value] } };
    return claim(key.replace(/^request\.auth\.claims\[(.+)\]$/, '$1'), either);
  });
  const identities = callers.flatMap((caller) => {
    const end = caller.lastIndexOf('/');
    return [
      claim('iss', { stringMatch: matching(caller.slice(0, end)) }),
      claim('sub', { stringMatch: matching(caller.slice(end + 1)) }),
    ];
  });
  return [...identities, ...claims];
}
