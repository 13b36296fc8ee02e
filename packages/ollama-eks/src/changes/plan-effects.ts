// https://developer.hashicorp.com/terraform/internals/json-format#plan-representation; OpenTofu writes the same
import { isObject } from '../check-object';
import { AUTHORITY_KEY, POOL_LABEL, SYSTEM_POOL } from '../workload/names';
import { type Effect, worstFirst } from './effects';

/** The part of `terraform show -json PLAN` that is read here. */
export interface TerraformPlan {
  readonly resource_changes?: readonly PlannedChange[];
}

/** One planned change of a resource. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** `data` for a data source. */
  readonly mode?: string;
  /** Key of an object whose replacement already exists. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    /** Paths of the arguments that force a replacement. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** What Terraform does to a resource. `forget` leaves it running, but no longer manages it. */
export type PlanAction = 'create' | 'update' | 'replace' | 'delete' | 'forget';

/** What a change affects, as a noun phrase for messages. */
export const SUBJECTS = {
  access: 'access of a principal to the Kubernetes API',
  'access-policy': 'permissions of a principal in the Kubernetes API',
  'add-on': 'EKS add-on',
  'api-endpoint': 'access to the Kubernetes API from outside the VPC',
  cluster: 'EKS cluster with everything that runs in it',
  chart: 'Helm chart',
  'certificate-authority': 'certificate authority that clients of the gateway trust',
  'control-plane': 'Kubernetes version of the control plane',
  'egress-address': 'public IP address of outgoing connections',
  'gpu-nodes': 'nodes of a GPU pool',
  'kong-attachment': 'connection between Kong and the VPC',
  'load-balancer': 'network load balancer and its DNS name',
  'load-balancer-part': 'listener or target group of the load balancer',
  logs: 'CloudWatch log group with its logs',
  metrics: 'metrics in Amazon Managed Service for Prometheus',
  'metrics-collection': 'collection of metrics, or their rules and alerts',
  namespace: 'Kubernetes namespace with everything in it, model volumes included',
  network: 'VPC with everything in it',
  'private-endpoint': 'VPC endpoint',
  release: 'Helm release with everything that it installed',
  resource: 'other resource',
  role: 'IAM role or its permissions',
  secret: 'Kubernetes Secret',
  'secrets-key': 'KMS key that encrypts Kubernetes Secrets',
  'security-group': 'security group',
  subnet: 'subnet or its routes',
  'system-nodes': 'nodes of the system pool',
} as const;
export type Subject = keyof typeof SUBJECTS;

/** An effect of a plan on one resource. */
export interface PlanEffect {
  readonly address: string;
  readonly action: Exclude<PlanAction, 'create'>;
  readonly effect: Effect;
  readonly subject: Subject;
  /** Which one is affected, where the plan knows it: the name of a pool, a principal, the id of Kong's attachment. */
  readonly name?: string;
  /** Versions of a chart that is upgraded. */
  readonly versions?: { readonly from: string; readonly to: string };
  /** Arguments that force the replacement: `vpc_config[0].subnet_ids`. Empty for deletions. */
  readonly causes: readonly string[];
  /** Whether an interrupted run left the resource unfinished, or its replacement already exists. */
  readonly unfinished: boolean;
}

/** What a change of a resource does that is noticed. */
interface Consequence {
  readonly subject: Subject;
  readonly effect: Effect;
  /** Attribute or label that names the affected one. */
  readonly name?: string;
  readonly versions?: PlanEffect['versions'];
}

const KONG: Consequence = { subject: 'kong-attachment', effect: 'loses', name: 'transit_gateway_attachment_id' };
const SERVING: Consequence = { subject: 'load-balancer-part', effect: 'interrupts' };
const RULE: Consequence = { subject: 'security-group', effect: 'interrupts' };
const SUBNET: Consequence = { subject: 'subnet', effect: 'interrupts' };
const AUTHORITY: Consequence = { subject: 'certificate-authority', effect: 'loses' };
/** Nobody is notified until they exist again. */
const ALERTS: Consequence = { subject: 'metrics-collection', effect: 'interrupts' };
const ROLE: Consequence = { subject: 'role', effect: 'replaces' };

