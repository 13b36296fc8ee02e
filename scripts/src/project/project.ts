import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SUMMARY_FILE, type ClusterSummary, type SummaryFile } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { readJsonFile } from '../program/text-file';
import { readSynthFile } from './synth-file';

/** Folder that CDKTF writes to, unless `cdktf.json` names another. @see https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/configuration-file */
const DEFAULT_OUTPUT = 'cdktf.out';

/** What to do if a file that synth wrote is broken. */
export const SYNTHESIZE = 'synthesize again: npm run synth';

/** Level of a warning in CDKTF's manifest. */
const WARNING = '@cdktf/warn';

/** Providers that need a cluster: a stack that uses one is applied after the cluster. */
const CLUSTER_PROVIDERS = ['helm', 'kubernetes'];

/** A synthesized stack. */
export interface Stack {
  readonly name: string;
  /** Holds `cdk.tf.json`. */
  readonly directory: string;
  readonly kind: 'infrastructure' | 'platform';
  /** Names of the stacks that it depends on. */
  readonly needs: readonly string[];
  /** Clusters that it creates. */
  readonly clusters: readonly ClusterSummary[];
  /** Values of its outputs as synth wrote them; values that only Terraform knows are expressions. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Warnings of its constructs. */
  readonly warnings: readonly string[];
  /** Attributes of its resources, by type and id. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** What synth wrote. */
export interface Project {
  /** Holds `cdktf.json`. */
  readonly directory: string;
  /** Folder that synth wrote to. */
  readonly output: string;
  /** Each after those that it depends on. */
  readonly stacks: readonly Stack[];
}

/** Returns the directory of the project, or of one of its examples. Throws UsageError if the example does not exist. */
export function projectDirectory(context: Pick<Context, 'settings' | 'directory'>, example?: string): string {
  const directory = resolve(context.directory, context.settings.require('projectDirectory'));
  if (example === undefined) return directory;
  const found = [join(directory, 'examples', example), resolve(directory, example)].find((candidate) =>
    existsSync(join(candidate, 'cdktf.json')),
  );
  if (found === undefined) {
    throw new UsageError(`${join(directory, 'examples', example, 'cdktf.json')} does not exist`, {
      remedy: 'name a folder with a cdktf.json',
    });
  }
  return found;
}

/**
 * Reads what synth wrote. Throws UsageError if the project is not synthesized.
 * @param written folder that synth wrote to; by default the output folder of `cdktf.json`
 */
export function readProject(
  context: Pick<Context, 'settings' | 'directory'>,
  example?: string,
  written?: string,
): Project {
  const directory = projectDirectory(context, example);
  const output = resolve(directory, written ?? outputDirectory(directory));
  const manifest = join(output, 'manifest.json');
  if (!existsSync(manifest)) {
    const remedy = existsSync(join(directory, 'cdktf.json'))
      ? `synthesize first: npm run synth, in ${directory}`
      : `synthesize first: run the program in ${directory}; or name the folder of another project with --project`;
    throw new UsageError(`${manifest} does not exist`, { remedy });
  }
  const { stacks } = readJsonFile<{ stacks: Readonly<Record<string, ManifestStack>> }>(manifest, SYNTHESIZE);
  return { directory, output, stacks: inOrder(Object.values(stacks).map((stack) => readStack(output, stack))) };
}

/** Throws UsageError if a folder is not a CDKTF project. */
export function requireProject(directory: string): void {
  const path = join(directory, 'cdktf.json');
  if (!existsSync(path))
    throw new UsageError(`${path} does not exist`, { remedy: 'name the folder of the project with --project' });
}

/** Reads the project if it is synthesized, for commands that also work without one. */
export function findProject(context: Pick<Context, 'settings' | 'directory'>, example?: string): Project | undefined {
  const directory = projectDirectory(context, example);
  return existsSync(join(directory, outputDirectory(directory), 'manifest.json'))
    ? readProject(context, example)
    : undefined;
}

interface ManifestStack {
  readonly name: string;
  readonly workingDirectory: string;
  readonly dependencies?: readonly string[];
  readonly annotations?: readonly { readonly level: string; readonly message: string }[];
}

interface StackFile {
  readonly terraform?: { readonly required_providers?: Readonly<Record<string, unknown>> };
  readonly output?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource?: Stack['resources'];
}

function readStack(
  output: string,
  { name, workingDirectory, dependencies = [], annotations = [] }: ManifestStack,
): Stack {
  const directory = join(output, workingDirectory);
  const {
    terraform,
    output: outputs = {},
    resource = {},
  } = readJsonFile<StackFile>(join(directory, 'cdk.tf.json'), SYNTHESIZE);
  const providers = Object.keys(terraform?.required_providers ?? {});
  const summary = join(directory, SUMMARY_FILE);
  return {
    name,
    directory,
    kind: providers.some((provider) => CLUSTER_PROVIDERS.includes(provider)) ? 'platform' : 'infrastructure',
    needs: dependencies,
    clusters: existsSync(summary) ? readSynthFile<SummaryFile>(summary).clusters : [],
    warnings: annotations.filter(({ level }) => level === WARNING).map(({ message }) => message),
    outputs: Object.fromEntries(Object.entries(outputs).map(([id, { value }]) => [id, value])),
    resources: resource,
  };
}

/** Sorts stacks: infrastructure first, each after its dependencies, otherwise in the order of the manifest. */
function inOrder(stacks: readonly Stack[]): Stack[] {
  const ordered: Stack[] = [];
  const visit = (stack: Stack): void => {
    if (ordered.includes(stack)) return;
    for (const name of stack.needs) {
      const need = stacks.find((candidate) => candidate.name === name);
      if (need !== undefined && need !== stack) visit(need);
    }
    ordered.push(stack);
  };
  for (const kind of ['infrastructure', 'platform']) stacks.filter((stack) => stack.kind === kind).forEach(visit);
  return ordered;
}

/** Returns the folder that CDKTF writes to, from `cdktf.json`. */
export function outputDirectory(directory: string): string {
  const path = join(directory, 'cdktf.json');
  return existsSync(path) ? (readJsonFile<{ output?: string }>(path).output ?? DEFAULT_OUTPUT) : DEFAULT_OUTPUT;
}
