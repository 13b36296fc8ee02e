import { InternalExposure, type JwtOptions, type Manifest } from '@org/ollama-eks';
import { TerraformStack, Testing } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TlsProvider } from '@cdktf/provider-tls/lib/provider';
import { CLUSTER } from '../../kong/support/exposures';
import { type GatewayObjects, readGateway } from './gateway-config';
import type { Authentication } from './gateway-tokens';

/** Returns the objects of a gateway whose policies are those of an exposure with tokens. @param jwks Keys of the issuer, as istiod has fetched them. */
export function gatewayWithTokens(jwt: JwtOptions, jwks: object): GatewayObjects {
  const stack = new TerraformStack(Testing.app(), 'infra');
  new AwsProvider(stack, 'aws', { region: 'us-west-2' });
  new TlsProvider(stack, 'tls');
  const { applications } = new InternalExposure(stack, 'vpn', { cluster: CLUSTER, callerCidrs: ['10.8.0.0/24'], jwt });
  const manifests = applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
  const find = (wanted: string) => manifests.find(({ kind }) => kind === wanted) as Manifest;
  return {
    ...readGateway('g5-xlarge'),
    policy: find('AuthorizationPolicy') as unknown as GatewayObjects['policy'],
    authentication: { ...(find('RequestAuthentication') as unknown as Omit<Authentication, 'jwks'>), jwks },
  };
}
