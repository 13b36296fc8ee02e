/**
 * An example's resources as a program without this library: the same types with the same arguments, from the provider
 * bindings. It measures the least that CDKTF itself needs for them, because references are text, not tokens.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { REPOSITORY, type SynthesizedStack, type Synthesis } from '../examples';
import type { Program } from './measure';
import { type TerraformJson, moduleOf } from './provider-modules';

type Arguments = Readonly<Record<string, unknown>>;

/** Resolves bindings from the library, as for its users. */
const load = createRequire(join(REPOSITORY, 'packages/ollama-eks/package.json'));

/** Minimal arguments of providers, whose configuration does not affect the figures. */
const PROVIDER_ARGUMENTS: Readonly<Record<string, Arguments>> = { aws: { region: 'us-west-2' } };

/** Writes a program with the resources of all stacks of an example. */
export function byHand({ stacks }: Synthesis): Program {
  const lines = ["const { App, TerraformStack } = require('cdktf');", 'const app = new App();', 'let stack;'];
  const cwd = join(REPOSITORY, '.cache/bench/by-hand');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'main.js'), [...lines, ...stacks.flatMap(stackLines), 'app.synth();\n'].join('\n'));
  return { args: ['main.js'], cwd };
}

function stackLines({ name, dir }: SynthesizedStack): string[] {
  const json = JSON.parse(readFileSync(join(dir, 'cdk.tf.json'), 'utf8')) as TerraformJson;
  return [
    `stack = new TerraformStack(app, '${name}');`,
    ...Object.keys(json.provider ?? {}).map((provider) =>
      construction(`${provider}/provider`, 'Provider', provider, PROVIDER_ARGUMENTS[provider] ?? {}),
    ),
    ...elementLines(json.data ?? {}, 'data-'),
    ...elementLines(json.resource ?? {}),
  ];
}

/** Built-in types of the framework (`terraform_data`) are left out. */
function elementLines(elements: NonNullable<TerraformJson['resource']>, prefix?: string): string[] {
  return Object.entries(elements)
    .filter(([type]) => !type.startsWith('terraform_'))
    .flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, element]) => construction(moduleOf(type, prefix), type, id, argumentsOf(element))),
    );
}

function argumentsOf(element: Arguments): Arguments {
  const { depends_on: dependsOn, ...rest } = element;
  return {
    ...(inBindingsCase(without(rest, '//', 'provider')) as Arguments),
    ...(dependsOn !== undefined && { dependsOn: (dependsOn as string[]).map((fqn) => ({ fqn })) }),
  };
}

function without(value: Arguments, ...keys: readonly string[]): Arguments {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function construction(module: string, type: string, id: string, config: Arguments): string {
  const path = `@cdktf/provider-${module.replace('/', '/lib/')}`;
  return `new (require('${path}').${className(path, type)})(stack, '${id}', ${JSON.stringify(config)});`;
}

/** Returns the class of a binding for a type; the class of a provider has a unique name. */
function className(path: string, type: string): string {
  const classes = Object.entries(load(path) as Record<string, { readonly tfResourceType?: string }>);
  const found = classes.find(
    ([name, { tfResourceType }]) =>
      tfResourceType === type || (type === 'Provider' && name.endsWith(type) && tfResourceType !== undefined),
  );
  if (found === undefined) {
    throw new Error(`${path} has no class for ${type}`);
  }
  return found[0];
}

/** Converts `cluster_name` to `clusterName`, as in the bindings; keys of maps, such as labels, are kept if they are not identifiers. */
function inBindingsCase(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inBindingsCase);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      /^[a-z0-9_]+$/.test(key) ? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key,
      inBindingsCase(inner),
    ]),
  );
}
