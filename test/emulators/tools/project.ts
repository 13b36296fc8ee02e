import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the cluster in the stand-in's project. */
export const CLUSTER = 'ollama-g5-12xlarge';

interface KongFacts {
  readonly kongProviderAccountId?: string;
  readonly kongAttachmentId?: string;
}

const SUMMARY = {
  formatVersion: 1,
  clusters: [
    {
      clusterName: CLUSTER,
      region: 'us-west-2',
      kubernetesVersion: '1.35',
      requestTimeoutSeconds: 900,
      pools: [
        {
          name: 'gpu',
          instanceType: 'g5.12xlarge',
          gpu: '4 × A10G',
          capacity: 'ON_DEMAND',
          replicas: 2,
          gpusPerReplica: 2,
          nodes: 1,
          initialSize: 1,
          models: [{ name: 'qwen3-coder:30b', contextLength: 65536, parallel: 2, largestContextLength: 262144 }],
          vramUsedBytes: 1,
          vramFreeBytes: 1,
          spread: true,
          coldLoadSeconds: 19,
          pullSeconds: 30,
        },
      ],
      costLines: [
        { name: 'EKS control plane', hourly: 0.1, monthly40h: 73, monthlyAlwaysOn: 73 },
        { name: '1 × g5.12xlarge', hourly: 5.672, monthly40h: 983, monthlyAlwaysOn: 4140 },
        { name: '2 × m7i.large', hourly: 0.2016, monthly40h: 147, monthlyAlwaysOn: 147 },
      ],
      hourly: 5.97,
      notes: [],
      warnings: [],
    },
  ],
};

/** Writes a project whose output is far smaller than that of the library, but has everything that the command line reads. */
export function writeProject(directory: string, kong = true): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'cdktf.json'),
    JSON.stringify({ language: 'typescript', app: kong ? 'synth' : 'synth --no-kong' }),
  );
}

/** Turns it into a project of another cluster, in a separate range. */
export function renameCluster(directory: string, name: string): void {
  const path = join(directory, 'cdktf.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { context?: object };
  writeFileSync(
    path,
    JSON.stringify({ ...config, context: { ...config.context, cluster: name, vpcCidr: '10.1.0.0/16' } }),
  );
}

/** Program of the project. */
export function synthProject(output: string, contextJson: string, kong: boolean): void {
  const context = JSON.parse(contextJson) as {
    readonly cluster?: string;
    readonly vpcCidr?: string;
    readonly kubernetesVersion?: string;
    /** Version of the release of istiod. */
    readonly istioVersion?: string;
    /** `helm` creates a release for everything, `argocd` creates two. */
    readonly delivery?: string;
    /** Whether the project has a node group of GPU nodes and a mesh. */
    readonly gpuNodes?: boolean;
    readonly 'ollama-eks:deferredNodes'?: readonly string[];
    readonly 'ollama-eks:kong'?: Readonly<Record<string, KongFacts>>;
  };
  const name = context.cluster ?? CLUSTER;
  const facts = context['ollama-eks:kong']?.[name] ?? {};
  write(output, 'manifest.json', {
    version: '0.21.0',
    stacks: {
      platform: stack('platform', ['infra']),
      infra: stack('infra', []),
    },
  });
  write(
    output,
    'stacks/infra/cdk.tf.json',
    infra(
      {
        name,
        vpcCidr: context.vpcCidr ?? '10.0.0.0/16',
        version: context.kubernetesVersion,
        ...(context.gpuNodes === true && {
          nodes: context['ollama-eks:deferredNodes']?.includes(name) === true ? 0 : 1,
        }),
      },
      facts,
      kong,
    ),
  );
  const kubernetesVersion = context.kubernetesVersion ?? '1.35';
  const clusters = SUMMARY.clusters.map((cluster) => ({ ...cluster, clusterName: name, kubernetesVersion }));
  write(output, 'stacks/infra/ollama-eks.json', { ...SUMMARY, clusters });
  write(output, 'stacks/platform/cdk.tf.json', {
    terraform: { required_providers: { aws: {}, helm: {}, kubernetes: {} } },
    resource: {
      helm_release: {
        argocd: { name: 'argo-cd', namespace: 'argocd' },
        root: { name: 'ollama-root', namespace: 'argocd' },
        ...(context.gpuNodes === true ? { ztunnel: { name: 'ztunnel', namespace: 'istio-system' } } : {}),
        ...(context.delivery === 'helm' ? { ollama: { name: 'ollama', namespace: 'ollama' } } : {}),
        ...(context.istioVersion === undefined
          ? {}
          : { istiod: { name: 'istiod', repository: 'https://charts.example.com', version: context.istioVersion } }),
      },
    },
  });
}

function stack(name: string, dependencies: readonly string[]) {
  return { name, dependencies, workingDirectory: `stacks/${name}`, synthesizedStackPath: `stacks/${name}/cdk.tf.json` };
}

function infra(
  { name, vpcCidr, version, nodes }: { name: string; vpcCidr: string; version: string | undefined; nodes?: number },
  { kongProviderAccountId, kongAttachmentId }: KongFacts,
  kong: boolean,
) {
  return {
    terraform: { required_providers: { aws: {}, tls: {} } },
    output: {
      cluster_name: { value: name },
      region: { value: 'us-west-2' },
      vpc_cidr: { value: vpcCidr },
      vpc_id: { value: '${aws_vpc.vpc.id}' },
      ...(kong
        ? {
            kong_cidr: { value: '192.168.0.0/22' },
            transit_gateway_id: { value: '${aws_ec2_transit_gateway.tgw.id}' },
            ram_share_arn: { value: '${aws_ram_resource_share.share.arn}' },
            load_balancer_dns_name: { value: '${aws_lb.nlb.dns_name}' },
            gateway_hostname: { value: 'ollama.internal.example.com' },
            gateway_ca_certificate: { value: '${tls_self_signed_cert.ca.cert_pem}' },
          }
        : {}),
    },
    resource: {
      aws_vpc: { vpc: { cidr_block: vpcCidr } },
      aws_eks_cluster: { cluster: { name, version } },
      ...(nodes === undefined
        ? {}
        : {
            aws_eks_node_group: {
              gpu: {
                labels: { 'ollama-eks/pool': 'gpu' },
                scaling_config: { desired_size: nodes, max_size: 2, min_size: 0 },
                lifecycle: { ignore_changes: ['scaling_config[0].desired_size'] },
              },
            },
          }),
      ...(kong ? { aws_ec2_transit_gateway: { tgw: {} }, aws_ram_resource_share: { share: {} } } : {}),
      ...(kongProviderAccountId === undefined
        ? {}
        : { aws_ram_principal_association: { kong: { principal: kongProviderAccountId } } }),
      ...(kongAttachmentId === undefined
        ? {}
        : {
            aws_ec2_transit_gateway_vpc_attachment_accepter: {
              kong: { transit_gateway_attachment_id: kongAttachmentId },
            },
            aws_ec2_transit_gateway_route: { from_vpc: { transit_gateway_attachment_id: kongAttachmentId } },
          }),
    },
  };
}

function write(output: string, path: string, content: unknown): void {
  const file = join(output, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
