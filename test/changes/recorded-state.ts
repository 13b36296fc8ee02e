/**
 * Plans changes with the real AWS provider, stand-ins for the other providers, and no account. The state is what Terraform records
 * when it creates an installation: values that the provider plans, and ids that stand-ins invent.
 */
import type { PlannedChange, TerraformPlan } from '@org/ollama-eks/pure';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraform } from '../acceptance/support';
import { outputName, withoutAccount, withRefusals, writeRoot, type Stacks } from './account-free';
import { withReplacement } from './fixed-arguments';

/** Cases of one plan: more need more memory than a CI machine has. */
const BATCH = 40;

interface Resource {
  readonly module?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly Instance[];
}

interface Instance {
  readonly attributes: Readonly<Record<string, Json>>;
  readonly schema_version: number;
  readonly sensitive_attributes?: unknown;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An installation as Terraform recorded it. */
export interface Recorded {
  readonly resources: readonly Resource[];
}

/** A change of a recorded installation. */
export interface Case {
  readonly recorded: Recorded;
  readonly stacks: Stacks;
}

/** What Terraform would do with real providers. */
export interface Planned {
  readonly changes: readonly PlannedChange[];
  /** Messages of choices that the plan refuses to change. */
  readonly refusals: readonly string[];
}

/** Records the states of installations, in their order. */
export async function record(dir: string, installations: readonly Stacks[]): Promise<readonly Recorded[]> {
  const modules = installations.map((stacks, index) => ({
    name: `installation${index}`,
    json: withoutAccount(stacks),
  }));
  const [applied, planned] = [join(dir, 'applied'), join(dir, 'planned')];
  [applied, planned].forEach((folder) => writeRoot(folder, modules));
  const stubs = { providers: 'stub-providers' } as const;
  await terraform(applied, ['init'], stubs);
  await terraform(applied, ['apply', '-auto-approve'], stubs);
  const creation = await plan(planned);
  const values = new Map(creation.resource_changes?.map(({ address, change }) => [address, change]));
  const state = JSON.parse(withTemplateIds(readFileSync(join(applied, 'terraform.tfstate'), 'utf8'))) as Recorded;
  return modules.map(({ name }) => ({
    resources: state.resources
      .filter(({ module, mode }) => module === `module.${name}` && mode === 'managed')
      .map((resource) => recorded(resource, values.get(`module.${name}.${resource.type}.${resource.name}`))),
  }));
}

/** Returns a resource as the provider plans to create it. Values that only an apply knows are invented. */
function recorded(resource: Resource, creation: PlannedChange['change'] | undefined): Resource {
  const instances = resource.instances.map(({ attributes, schema_version, sensitive_attributes }) => ({
    schema_version,
    sensitive_attributes,
    attributes:
      creation === undefined || resource.type === 'terraform_data'
        ? attributes
        : (merge(attributes, creation.after as Json, creation.after_unknown as Json) as Instance['attributes']),
  }));
  return { ...resource, instances };
}

/** Plans cases, many at once, and returns what each does. */
export async function planCases<One extends Case>(
  dir: string,
  cases: readonly One[],
): Promise<readonly (readonly [One, Planned])[]> {
  const planned: (readonly [One, Planned])[] = [];
  for (let start = 0; start < cases.length; start += BATCH) {
    planned.push(...(await planBatch(join(dir, `batch${String(start)}`), cases.slice(start, start + BATCH))));
  }
  return planned;
}

async function planBatch<One extends Case>(
  dir: string,
  cases: readonly One[],
): Promise<readonly (readonly [One, Planned])[]> {
  const modules = cases.map((one, index) => ({
    one,
    name: `case${index}`,
    ...withRefusals(withoutAccount(one.stacks)),
  }));
  writeRoot(dir, modules);
  const resources = cases.flatMap((one, index) =>
    one.recorded.resources.map((resource) => ({ ...resource, module: `module.case${index}` })),
  );
  const state = { version: 4, terraform_version: '1.11.0', serial: 1, lineage: 'recorded', outputs: {}, resources };
  writeFileSync(join(dir, 'terraform.tfstate'), JSON.stringify(state));
  const { resource_changes: changes = [], planned_values: values } = await plan(dir);
  return modules.map(({ one, name, refusals }) => {
    const own = changes.filter(({ address }) => address.startsWith(`module.${name}.`));
    return [
      one,
      {
        changes: own.filter(({ change }) => change.actions.join() !== 'no-op').map(withReplacement),
        refusals: [...(refusals ?? [])].flatMap(([id, message]) =>
          values.outputs[outputName(name, id)]?.value === false ? [message] : [],
        ),
      },
    ] as const;
  });
}

interface PlanDocument extends TerraformPlan {
  readonly planned_values: {
    readonly outputs: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

async function plan(dir: string): Promise<PlanDocument> {
  await terraform(dir, ['init']);
  await terraform(dir, ['plan', '-refresh=false', '-out=plan.bin']);
  const { stdout } = await terraform(dir, ['show', '-json', 'plan.bin']);
  return JSON.parse(stdout) as PlanDocument;
}

/** The provider checks the form of ids of launch templates. */
function withTemplateIds(text: string): string {
  const { resources } = JSON.parse(text) as Recorded;
  const ids = resources
    .filter(({ type }) => type === 'aws_launch_template')
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes['id'] as string));
  return ids.reduce((all, id) => all.replaceAll(id, `lt-${id.slice(-8)}`), text);
}

/** Returns what the provider planned, and where it did not know a value, what a stand-in made up. */
function merge(made: Json | undefined, planned: Json | undefined, unknown: Json | undefined): Json {
  if (unknown === true) return made ?? null;
  if (Array.isArray(planned)) {
    const [values, unknowns] = [listOf(made), listOf(unknown)];
    return planned.map((value: Json, index) => merge(values[index], value, unknowns[index]));
  }
  if (typeof planned === 'object' && planned !== null) {
    const [values, known, unknowns] = [recordOf(made), recordOf(planned), recordOf(unknown)];
    const keys = [...new Set([...Object.keys(known), ...Object.keys(unknowns)])];
    return Object.fromEntries(keys.map((key) => [key, merge(values[key], known[key], unknowns[key])]));
  }
  return planned ?? null;
}

function listOf(value: Json | undefined): readonly (Json | undefined)[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function recordOf(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
}
