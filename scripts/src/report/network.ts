import { EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import { counted } from '../program/words';
import { findKongExposure } from '../project/kong-exposure';
import type { Project } from '../project/project';

/** A statement about the network: what is called and by whom, or what leaves and where it goes. */
export interface Rule {
  readonly what: string;
  readonly who: string;
}

type Resource = Readonly<Record<string, unknown>>;

/** Fields of a rule of a security group that name its source. */
const SOURCES = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id'];

/** Returns who may call the endpoint and the Kubernetes API, from the resources that Terraform will create. */
export function callersOf(project: Project): readonly Rule[] {
  const balancers = all(project, 'aws_lb');
  const sources = all(project, 'aws_vpc_security_group_ingress_rule')
    .filter(({ security_group_id: group }) =>
      balancers.some((balancer) => listOf(balancer['security_groups']).includes(group)),
    )
    .map(sourceOf);
  const who = balancers.length === 0 ? 'every caller that the existing load balancer accepts' : joined(sources);
  const kong = findKongExposure(project);
  return [
    { what: hostnameOf(project), who: kong === undefined ? who : `clients with a key, through Kong's network ${who}` },
    ...all(project, 'aws_eks_cluster').map((cluster) => ({
      what: 'Kubernetes API, network',
      who: apiCallersOf(cluster),
    })),
    ...all(project, 'aws_eks_access_entry').map(({ principal_arn: arn }) => ({
      what: 'Kubernetes API, with rights',
      who: String(arn).includes('aws_iam_session_context') ? 'the identity that runs terraform apply' : shown(arn),
    })),
  ];
}

/** Returns what leaves the account, from the resources that Terraform will create. */
export function egressOf(project: Project): readonly Rule[] {
  const gateways = all(project, 'aws_nat_gateway').length;
  const endpoints = all(project, 'aws_vpc_endpoint').map(
    ({ service_name: name }) => shown(name).split('.').at(-1) ?? '',
  );
  return [
    ...(findKongExposure(project) === undefined
      ? []
      : [{ what: 'requests and answers', who: "Kong's gateway, in an AWS account of Kong" }]),
    all(project, 'aws_vpc').length === 0
      ? { what: 'traffic of nodes', who: 'as the routes of the existing network allow' }
      : {
          what: 'downloads of images, charts and models',
          who:
            gateways === 0
              ? 'none, without a NAT gateway'
              : `the internet, through ${counted(gateways, 'NAT gateway')}`,
        },
    ...(endpoints.length === 0
      ? []
      : [{ what: 'calls of AWS services', who: `endpoints in the VPC: ${joined(endpoints)}` }]),
  ];
}

function hostnameOf({ stacks }: Project): string {
  const names = stacks.flatMap(({ outputs }) =>
    Object.entries(outputs).flatMap(([name, value]) =>
      name.endsWith(EXPOSURE_OUTPUTS.gatewayHostname) ? [shown(value)] : [],
    ),
  );
  return joined(names.length === 0 ? ['the endpoint'] : names);
}

function apiCallersOf(cluster: Resource): string {
  const [config = {}] = [cluster['vpc_config']].flat() as Resource[];
  if (config['endpoint_public_access'] !== true) return 'from inside the VPC only';
  return `from inside the VPC, and from ${joined(listOf(config['public_access_cidrs']).map(shown))}`;
}

function sourceOf(rule: Resource): string {
  return shown(SOURCES.map((name) => rule[name]).find((value) => value !== undefined));
}

function all({ stacks }: Project, type: string): readonly Resource[] {
  return stacks.flatMap(({ resources }) => Object.values(resources[type] ?? {}));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Formats a value; Terraform knows the value of an expression only at apply. */
function shown(value: unknown): string {
  return typeof value === 'string' && !value.includes('${') ? value : 'a value that is known at apply';
}

function joined(values: readonly string[]): string {
  return values.length === 0 ? 'none' : [...new Set(values)].join(', ');
}
