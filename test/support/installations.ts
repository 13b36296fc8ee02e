/** Whole installations without their AWS resources, for tests of the Kubernetes objects. */
import {
  type ModelPull,
  AmbientMesh,
  type AmbientMeshProps,
  type Application,
  fit,
  KongTransitExposure,
  type ModelCache,
  modelVolume,
  type ObservabilityProps,
  ollamaApplications,
  podResources,
  serverNeeds,
  type WorkloadPool,
  type WorkloadSpec,
} from '@org/ollama-eks';
import { TerraformStack, Testing } from 'cdktf';
import { observabilityApplications } from '../../packages/ollama-eks/src/observability/observability';
import { scraperOf } from '../../packages/ollama-eks/src/observability/collector';
import type { Scraper } from '../../packages/ollama-eks/src/workload/scraper';

/** The Kubernetes part of an installation. */
export interface Installation {
  readonly name: string;
  readonly applications: readonly Application[];
  /** Chart repositories that are not in the catalogue. */
  readonly chartRepositories: readonly string[];
  readonly vpcCidr: string;
  readonly kongCidr: string;
  /** Who pulls models from the internet. */
  readonly pull: ModelPull;
  /** Prometheus that scrapes it. */
  readonly scraper?: Scraper;
}

const CLUSTER: AmbientMeshProps['cluster'] = {
  clusterName: 'ollama',
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidr: '10.0.0.0/16',
    zoneCount: 2,
    privateSubnetIds: ['subnet-a', 'subnet-b'],
    transitSubnetIds: ['subnet-c', 'subnet-d'],
    privateRouteTableIds: ['rtb-a', 'rtb-b'],
    egress: [],
  },
  serviceCidr: '172.20.0.0/16',
  clusterSecurityGroupId: 'sg-0123456789abcdef0',
  pools: [{ name: 'gpu', replicas: 1, parallel: 2 }],
  requestTimeoutSeconds: 900,
  maxWaiting: 8,
  ready: [],
  tags: { 'ollama-eks/cluster': 'ollama' },
};
const OBSERVABILITY: ObservabilityProps = {
  metrics: 'existing',
  prometheus: { namespace: 'monitoring', serviceAccount: 'prometheus', labels: { release: 'prometheus' } },
};
const MANAGED: ObservabilityProps = {
  metrics: 'amp',
  subnets: [
    { subnetId: 'subnet-e', cidr: '10.0.240.128/28' },
    { subnetId: 'subnet-f', cidr: '10.0.240.144/28' },
  ],
};
const KONG_CIDR = '192.168.0.0/22';

/** One server with an EBS volume; two with models on instance store; two pools that pull nothing. */
export function installations(): readonly Installation[] {
  return [
    installation('one server on EBS'),
    installation(
      'two servers on instance store, Istio 1.30',
      { pools: [pool('gpu', 'g5.xlarge', { kind: 'instance-store', sizeGiB: 100 }, 2)] },
      { version: '1.30.5', highAvailability: false, trustDomain: 'mesh.example.com' },
      { adminHostname: 'admin.ollama.internal' },
    ),
    installation('two servers, for which Jobs pull', {
      pools: [pool('gpu', 'g5.12xlarge', undefined, 2)],
      modelPull: 'job',
    }),
    installation('one server, scraped', undefined, {}, {}, OBSERVABILITY),
    installation('one server with Prometheus', undefined, {}, {}, { metrics: 'prometheus' }),
    installation('one server, scraped by AWS', undefined, {}, {}, MANAGED),
    installation('one server, whose gateway sends access logs', undefined, {
      accessLogs: { service: 'otel-collector', namespace: 'telemetry' },
    }),
    installation('two pools, offline', {
      pools: [pool('gpu', 'g6e.2xlarge'), { ...pool('spare', 'g5.2xlarge'), amiFamily: 'BOTTLEROCKET' }],
      modelPull: 'offline',
    }),
  ];
}

/** Returns an installation whose mesh or exposure has other properties. */
export function installation(
  name: string,
  workload: Pick<WorkloadSpec, 'pools' | 'modelPull'> = { pools: [pool('gpu', 'g5.12xlarge')] },
  mesh: Omit<AmbientMeshProps, 'cluster'> = {},
  exposure: { readonly adminHostname?: string } = {},
  observability?: ObservabilityProps,
): Installation {
  const { vpcCidr } = CLUSTER.network;
  const scraper = observability && scraperOf(observability, vpcCidr);
  const cluster = { ...CLUSTER, ...(scraper && { scraper }) };
  const stack = new TerraformStack(Testing.app(), 'stack');
  const { serviceCidr, requestTimeoutSeconds, maxWaiting } = CLUSTER;
  const { applications, chartRepositories } = new AmbientMesh(stack, 'mesh', { cluster, ...mesh });
  const kong = new KongTransitExposure(stack, 'kong', { cluster, kongCidr: KONG_CIDR, ...exposure });
  return {
    name,
    vpcCidr,
    kongCidr: KONG_CIDR,
    pull: workload.modelPull ?? 'online',
    chartRepositories,
    ...(scraper && { scraper }),
    applications: [
      ...ollamaApplications({
        ...workload,
        vpcCidr,
        serviceCidr,
        requestTimeoutSeconds,
        maxWaiting,
        ...(scraper && { scraper }),
      }),
      ...(observability === undefined
        ? []
        : observabilityApplications({
            props: observability,
            pools: workload.pools,
            vpcCidr,
            serviceCidr,
            systemNodesPerHour: 0.2,
            monthlyUsd: 5000,
          })),
      ...applications,
      ...kong.applications,
    ],
  };
}

function pool(name: string, instanceType: string, cache?: ModelCache, replicas = 1): WorkloadPool {
  const fitted = fit({ name: 'qwen3:8b', contextLength: 16_384 }, instanceType);
  return {
    name,
    amiFamily: 'AL2023',
    nodeLabels: { 'ollama-eks/pool': name },
    replicas,
    fit: fitted,
    needs: serverNeeds(fitted),
    resources: podResources({ fit: fitted }),
    cache: cache ?? {
      kind: 'ebs',
      volume: modelVolume(
        fitted.models.map(({ model }) => model),
        instanceType,
      ),
    },
  };
}
