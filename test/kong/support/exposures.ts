/** Exposures as users write them, on an existing cluster and network. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TlsProvider } from '@cdktf/provider-tls/lib/provider';
import {
  type IExposure,
  type InternalExposureProps,
  InternalExposure,
  KongTransitExposure,
  type KongTransitExposureProps,
  TransitGateway,
  VpcAttachment,
} from '@org/ollama-eks';
import { TerraformStack, Testing } from 'cdktf';

type Cluster = InternalExposureProps['cluster'];

/** Attributes of the cluster and its network. */
export const CLUSTER: Cluster = {
  clusterName: 'ollama',
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  network: {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    vpcCidr: '10.0.0.0/16',
    zoneCount: 2,
    privateSubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0aaaaaaaaaaaaaaa2'],
    transitSubnetIds: ['subnet-0bbbbbbbbbbbbbbb1', 'subnet-0bbbbbbbbbbbbbbb2'],
    privateRouteTableIds: ['rtb-0ccccccccccccccc1', 'rtb-0ccccccccccccccc2'],
    egress: [],
  },
  serviceCidr: '172.20.0.0/16',
  clusterSecurityGroupId: 'sg-0ddddddddddddddd1',
  pools: [{ name: 'gpu', replicas: 1, parallel: 2 }],
  requestTimeoutSeconds: 900,
  maxWaiting: 8,
  ready: [],
  tags: { 'ollama-eks/cluster': 'ollama' },
};

const KONG: KongTransitExposureProps = { cluster: CLUSTER, kongCidr: '192.168.0.0/22', outputs: true };
const ATTACHED = { kongProviderAccountId: '111122223333', kongAttachmentId: 'tgw-attach-0123456789abcdef0' };

/** A stack with one exposure. */
export interface ExposedStack {
  readonly stack: TerraformStack;
  readonly exposure: IExposure;
}

/** Every kind of exposure, by a name for readers. */
export const EXPOSURES = {
  'Kong, before its network is known': () => withStack((stack) => new KongTransitExposure(stack, 'kong', KONG)),
  'Kong, attached': () => withStack((stack) => new KongTransitExposure(stack, 'kong', { ...KONG, ...ATTACHED })),
  'Kong, attached to an existing transit gateway': () =>
    withStack((stack) => {
      const transitGateway = TransitGateway.fromTransitGatewayId(stack, 'tgw', 'tgw-0123456789abcdef0');
      return new KongTransitExposure(stack, 'kong', { ...KONG, ...ATTACHED, transitGateway });
    }),
  'Kong, attached to an existing transit gateway that the VPC is attached to': () =>
    withStack((stack) => {
      const transitGateway = TransitGateway.fromAttributes({
        transitGatewayId: 'tgw-0123456789abcdef0',
        transitGatewayArn: 'arn:aws:ec2:us-west-2:111122223333:transit-gateway/tgw-0123456789abcdef0',
        autoAcceptSharedAttachments: true,
      });
      const vpcAttachment = VpcAttachment.fromAttributes({
        transitGatewayAttachmentId: 'tgw-attach-0fedcba9876543210',
        transitGatewayRouteTableId: 'tgw-rtb-0123456789abcdef0',
      });
      return new KongTransitExposure(stack, 'kong', { ...KONG, ...ATTACHED, transitGateway, vpcAttachment });
    }),
  'Kong, two networks and admin routes': () =>
    withStack((stack) => {
      const admin = { adminHostname: 'admin.ollama.internal' };
      const exposure = new KongTransitExposure(stack, 'kong', { ...KONG, ...ATTACHED, ...admin });
      exposure.addKongNetwork('kong-eu', { kongCidr: '192.168.8.0/22', kongZoneCount: 3 });
      return exposure;
    }),
  'a VPN, without Kong': () =>
    withStack((stack) => {
      const callerCidrs = ['10.200.0.0/16', '172.31.0.0/16'];
      return new InternalExposure(stack, 'vpn', { cluster: CLUSTER, callerCidrs, outputs: true });
    }),
  'a VPN, with tokens of an identity provider': () =>
    withStack((stack) => {
      const jwt = {
        issuer: 'https://login.example.com/',
        audiences: ['ollama'],
        jwksUri: 'https://login.example.com/keys',
        team: { claim: 'groups', teams: ['ml'] },
      };
      return new InternalExposure(stack, 'vpn', { cluster: CLUSTER, callerCidrs: ['10.200.0.0/16'], jwt });
    }),
  'a VPN, with an existing certificate and controller': () =>
    withStack((stack) => {
      const certificate = { secretName: 'llm-example-com' };
      return new InternalExposure(stack, 'vpn', {
        cluster: CLUSTER,
        callerCidrs: ['10.200.0.0/16'],
        hostname: 'llm.example.com',
        certificate,
        installLoadBalancerController: false,
        outputs: true,
      });
    }),
} as const satisfies Record<string, () => ExposedStack>;

/** Name of a kind of exposure. */
export type ExposureName = keyof typeof EXPOSURES;

/** Returns a stack with the providers that every exposure needs, in supported versions. */
function withStack(make: (stack: TerraformStack) => IExposure): ExposedStack {
  const stack = new TerraformStack(Testing.app(), 'infra');
  new AwsProvider(stack, 'aws', { region: 'us-west-2' });
  new TlsProvider(stack, 'tls');
  stack.addOverride('terraform.required_providers.aws.version', '>= 5.100, < 7.0');
  return { stack, exposure: make(stack) };
}
