import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { answer, failure, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** A certificate by its form only. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\nQUJD\n-----END CERTIFICATE-----\n`;

/** Values that only Terraform knows, by output; those of a transit gateway depend on the range of the network. */
const valuesOf = (file: StackFile): Readonly<Record<string, string>> => ({
  transit_gateway_id: transitGatewayOf(file),
  ram_share_arn: `arn:aws:ram:us-west-2:111122223333:resource-share/5c1c1a2e-0000-4000-8000-00000000000${networkOf(file)}`,
  vpc_id: 'vpc-0123456789abcdef0',
  load_balancer_dns_name: 'ollama-0123456789abcdef.elb.us-west-2.amazonaws.com',
  gateway_ca_certificate: CERTIFICATE,
});

/** Returns `1` for 10.1.0.0/16. */
function networkOf({ output = {} }: StackFile): string {
  return /^10\.(\d)\./.exec(String(output['vpc_cidr']?.value))?.[1] ?? '0';
}

function transitGatewayOf(file: StackFile): string {
  return `tgw-0123456789abcdef${networkOf(file)}`;
}

interface StackFile {
  readonly output?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

/** Arguments of a node group. */
interface NodeGroupArguments {
  readonly labels: Readonly<Record<string, string>>;
  readonly scaling_config: { readonly desired_size: number; readonly max_size: number; readonly min_size: number };
  readonly lifecycle: { readonly ignore_changes?: readonly string[] };
}

/** Environment of Terraform. */
export interface TerraformWorld {
  readonly state: ToolState;
  readonly now: () => number;
  /** Duration of an apply or a destroy in seconds, by stack. */
  readonly takes: (stack: string, verb: 'apply' | 'destroy') => Promise<void>;
  readonly attachments: () => Promise<readonly { readonly state: string; readonly transitGatewayId: string }[]>;
  readonly accept: (id: string) => Promise<void>;
}

/** Terraform and OpenTofu, limited to applying and destroying stacks. */
export async function terraform(world: TerraformWorld, call: ToolCall): Promise<ToolAnswer> {
  const { args } = call;
  const verb = args[1] ?? '';
  if (!args.includes('-json') || !['apply', 'destroy'].includes(verb)) return run(world, call);
  const name = basename((args[0] ?? '').replace('-chdir=', ''));
  const before = world.state.stacks[name]?.resources ?? [];
  const planned =
    verb === 'destroy' ? before.map((address) => ({ address, action: 'delete' })) : actionsOf(readPlan(args));
  return events(planned, await run(world, call));
}

/** What `-json` prints: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
function events(planned: readonly { address: string; action: string }[], { exitCode, stderr }: ToolAnswer): ToolAnswer {
  if (exitCode !== 0) {
    const [summary = '', ...detail] = stderr.replace(/^Error: /, '').split('\n\n');
    const diagnostic = { severity: 'error', summary, detail: detail.join('\n\n') };
    return { exitCode, stdout: line({ type: 'diagnostic', diagnostic }), stderr: '' };
  }
  const steps = planned.flatMap(({ address, action }) =>
    (action === 'replace' ? ['delete', 'create'] : [action]).map((done) => ({
      action: done,
      resource: { addr: address, resource_type: address.split('.')[0] },
    })),
  );
  const lines = [
    ...planned.map(({ address, action }) =>
      line({ type: 'planned_change', change: { resource: { addr: address }, action } }),
    ),
    ...steps.flatMap((hook) => [line({ type: 'apply_start', hook }), line({ type: 'apply_complete', hook })]),
  ];
  return { exitCode, stdout: lines.join(''), stderr };
}

function line(event: object): string {
  return `${JSON.stringify({ '@level': 'info', '@module': 'terraform.ui', ...event })}\n`;
}

function actionsOf({ changes }: PlanFile): { address: string; action: string }[] {
  return changes.flatMap(({ address, change: { actions } }) => {
    const [action = ''] = actions;
    return action === 'no-op' ? [] : [{ address, action: actions.length > 1 ? 'replace' : action }];
  });
}

async function run(world: TerraformWorld, { args }: ToolCall): Promise<ToolAnswer> {
  const [chdir = '', verb = '', ...rest] = args;
  if (chdir === 'version') return answer({ terraform_version: '1.13.0' });
  const directory = chdir.replace('-chdir=', '');
  const name = basename(directory);
  const text = readFileSync(join(directory, 'cdk.tf.json'), 'utf8');
  const file = JSON.parse(text) as StackFile;
  const applied = createHash('sha256').update(text).digest('hex');
  const stack = world.state.stacks[name];
  switch (verb) {
    case 'init':
      return answer('initialized');
    case 'plan':
      if (name === 'platform' && world.state.stacks['infra'] === undefined) return NO_CLUSTER;
      return plan(rest, { file, applied, serial: stack?.serial ?? 0, changes: changesOf(file, stack) });
    case 'show':
      return answer(documentOf(readPlan(rest)));
    case 'apply': {
      const planned = readPlan(rest);
      if (planned.serial !== (stack?.serial ?? 0)) return STALE;
      return apply(world, name, planned);
    }
    case 'destroy':
      return destroy(world, name, transitGatewayOf(file));
    case 'output':
      return answer(stack === undefined ? {} : outputsOf(file));
    case 'state':
      return stack === undefined ? failure('No state file was found!') : answer(stack.resources.join('\n'));
    default:
      return failure(`Terraform has no command named "${verb}"`);
  }
}

/** Content of a plan file of the stand-in. */
interface PlanFile {
  readonly file: StackFile;
  readonly applied: string;
  /** Serial of the state that the plan is for. */
  readonly serial: number;
  readonly changes: readonly ResourceChange[];
}

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
interface ResourceChange {
  readonly address: string;
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
    readonly before_sensitive: unknown;
    readonly after_sensitive: unknown;
    readonly replace_paths?: readonly (readonly string[])[];
  };
  readonly action_reason?: string;
}

/** Attributes that cannot be changed in place. */
const FORCE_NEW: Readonly<Record<string, readonly string[]>> = {
  aws_vpc: ['cidr_block'],
  aws_eks_cluster: ['name'],
  aws_ram_principal_association: ['principal'],
  aws_ec2_transit_gateway_vpc_attachment_accepter: ['transit_gateway_attachment_id'],
  aws_ec2_transit_gateway_route: ['transit_gateway_attachment_id'],
};

const NO_CLUSTER = failure("couldn't find resource: EKS Cluster");

const STALE = failure(
  'Error: Saved plan is stale\n\nThe given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
);

function plan(args: readonly string[], planned: PlanFile): ToolAnswer {
  const out = args.find((word) => word.startsWith('-out='))?.slice('-out='.length);
  if (out !== undefined) writeFileSync(out, JSON.stringify(planned));
  const changes = planned.changes.some(({ change }) => change.actions[0] !== 'no-op');
  return args.includes('-detailed-exitcode') && changes ? failure('', 2) : answer('plan');
}

function readPlan(args: readonly string[]): PlanFile {
  return JSON.parse(readFileSync(args.at(-1) ?? '', 'utf8')) as PlanFile;
}

function documentOf({ changes, applied }: PlanFile) {
  return {
    format_version: '1.2',
    terraform_version: '1.13.0',
    resource_changes: changes,
    configuration: { hash: applied },
    applyable: true,
    complete: true,
    errored: false,
  };
}

/** Compares wanted with applied resources. */
function changesOf(file: StackFile, stack: ToolState['stacks'][string] | undefined): ResourceChange[] {
  const wanted = attributesOf(file);
  const before = stack?.attributes ?? {};
  const addresses = [...new Set([...(stack?.resources ?? []), ...Object.keys(wanted)])];
  return addresses.map((address) => {
    const [type = '', name = ''] = address.split('.');
    const [had, want] = [before[address] ?? null, wanted[address] ?? null];
    const there = stack?.resources.includes(address) === true;
    const paths = there && want !== null ? changedPaths(had, want) : [];
    const forced = paths.filter((path) => FORCE_NEW[type]?.includes(path));
    const tainted = stack?.tainted?.includes(address) === true;
    const actions = !there
      ? ['create']
      : want === null
        ? ['delete']
        : tainted || forced.length > 0
          ? ['delete', 'create']
          : [paths.length > 0 ? 'update' : 'no-op'];
    const sides = { before: had, after: want, after_unknown: {}, before_sensitive: false, after_sensitive: {} };
    return {
      address,
      mode: 'managed' as const,
      type,
      name,
      provider_name: `registry.terraform.io/hashicorp/${type.split('_')[0] ?? ''}`,
      change: { actions, ...sides, ...(forced.length > 0 ? { replace_paths: forced.map((path) => [path]) } : {}) },
      ...(tainted ? { action_reason: 'replace_because_tainted' } : {}),
      ...(!tainted && forced.length > 0 ? { action_reason: 'replace_because_cannot_update' } : {}),
      ...(actions[0] === 'delete' && want === null ? { action_reason: 'delete_because_no_resource_config' } : {}),
    };
  });
}

function attributesOf({ resource = {} }: StackFile): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource).flatMap(([type, all]) =>
      Object.entries(all).map(([name, attributes]) => [`${type}.${name}`, attributes]),
    ),
  );
}

function changedPaths(had: unknown, want: unknown): string[] {
  const [left, right] = [had, want].map(withoutIgnored);
  return [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])].filter(
    (key) => JSON.stringify(left?.[key]) !== JSON.stringify(right?.[key]),
  );
}

/** Returns attributes without those whose changes are ignored: of these, only the number of nodes of a node group is known. */
function withoutIgnored(attributes: unknown): Record<string, unknown> {
  const { lifecycle, scaling_config, ...others } = (attributes ?? {}) as Partial<NodeGroupArguments>;
  if (lifecycle?.ignore_changes?.includes('scaling_config[0].desired_size') !== true)
    return (attributes ?? {}) as Record<string, unknown>;
  return { ...others, scaling_config: { ...scaling_config, desired_size: undefined } };
}

/** Creates the node groups of a stack that do not exist. */
function createNodeGroups({ state, now }: TerraformWorld, { resource }: StackFile): void {
  const groups = (resource?.['aws_eks_node_group'] ?? {}) as unknown as Readonly<Record<string, NodeGroupArguments>>;
  for (const [name, { scaling_config: size, labels }] of Object.entries(groups)) {
    state.aws.nodeGroups[name] ??= {
      desiredSize: size.desired_size,
      maxSize: size.max_size,
      minSize: size.min_size,
      pool: labels['ollama-eks/pool'] ?? '',
      createdAt: now(),
      launches: size.desired_size > 0 ? [now()] : [],
    };
  }
}

async function apply(world: TerraformWorld, name: string, { file, applied, serial }: PlanFile): Promise<ToolAnswer> {
  const { state } = world;
  if (name === 'platform' && state.stacks['infra'] === undefined) return NO_CLUSTER;
  const before = state.stacks[name];
  if (before === undefined) await world.takes(name, 'apply');
  const attributes = attributesOf(file);
  const resources = Object.keys(attributes);
  state.stacks[name] = { resources, attributes, applied, serial: serial + 1 };
  if (name === 'platform') state.platformSince ??= world.now();
  createNodeGroups(world, file);
  for (const { principal } of Object.values(file.resource?.['aws_ram_principal_association'] ?? {})) {
    if (principal !== undefined) state.aws.sharePrincipals[principal] = 'ASSOCIATED';
  }
  for (const { transit_gateway_attachment_id: id } of Object.values(
    file.resource?.['aws_ec2_transit_gateway_vpc_attachment_accepter'] ?? {},
  )) {
    if (id !== undefined) await world.accept(id);
  }
  return answer(`Apply complete! Resources: ${String(resources.length)}`);
}

async function destroy(world: TerraformWorld, name: string, transitGateway: string): Promise<ToolAnswer> {
  const { state } = world;
  if (name === 'infra') {
    if (state.stacks['platform'] !== undefined) return failure('DependencyViolation: subnet has dependencies');
    const attached = (await world.attachments()).filter(
      ({ state: at, transitGatewayId }) => at !== 'terminated' && transitGatewayId === transitGateway,
    );
    if (attached.length > 0) return failure(`IncorrectState: ${transitGateway} has non-deleted VPC Attachments`);
  }
  await world.takes(name, 'destroy');
  for (const address of state.stacks[name]?.resources ?? [])
    Reflect.deleteProperty(state.aws.nodeGroups, address.replace('aws_eks_node_group.', ''));
  Reflect.deleteProperty(state.stacks, name);
  if (name === 'platform') state.platformSince = undefined;
  if (name === 'infra')
    for (const principal of Object.keys(state.aws.sharePrincipals))
      Reflect.deleteProperty(state.aws.sharePrincipals, principal);
  return answer('Destroy complete!');
}

function outputsOf(file: StackFile) {
  const values = valuesOf(file);
  return Object.fromEntries(
    Object.entries(file.output ?? {}).map(([name, { value }]) => [
      name,
      { value: typeof value === 'string' && value.includes('${') ? (values[name] ?? 'unknown') : value },
    ]),
  );
}
