import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { answer, failure, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** A certificate in form. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\nQUJD\n-----END CERTIFICATE-----\n`;

/** Values that only Terraform knows, by output; those of a transit gateway differ with the range of the network. */
const valuesOf = (file: StackFile): Readonly<Record<string, string>> => ({
  transit_gateway_id: transitGatewayOf(file),
  ram_share_arn: `arn:aws:ram:us-west-2:111122223333:resource-share/5c1c1a2e-0000-4000-8000-00000000000${networkOf(file)}`,
  vpc_id: 'vpc-0123456789abcdef0',
  load_balancer_dns_name: 'ollama-0123456789abcdef.elb.us-west-2.amazonaws.com',
  gateway_ca_certificate: CERTIFICATE,
});

/** `1` for 10.1.0.0/16. */
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

/** What happens around Terraform. */
export interface TerraformWorld {
  readonly state: ToolState;
  readonly now: () => number;
  /** Seconds that an apply or a destroy takes, by stack. */
  readonly takes: (stack: string, verb: 'apply' | 'destroy') => Promise<void>;
  readonly attachments: () => Promise<readonly { readonly state: string; readonly transitGatewayId: string }[]>;
  readonly accept: (id: string) => Promise<void>;
}

/** Terraform and OpenTofu, as far as stacks are applied and destroyed. */
export async function terraform(world: TerraformWorld, { args }: ToolCall): Promise<ToolAnswer> {
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
      return rest.includes('-detailed-exitcode') && stack?.applied !== applied ? failure('', 2) : answer('plan');
    case 'apply':
      return apply(world, name, file, applied);
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

async function apply(world: TerraformWorld, name: string, file: StackFile, applied: string): Promise<ToolAnswer> {
  const { state } = world;
  if (name === 'platform' && state.stacks['infra'] === undefined) return failure("couldn't find resource: EKS Cluster");
  const before = state.stacks[name];
  if (before === undefined) await world.takes(name, 'apply');
  const resources = Object.entries(file.resource ?? {}).flatMap(([type, all]) =>
    Object.keys(all).map((id) => `${type}.${id}`),
  );
  state.stacks[name] = { resources, applied };
  if (name === 'platform') state.platformSince ??= world.now();
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