/** Resource types with a subject of their own. The removal of any other cuts off nothing. */
const REMOVALS: Readonly<Record<string, Consequence>> = {
  aws_cloudwatch_log_group: { subject: 'logs', effect: 'loses', name: 'name' },
  aws_ec2_transit_gateway: KONG,
  aws_ec2_transit_gateway_route: KONG,
  aws_ec2_transit_gateway_route_table: KONG,
  aws_ec2_transit_gateway_route_table_association: KONG,
  aws_ec2_transit_gateway_vpc_attachment: KONG,
  aws_ec2_transit_gateway_vpc_attachment_accepter: KONG,
  aws_eip: { subject: 'egress-address', effect: 'loses', name: 'public_ip' },
  aws_eks_access_entry: { subject: 'access', effect: 'interrupts', name: 'principal_arn' },
  aws_eks_access_policy_association: { subject: 'access-policy', effect: 'interrupts', name: 'principal_arn' },
  aws_eks_addon: { subject: 'add-on', effect: 'interrupts', name: 'addon_name' },
  aws_eks_cluster: { subject: 'cluster', effect: 'loses', name: 'name' },
  aws_eks_pod_identity_association: { subject: 'role', effect: 'interrupts', name: 'service_account' },
  aws_iam_role: ROLE,
  aws_iam_role_policy: ROLE,
  aws_iam_role_policy_attachment: ROLE,
  aws_internet_gateway: { subject: 'network', effect: 'interrupts' },
  aws_kms_key: { subject: 'secrets-key', effect: 'loses', name: 'arn' },
  aws_lb: { subject: 'load-balancer', effect: 'loses', name: 'name' },
  aws_lb_listener: SERVING,
  aws_lb_target_group: SERVING,
  aws_nat_gateway: { subject: 'egress-address', effect: 'interrupts', name: 'public_ip' },
  aws_prometheus_alert_manager_definition: ALERTS,
  aws_prometheus_rule_group_namespace: ALERTS,
  aws_prometheus_scraper: { subject: 'metrics-collection', effect: 'interrupts', name: 'alias' },
  aws_prometheus_workspace: { subject: 'metrics', effect: 'loses', name: 'alias' },
  aws_ram_principal_association: KONG,
  aws_ram_resource_association: KONG,
  aws_ram_resource_share: KONG,
  aws_route: SUBNET,
  aws_route_table: SUBNET,
  aws_route_table_association: SUBNET,
  aws_security_group: { subject: 'security-group', effect: 'interrupts', name: 'name' },
  aws_subnet: SUBNET,
  aws_vpc: { subject: 'network', effect: 'loses', name: 'id' },
  aws_vpc_security_group_egress_rule: RULE,
  aws_vpc_security_group_ingress_rule: RULE,
  aws_vpc_endpoint: { subject: 'private-endpoint', effect: 'interrupts', name: 'service_name' },
  helm_release: { subject: 'release', effect: 'loses', name: 'name' },
  kubernetes_namespace_v1: { subject: 'namespace', effect: 'loses', name: 'id' },
  kubernetes_secret_v1: { subject: 'secret', effect: 'interrupts', name: 'id' },
  tls_self_signed_cert: AUTHORITY,
};

/** Arguments of a node group that change its nodes. @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html */
const NODE_ARGUMENTS = ['version', 'release_version', 'launch_template'] as const;

/** Arguments of a release that are settings of its chart. @see https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release */
const CHART_ARGUMENTS = ['values', 'set', 'set_list', 'set_sensitive', 'set_wo_revision'] as const;

/** Why Terraform replaces a resource that was never finished, or that someone marked as broken. */
const TAINTED = 'replace_because_tainted';

/** Returns what Terraform does to a resource; undefined for nothing, and for a data source. */
export function planAction({ mode, change: { actions } }: PlannedChange): PlanAction | undefined {
  if (mode === 'data') return undefined;
  if (actions.includes('forget')) return 'forget';
  if (actions.includes('delete')) return actions.includes('create') ? 'replace' : 'delete';
  if (actions.includes('create')) return 'create';
  return actions.includes('update') ? 'update' : undefined;
}

/** Name of the key of a certificate authority, as CDKTF makes it of the path of its construct. */
const AUTHORITY_NAME = new RegExp(`(^|_)${AUTHORITY_KEY}(_[0-9A-F]{8})?$`);

/** Returns the effects of a plan that are not merely in place, the worst first. No attribute values but names are returned. */
export function planEffects({ resource_changes: changes = [] }: TerraformPlan): readonly PlanEffect[] {
  return changes.flatMap(effectsOf).sort(worstFirst);
}

