/** The installation that changes are tried on, with any of its props changed. */
import {
  AmbientMesh,
  ArgoCdDelivery,
  ExistingLoadBalancer,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  KongTransitExposure,
  Network,
  OllamaGpuCluster,
  PlatformStack,
  TransitGateway,
  VpcAttachment,
  type AmbientMeshProps,
  type Application,
  type ArgoCdDeliveryProps,
  type GpuPoolProps,
  type ExistingLoadBalancerProps,
  type HelmDeliveryProps,
  type InfrastructureStackProps,
  type InternalExposureProps,
  type KongTransitExposureProps,
  type NetworkProps,
  type OllamaGpuClusterProps,
  type TransitGatewayProps,
  type VpcAttachmentProps,
} from '@org/ollama-eks';
import { Testing, type TerraformStack } from 'cdktf';

export const ADMIN = 'arn:aws:iam::111122223333:role/admin';
const POOL: GpuPoolProps = { instanceType: 'g5.xlarge' };

/** Props that differ from those of the installation as it is. */
export interface Changes {
  readonly infra?: Partial<InfrastructureStackProps>;
  /** Props of the only GPU pool. */
  readonly pool?: Partial<GpuPoolProps>;
  readonly cluster?: Partial<OllamaGpuClusterProps>;
  /** A network of its own, which the cluster uses. */
  readonly network?: Partial<NetworkProps>;
  readonly kong?: Partial<KongTransitExposureProps>;
  /** An exposure without Kong, in place of Kong's. */
  readonly internal?: Partial<InternalExposureProps>;
  /** A load balancer of another team, in place of the exposure's. */
  readonly loadBalancer?: Partial<ExistingLoadBalancerProps>;
  /** A transit gateway and an attachment of their own, which Kong's exposure uses. */
  readonly transitGateway?: Partial<TransitGatewayProps>;
  readonly vpcAttachment?: Partial<VpcAttachmentProps>;
  readonly mesh?: Partial<AmbientMeshProps>;
  readonly argoCd?: Partial<ArgoCdDeliveryProps>;
  /** Delivery by Helm in place of Argo CD. */
  readonly helm?: Partial<HelmDeliveryProps>;
}

/** Terraform JSON, as far as changes are read from it. */
export interface TerraformJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, object>>;
  readonly terraform: { readonly required_providers: Readonly<Record<string, unknown>> };
}

/** What an installation synthesizes to. */
export interface Installation {
  readonly stacks: readonly TerraformJson[];
  readonly applications: readonly Application[];
}

/** Synthesizes the installation with changes. */
export function synthesize(changes: Changes): Installation {
  const app = Testing.app({ stackTraces: false });
  const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', ...changes.infra });
  const cluster = new OllamaGpuCluster(infra, 'cluster', {
    clusterName: 'ollama',
    gpu: { ...POOL, ...changes.pool },
    models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
    access: [{ principalArn: ADMIN }],
    ...(changes.network && {
      network: new Network(infra, 'network', { networkName: 'ollama', ...changes.network }),
    }),
    ...changes.cluster,
  });
  const exposure = exposureOf(infra, cluster, changes);
  const platform = new PlatformStack(app, 'platform', { cluster });
  const mesh = new AmbientMesh(platform, 'mesh', { cluster, ...changes.mesh });
  const sources = [cluster, mesh, exposure];
  const delivery =
    changes.helm === undefined
      ? new ArgoCdDelivery(platform, 'delivery', {
          sources,
          repository: 'https://git.example.com/platform.git',
          revision: 'v1.0.0',
          path: 'argocd',
          ...changes.argoCd,
        })
      : new HelmDelivery(platform, 'delivery', { sources, ...changes.helm });
  return { stacks: [jsonOf(infra), jsonOf(platform)], applications: delivery.applications };
}

function exposureOf(infra: InfrastructureStack, cluster: OllamaGpuCluster, changes: Changes) {
  if (changes.internal !== undefined) {
    return new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/16'], ...changes.internal });
  }
  const { network } = cluster;
  const own = changes.transitGateway ?? changes.vpcAttachment;
  const transitGateway = own && new TransitGateway(infra, 'hub', { name: 'hub', ...changes.transitGateway });
  const vpcAttachment =
    transitGateway &&
    new VpcAttachment(infra, 'spoke', { name: 'spoke', transitGateway, network, ...changes.vpcAttachment });
  return new KongTransitExposure(infra, 'kong', {
    cluster,
    kongCidr: '192.168.0.0/22',
    kongProviderAccountId: '111122223333',
    kongAttachmentId: 'tgw-attach-0123456789abcdef0',
    transitGateway,
    vpcAttachment,
    loadBalancer:
      changes.loadBalancer &&
      new ExistingLoadBalancer(infra, 'existing', {
        cluster,
        loadBalancerName: 'shared',
        targetGroupName: 'ollama',
        ...changes.loadBalancer,
      }),
    ...changes.kong,
  });
}

function jsonOf(stack: TerraformStack): TerraformJson {
  stack.prepareStack();
  return JSON.parse(Testing.synth(stack, true)) as TerraformJson;
}
