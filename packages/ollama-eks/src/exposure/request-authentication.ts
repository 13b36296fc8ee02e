// https://istio.io/latest/docs/reference/config/security/request_authentication/
import { GATEWAY_NAME, GATEWAY_NAMESPACE } from '../workload/names';
import type { GatewayRule, RequestAuthentication } from './gateway-types';
import type { JwtOptions } from './jwt';

/**
 * Headers in which clients send their key, or here their token: those of OpenAI's and of Anthropic's SDKs. Claude Code sends that of
 * `apiKeyHelper` in both.
 */
const TOKEN_HEADERS = [{ name: 'authorization', prefix: 'Bearer ' }, { name: 'x-api-key' }];

/**
 * Makes the gateway verify tokens, and refuse invalid ones with 401, or with 403 if only the audience is wrong. It does not require
 * one: `callersWithToken` does, where it is needed. The server does not receive the token.
 */
export function requestAuthentication({ issuer, audiences, jwksUri }: JwtOptions): RequestAuthentication {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: GATEWAY_NAME, namespace: GATEWAY_NAMESPACE },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: GATEWAY_NAME }],
      jwtRules: [{ issuer, audiences, jwksUri, fromHeaders: TOKEN_HEADERS, forwardOriginalToken: false }],
    },
  };
}

/** Returns the part of a rule by which it admits only callers with a valid token: of the issuer, with any subject, and of a team. */
export function callersWithToken(
  ipBlocks: readonly string[],
  { issuer, team }: JwtOptions,
): Pick<GatewayRule, 'from' | 'when'> {
  return {
    from: [{ source: { ipBlocks, requestPrincipals: [`${issuer}/*`] } }],
    ...(team !== undefined && {
      when: [{ key: `request.auth.claims[${team.claim}]`, values: team.teams ?? ['*'] }],
    }),
  };
}
