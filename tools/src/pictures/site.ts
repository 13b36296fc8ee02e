import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import type { ClusterSummary } from '@org/ollama-eks';
import { POOL_LABEL, readSynthesizedObjects, SYNC_WAVE, type TreeObject } from '@org/ollama-eks/pure';
import type { Synthesis } from '../examples';

/** A subnet of a zone. */
export interface Subnet {
  /** `public`, `private` or `transit`. */
  readonly kind: string;
  readonly cidr: string;
  /** Whether a NAT gateway is in it. */
  readonly nat: boolean;
}

/** An availability zone in which the network has subnets. */
export interface Zone {
  /** `us-west-2a`, or `zone 1` where Terraform finds the zones at plan. */
  readonly name: string;
  readonly subnets: readonly Subnet[];
  /** Names of the GPU pools whose nodes are in this zone. */
  readonly pools: readonly string[];
}

/** An Application of Argo CD, and when it is synced. */
export interface Delivered {
  readonly name: string;
  readonly wave: number;
}

/** What a picture of an installation shows. */
export interface Site {
  readonly cluster: ClusterSummary;
  /** Range of the VPC; undefined if the network exists already. */
  readonly vpcCidr: string | undefined;
  readonly zones: readonly Zone[];
  /** Services with an endpoint in the VPC, such as `s3`. */
  readonly endpoints: readonly string[];
  /** Ranges of addresses that may call the load balancer. */
  readonly callerCidrs: readonly string[];
  /** Whether callers come through Kong. */
  readonly kong: boolean;
  /** `2 × m7i.large` */
  readonly systemNodes: string;
  /** Size of a server's volume by pool, such as `256 GiB`. */
  readonly volumes: Readonly<Record<string, string>>;
  /** In order of their waves. */
  readonly delivered: readonly Delivered[];
}

type Resource = Readonly<Record<string, unknown>>;

/** Resources of all stacks, by type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Resource>>>>;

/** Reads what the picture of an example shows; undefined if the example creates no cluster. */
export function readSite({ stacks, outdir }: Synthesis): Site | undefined {
  const [cluster] = stacks.flatMap(({ clusters }) => clusters);
  if (cluster === undefined) return undefined;
  const resources = stacks.map(({ dir }) => resourcesOf(join(dir, 'cdk.tf.json'))).reduce(merged, {});
  if (resources['aws_eks_cluster'] === undefined) return undefined;
  return siteOf(cluster, resources, readSynthesizedObjects(outdir)?.objects ?? []);
}

/** Returns what the picture of a cluster shows, from the resources and objects that synth wrote. */
export function siteOf(cluster: ClusterSummary, resources: Resources, objects: readonly TreeObject[]): Site {
  const all = (type: string) => Object.values(resources[type] ?? {});
  const [vpc] = all('aws_vpc');
  return {
    cluster,
    vpcCidr: textOf(vpc?.['cidr_block']),
    zones: zonesOf(resources),
    endpoints: all('aws_vpc_endpoint').flatMap(
      ({ service_name: name }) => textOf(name)?.split('.').slice(3).join('.') ?? [],
    ),
    callerCidrs: callersOf(resources),
    kong: all('aws_ram_resource_share').length > 0,
    systemNodes: systemNodesOf(all('aws_eks_node_group')),
    volumes: volumesOf(objects),
    delivered: deliveredOf(objects),
  };
}

/** Returns the zones of a created network, each by the construct that it belongs to. */
function zonesOf(resources: Resources): Zone[] {
  const subnets = Object.entries(resources['aws_subnet'] ?? {});
  const nats = Object.values(resources['aws_nat_gateway'] ?? {});
  const groups = Object.values(resources['aws_eks_node_group'] ?? {});
  const constructs = [...new Set(subnets.map(([, subnet]) => dirname(pathOf(subnet))))];
  return constructs.map((construct, index) => {
    const own = subnets.filter(([, subnet]) => dirname(pathOf(subnet)) === construct);
    return {
      name: textOf(own[0]?.[1]['availability_zone']) ?? `zone ${String(index + 1)}`,
      subnets: own.map(([id, subnet]) => ({
        kind: basename(pathOf(subnet)),
        cidr: textOf(subnet['cidr_block']) ?? '',
        nat: nats.some(({ subnet_id: used }) => refersTo(used, 'aws_subnet', id)),
      })),
      pools: groups.flatMap(({ labels, subnet_ids: used }) =>
        own.some(([id]) => (used as unknown[]).some((subnet) => refersTo(subnet, 'aws_subnet', id)))
          ? ((labels as Record<string, string> | undefined)?.[POOL_LABEL] ?? [])
          : [],
      ),
    };
  });
}

/** Returns the ranges from which the load balancer accepts connections. */
function callersOf(resources: Resources): string[] {
  const groups = Object.values(resources['aws_lb'] ?? {}).flatMap(({ security_groups: ids }) => ids as unknown[]);
  return Object.values(resources['aws_vpc_security_group_ingress_rule'] ?? {})
    .filter(({ security_group_id: group }) => groups.includes(group))
    .flatMap(({ cidr_ipv4: v4, cidr_ipv6: v6 }) => textOf(v4) ?? textOf(v6) ?? []);
}

function systemNodesOf(nodeGroups: readonly Resource[]): string {
  const [system] = nodeGroups.filter((group) => pathOf(group).includes('/system-nodes/'));
  if (system === undefined) return '';
  const { desired_size: size } = system['scaling_config'] as { readonly desired_size: number };
  const [type = ''] = system['instance_types'] as readonly string[];
  return `${String(size)} × ${type}`;
}

function volumesOf(objects: readonly TreeObject[]): Record<string, string> {
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  return Object.fromEntries(
    claims.flatMap(({ metadata: { labels }, spec }) => {
      const pool = labels?.[POOL_LABEL];
      const { storage } = (spec as { resources: { requests: { storage: string } } }).resources.requests;
      return pool === undefined ? [] : [[pool, storage.replace(/Gi$/, ' GiB')]];
    }),
  );
}

function deliveredOf(objects: readonly TreeObject[]): Delivered[] {
  return objects
    .filter(({ kind }) => kind === 'Application')
    .map(({ metadata: { name, annotations } }) => ({ name, wave: Number(annotations?.[SYNC_WAVE] ?? 0) }))
    .sort((one, other) => one.wave - other.wave || one.name.localeCompare(other.name));
}

/** Path of the construct that a resource belongs to, which is API. */
function pathOf({ '//': comment }: Resource): string {
  return (comment as { readonly metadata?: { readonly path?: string } } | undefined)?.metadata?.path ?? '';
}

function refersTo(value: unknown, type: string, id: string): boolean {
  return typeof value === 'string' && value.startsWith(`\${${type}.${id}.`);
}

/** A value that is known at synth. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && !value.includes('${') ? value : undefined;
}

function resourcesOf(file: string): Resources {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly resource?: Resources }).resource ?? {};
}

function merged(one: Resources, other: Resources): Resources {
  const types = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(types.map((type) => [type, { ...one[type], ...other[type] }]));
}
