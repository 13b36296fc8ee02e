import type { IOllamaGpuCluster } from '../../../src/cluster/cluster-ref';
import type { INetwork } from '../../../src/cluster/network/network-ref';
import { KongTransitExposure, type KongTransitExposureProps } from '../../../src/exposure/kong-transit-exposure';
import { TerraformStack, Testing } from '../../../src/framework';
import { aws } from '../../../src/providers/aws';
import { tls } from '../../../src/providers/tls';
import { Template } from '../../../src/testing';

/** An existing network with three zones. */
export const NETWORK: INetwork = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  vpcCidr: '10.0.0.0/16',
  zoneCount: 3,
  privateSubnetIds: ['subnet-private-a', 'subnet-private-b', 'subnet-private-c'],
  transitSubnetIds: ['subnet-transit-a', 'subnet-transit-b', 'subnet-transit-c'],
  privateRouteTableIds: ['rtb-a', 'rtb-b', 'rtb-c'],
  egress: [],
};

/** A cluster as the exposure sees one. */
export function clusterOf(overrides: Partial<IOllamaGpuCluster> = {}): IOllamaGpuCluster {
  return {
    clusterName: 'ollama',
    region: 'us-west-2',
    kubernetesVersion: '1.35',
    network: NETWORK,
    serviceCidr: '172.20.0.0/16',
    clusterSecurityGroupId: 'sg-cluster',
    pools: [{ name: 'gpu', replicas: 1, parallel: 2 }],
    requestTimeoutSeconds: 900,
    maxWaiting: 8,
    ready: [],
    tags: { 'ollama-eks/cluster': 'ollama' },
    ...overrides,
  };
}

/** Creates a stack with the providers that an exposure needs, in an app with this context. */
export function exposureStack(context: Readonly<Record<string, unknown>> = {}): TerraformStack {
  const stack = new TerraformStack(Testing.app({ context }), 'infra');
  new aws.AwsProvider(stack, 'aws', { region: 'us-west-2' });
  new tls.TlsProvider(stack, 'tls');
  return stack;
}

/** What Konnect reports later. */
export const ATTACHED = { kongProviderAccountId: '111122223333', kongAttachmentId: 'tgw-attach-0123456789abcdef0' };

/** Synthesizes a KongTransitExposure on an existing cluster. */
export function synthesize(props: Partial<KongTransitExposureProps> = {}) {
  const stack = exposureStack();
  const exposure = new KongTransitExposure(stack, 'kong', {
    cluster: clusterOf(),
    kongCidr: '192.168.0.0/22',
    ...props,
  });
  return { exposure, template: Template.fromStack(stack) };
}
