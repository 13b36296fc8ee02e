import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fit } from '@org/ollama-eks/pure';
import type { Context } from '../context';
import { UsageError } from '../errors';
import { print } from '../output';
import { parseJson } from '../systems/json';
import { projectFiles, type ProjectSpec, type Versions } from './project-files';

/** Options of `init`. */
export interface InitFlags {
  readonly instance?: string;
  readonly model?: string;
  readonly context?: number;
  readonly parallel?: number;
  readonly delivery?: ProjectSpec['delivery'];
  readonly repository?: string;
}

const PRESETS = {
  clusterName: 'ollama',
  region: 'us-west-2',
  instanceType: 'g5.12xlarge',
  model: 'qwen3-coder:30b',
  contextLength: '65536',
  parallel: '1',
  kongCidr: '192.168.0.0/22',
  repository: 'https://github.com/example/platform',
};

const CLUSTER_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Writes a project of one's own: asked for, or told by flags. What does not fit the GPU is refused before a file is written. */
export async function initProject(context: Context, directory: string, flags: InitFlags): Promise<void> {
  const spec = await askFor(context, flags);
  check(spec);
  const target = resolve(context.directory, directory);
  const files = projectFiles(spec, versions());
  const present = [...files.keys()].filter((name) => existsSync(join(target, name)));
  if (present.length > 0) throw new UsageError(`${target} has ${present.join(', ')} already; choose an empty folder`);
  if (!context.flags.dryRun) {
    mkdirSync(target, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(target, name), text);
  }
  const verb = context.flags.dryRun ? 'would write' : 'wrote';
  print(context, { directory: target, files: [...files.keys()], ...spec }, () =>
    [
      `${verb} ${[...files.keys()].join(', ')} to ${target}`,
      `next: cd ${directory} && npm install && npx ollama-eks doctor && npx ollama-eks deploy`,
    ].join('\n'),
  );
}

async function askFor(context: Context, flags: InitFlags): Promise<ProjectSpec> {
  const { settings } = context;
  const given = async (value: string | number | undefined, question: string, preset: string) =>
    value === undefined ? context.ask(question, preset) : String(value);
  const delivery = flags.delivery ?? 'argocd';
  const whole = (name: string, text: string) => {
    if (!/^[1-9]\d*$/.test(text))
      throw new UsageError(`${name} is ${JSON.stringify(text)}; write a whole number from 1`);
    return Number(text);
  };
  return {
    clusterName: await given(settings.get('clusterName'), 'Name of the cluster?', PRESETS.clusterName),
    region: await given(settings.get('awsRegion'), 'AWS region?', PRESETS.region),
    instanceType: await given(flags.instance, 'GPU instance type?', PRESETS.instanceType),
    model: await given(flags.model, 'Model?', PRESETS.model),
    contextLength: whole('the context', await given(flags.context, 'Tokens of one request?', PRESETS.contextLength)),
    parallel: whole('parallel', await given(flags.parallel, 'Requests at a time?', PRESETS.parallel)),
    kongCidr: await given(settings.get('kongCidr'), 'IPv4 range of the Kong network?', PRESETS.kongCidr),
    delivery,
    repository:
      delivery === 'helm'
        ? ''
        : await given(flags.repository, 'Git repository for the rendered tree?', PRESETS.repository),
  };
}

/** Throws UsageError, or the library's own error, for what synth would refuse; what it says is the same. */
function check({ clusterName, model, contextLength, parallel, instanceType }: ProjectSpec): void {
  if (!CLUSTER_NAME.test(clusterName)) {
    throw new UsageError(
      `the name of the cluster is ${JSON.stringify(clusterName)}; write lower-case letters, digits and dashes, at most 63`,
    );
  }
  const result = refusing(() => fit({ name: model, contextLength, parallel }, instanceType));
  if (result.fits) return;
  const smallest =
    result.smallestInstance === undefined
      ? ''
      : `; the cheapest that holds it: --instance ${result.smallestInstance.name}`;
  const largest = result.models[0]?.largestContextLength ?? 0;
  const less = largest > 0 ? `; the largest context there: --context ${String(largest)}` : '';
  throw new UsageError(`${model} does not fit ${instanceType}: ${result.reason ?? ''}${smallest}${less}`);
}

/** What the library refuses was asked for wrongly: exit code 2. */
function refusing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The library that this command line goes with, and what it needs beside it. */
function versions(): Versions {
  const file = require.resolve('@org/ollama-eks/package.json');
  const { version, peerDependencies } = parseJson<{ version: string; peerDependencies: Versions['peers'] }>(
    file,
    readFileSync(file, 'utf8'),
  );
  return { library: version, peers: peerDependencies };
}