function effectsOf(planned: PlannedChange): readonly PlanEffect[] {
  const action = planAction(planned);
  if (action === undefined || action === 'create') return [];
  const consequence = action === 'update' ? ofUpdate(planned) : ofRemoval(planned, action);
  if (consequence === undefined) return [];
  const { address, change, deposed, action_reason: reason } = planned;
  const { subject, effect, name = '', versions } = consequence;
  const value = valueOf(change.before, name);
  return [
    {
      address,
      action,
      effect,
      subject,
      ...(typeof value === 'string' && { name: value }),
      ...(versions !== undefined && { versions }),
      causes: (change.replace_paths ?? []).map(pathText),
      unfinished: reason === TAINTED || deposed !== undefined,
    },
  ];
}

function ofUpdate(planned: PlannedChange): Consequence | undefined {
  if (planned.type === 'aws_eks_node_group' && NODE_ARGUMENTS.some((argument) => isChanged(planned, argument))) {
    return { ...nodesOf(planned), effect: 'rolls nodes' };
  }
  if (planned.type === 'aws_eks_cluster') return ofCluster(planned);
  return planned.type === 'helm_release' ? ofChart(planned) : undefined;
}

function ofCluster(planned: PlannedChange): Consequence | undefined {
  if (isChanged(planned, 'version')) return { subject: 'control-plane', effect: 'upgrades', name: 'name' };
  const [before, after] = [callersOf(planned.change.before), callersOf(planned.change.after)];
  const isNarrowed = before.some((range) => !after.includes(range));
  return isNarrowed ? { subject: 'api-endpoint', effect: 'interrupts', name: 'name' } : undefined;
}

/** Ranges of addresses from which the public endpoint of a cluster can be called; none if it is private. */
function callersOf(cluster: unknown): readonly unknown[] {
  const [vpc] = listOf(recordOf(cluster)['vpc_config']).map(recordOf);
  return vpc?.['endpoint_public_access'] === true ? listOf(vpc['public_access_cidrs']) : [];
}

/** A chart of a repository. One without is rendered here: its version says nothing, and its objects are compared one by one. */
function ofChart(planned: PlannedChange): Consequence | undefined {
  const [before, after] = [recordOf(planned.change.before), recordOf(planned.change.after)];
  if (typeof after['repository'] !== 'string') return undefined;
  const [from, to] = [before['version'], after['version']];
  if (typeof from === 'string' && typeof to === 'string' && from !== to) {
    return { subject: 'chart', effect: 'upgrades', name: 'name', versions: { from, to } };
  }
  const isSet = CHART_ARGUMENTS.some((argument) => isChanged(planned, argument));
  return isSet ? { subject: 'chart', effect: 'replaces', name: 'name' } : undefined;
}

function ofRemoval(planned: PlannedChange, action: 'replace' | 'delete' | 'forget'): Consequence {
  const removal = removalOf(planned, action);
  return action === 'forget' ? { ...removal, effect: 'forgets' } : removal;
}

function removalOf(planned: PlannedChange, action: PlanAction): Consequence {
  const { type, name } = planned;
  // Keys of a stack: one signs as the authority, the others belong to certificates that are renewed anyway.
  if (type === 'tls_private_key' && AUTHORITY_NAME.test(name)) return AUTHORITY;
  // A replaced group exists before the old one is deleted; a deleted group takes its nodes with it.
  if (type === 'aws_eks_node_group') {
    return { ...nodesOf(planned), effect: action === 'replace' ? 'rolls nodes' : 'interrupts' };
  }
  return REMOVALS[type] ?? { subject: 'resource', effect: 'replaces' };
}

function nodesOf({ change }: PlannedChange): Pick<Consequence, 'subject' | 'name'> {
  const isSystem = valueOf(change.before, POOL_LABEL) === SYSTEM_POOL;
  return { subject: isSystem ? 'system-nodes' : 'gpu-nodes', name: POOL_LABEL };
}

/** Returns whether an argument changes, or will be known only at apply. */
function isChanged({ change }: PlannedChange, argument: string): boolean {
  const [before, after, unknown] = [change.before, change.after, change.after_unknown].map(
    (values) => recordOf(values)[argument],
  );
  return JSON.stringify(unknown ?? false).includes('true') || JSON.stringify(before) !== JSON.stringify(after);
}

/** Returns an attribute or a label. */
function valueOf(before: unknown, name: string): unknown {
  const attributes = recordOf(before);
  return attributes[name] ?? recordOf(attributes['labels'])[name];
}

/** Returns a path as Terraform writes it: `vpc_config[0].subnet_ids`. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
    .join('');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
