/** Programs that Terraform can plan without an account, many at once, each in a module of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_ACCOUNT } from '../acceptance/support/no-account';
import type { TerraformJson } from './program';

/** What data sources of an account answer; all others are asked only by checks, which are left out. */
const FACTS: Readonly<Record<string, object>> = {
  aws_availability_zones: { names: ['us-west-2a', 'us-west-2b', 'us-west-2c'] },
  aws_caller_identity: { account_id: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/deployer/me' },
  aws_eks_addon_version: { version: 'v1.0.0-eksbuild.1' },
  aws_iam_session_context: { issuer_arn: 'arn:aws:iam::111122223333:role/deployer' },
  aws_lb: {
    arn: 'arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/net/shared/1',
    dns_name: 'shared.example.com',
    security_groups: ['sg-1'],
  },
  aws_lb_target_group: { arn: 'arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/ollama/1' },
  aws_partition: { partition: 'aws' },
  kubernetes_config_map_v1: { data: {} },
};

/** The stacks of an installation. */
export type Stacks = readonly TerraformJson[];

/** A part of a program, with a namespace of its own. */
export interface Module {
  readonly name: string;
  readonly json: TerraformJson;
  /** Messages of the choices that a plan refuses to change, by the outputs that are false then. */
  readonly refusals?: ReadonlyMap<string, string>;
}

/** Writes modules, and a program that has all of them. */
export function writeRoot(dir: string, modules: readonly Module[]): void {
  const outputs = modules.flatMap(({ name, refusals }) => [...(refusals?.keys() ?? [])].map((id) => ({ name, id })));
  modules.forEach(({ name, json }) => write(join(dir, name), json));
  write(dir, {
    provider: { aws: [NO_ACCOUNT] },
    terraform: { required_providers: Object.assign({}, ...modules.map(({ json }) => providersOf(json))) as object },
    module: Object.fromEntries(modules.map(({ name }) => [name, { source: `./${name}` }])),
    // One for each: the plan leaves out an output that is unknown in part. Terraform refuses an empty block.
    ...(outputs.length > 0 && {
      output: Object.fromEntries(
        outputs.map(({ name, id }) => [outputName(name, id), { value: `\${module.${name}.${id}}`, sensitive: true }]),
      ),
    }),
  });
}

export function outputName(module: string, id: string): string {
  return `${module}__${id}`;
}

function write(dir: string, json: object): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'main.tf.json'), JSON.stringify(json));
}

/** Joins stacks to one module that asks no account: facts in place of data sources, no checks of quotas. */
export function withoutAccount(stacks: Stacks): TerraformJson {
  const resource: Record<string, object> = {};
  const locals: Record<string, unknown> = {};
  for (const stack of stacks) {
    for (const [type, blocks] of Object.entries(stack.resource)) resource[type] = { ...resource[type], ...blocks };
    Object.assign(locals, stack.locals);
    for (const [type, ids] of Object.entries(stack.data ?? {})) {
      if (FACTS[type] !== undefined) Object.keys(ids).forEach((id) => (locals[`${type}__${id}`] = FACTS[type]));
    }
  }
  const required_providers = Object.assign({}, ...stacks.map(providersOf)) as object;
  const text = JSON.stringify({ resource, locals, terraform: { required_providers } })
    .replaceAll(/\$\{data\.terraform_remote_state\.[^}]*\}/g, 'of-another-stack')
    .replaceAll(/\bdata\.([a-z0-9_]+)\.([A-Za-z0-9_-]+)/g, 'local.$1__$2');
  return JSON.parse(text, (key, value: unknown) => (key === 'precondition' ? [] : value)) as TerraformJson;
}

interface Condition {
  readonly condition: string;
  readonly error_message: string;
}

/** Turns choices that a plan refuses to change into outputs, so that one refusal does not end the plan of all cases. */
export function withRefusals(json: TerraformJson): Pick<Module, 'json' | 'refusals'> {
  const { resource } = json;
  const refusals = new Map<string, string>();
  const output: Record<string, object> = {};
  const choices = Object.entries(resource['terraform_data'] ?? {}).map(([id, block]) => {
    const { lifecycle = {}, ...rest } = block as {
      readonly lifecycle?: {
        readonly ignore_changes?: readonly string[];
        readonly postcondition?: readonly Condition[];
      };
    };
    for (const { condition, error_message } of lifecycle.postcondition ?? []) {
      refusals.set(id, error_message);
      output[id] = { value: condition.replaceAll(/\bself\./g, `terraform_data.${id}.`), sensitive: true };
    }
    return [id, { ...rest, lifecycle: { ignore_changes: lifecycle.ignore_changes } }];
  });
  return {
    json: {
      ...json,
      resource: { ...resource, terraform_data: Object.fromEntries(choices) as Record<string, object> },
      output,
    },
    refusals,
  };
}

/** Returns the required providers. */
function providersOf({ terraform: { required_providers: providers } }: TerraformJson): object {
  return providers;
}
