import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fit } from '@org/ollama-eks/pure';
import { AGENT_CONTEXT } from '../models/agent-context';
import { listedFigures } from '../models/listed-figures';
import type { Context } from '../program/context';
import { UsageError, wrongValue } from '../program/errors';
import { print } from '../program/output';
import { checkSetting } from '../program/settings';
import { shellLine } from '../program/shell-words';
import { readJsonFile } from '../program/text-file';
import { wholeNumber } from '../program/whole-number';
import { FIRST_REVISION, projectFiles, type Dependencies, type ProjectSpec } from './project-files';

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
  parallel: '1',
  kongCidr: '192.168.0.0/22',
};

const CLUSTER_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Address of a Git repository, without a password. */
const REPOSITORY = /^(https:\/\/|ssh:\/\/([\w.-]+@)?|[\w.-]+@)[\w.-]+[:/][^\s?#@]+$/;

/** Creates a project from flags and answers. Refuses a model that does not fit the GPU before it writes a file. */
export async function initProject(context: Context, directory: string, flags: InitFlags): Promise<void> {
  const spec = await askFor(context, flags);
  check(spec);
  const target = resolve(context.directory, directory);
  const files = projectFiles(spec, dependencies());
  const present = [...files.keys()].filter((name) => existsSync(join(target, name)));
  if (present.length > 0)
    throw new UsageError(`${target} already has ${present.join(', ')}`, { remedy: 'choose an empty folder' });
  if (!context.flags.dryRun) {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(target, name)), { recursive: true });
      writeFileSync(join(target, name), text);
    }
  }
  const verb = context.flags.dryRun ? 'would write' : 'wrote';
  print(context, { directory: target, files: [...files.keys()], ...spec }, () =>
    [`${verb} ${[...files.keys()].join(', ')} to ${target}`, '', 'next:', ...nextSteps(directory, spec)].join('\n'),
  );
}

/** Lists the commands that lead to an endpoint, in order, ready to run. */
function nextSteps(directory: string, { delivery, clusterName, repository }: ProjectSpec): readonly string[] {
  const commands: (readonly [string, string])[] = [
    ...(directory === '.' ? [] : [[shellLine('cd', directory), ''] as const]),
    ['npm install', ''],
    ['npm run synth', 'shows what is created and what it costs'],
    ['export KONNECT_TOKEN=…', 'a Konnect token that may provision; or set KONNECT_TOKEN_FILE'],
    ['export ADMIN_CIDRS="$(curl -s https://checkip.amazonaws.com)/32"', 'who may call the Kubernetes API'],
    ['npx --no-install ollama-eks doctor', 'tools, accounts, quotas, ranges'],
  ];
  if (delivery === 'argocd') {
    commands.push(
      [
        'npx --no-install ollama-eks render',
        `writes argocd/${clusterName}, which Argo CD reads from the root of the repository`,
      ],
      [
        `git init -b main && ${shellLine('git', 'remote', 'add', 'origin', repository)}`,
        'unless it is already a clone',
      ],
      [`git add -A && git commit -m 'Deploy ${clusterName}' && git tag ${FIRST_REVISION}`, ''],
      [`git push origin HEAD ${FIRST_REVISION}`, 'Argo CD must be able to read it'],
    );
  }
  commands.push(['npx --no-install ollama-eks deploy', 'shows its steps, and asks']);
  return commands.map(([command, what]) => (what === '' ? `  ${command}` : `  ${command}  # ${what}`));
}

async function askFor(context: Context, flags: InitFlags): Promise<ProjectSpec> {
  const { settings } = context;
  const given = async (value: string | number | undefined, question: string, preset: string) =>
    value === undefined ? context.ask(question, preset) : String(value);
  const delivery = flags.delivery ?? 'argocd';
  const clusterName = await given(settings.get('clusterName'), 'Name of the cluster?', PRESETS.clusterName);
  const region = await given(settings.get('awsRegion'), 'AWS region?', PRESETS.region);
  const instanceType = await given(flags.instance, 'GPU instance type?', PRESETS.instanceType);
  const model = await given(flags.model, 'Model?', PRESETS.model);
  const preset = String(presetContext(model));
  const tokens = await given(flags.context, 'Tokens of one request?', preset);
  return {
    clusterName,
    region,
    instanceType,
    model,
    contextLength: wholeNumber('context')(tokens),
    parallel: wholeNumber('parallel')(await given(flags.parallel, 'Simultaneous requests?', PRESETS.parallel)),
    kongCidr: await given(settings.get('kongCidr'), 'IPv4 range of the Kong network?', PRESETS.kongCidr),
    delivery,
    repository: delivery === 'helm' ? '' : await given(flags.repository, 'Git repository for the rendered tree?', ''),
  };
}

/** Returns the context for coding agents, or the model's largest one if that is smaller. Throws UsageError if it is not listed. */
function presetContext(model: string): number {
  const remedy = `create the project with a listed model, and replace its entry in main.ts by the one that ollama-eks models inspect ${model} prints`;
  return Math.min(AGENT_CONTEXT, listedFigures(model, remedy).contextLength);
}

/** Throws UsageError, or the library's own error, for what synth would refuse. */
function check(spec: ProjectSpec): void {
  const { clusterName, region, kongCidr, delivery, repository } = spec;
  if (!CLUSTER_NAME.test(clusterName)) {
    throw wrongValue('--cluster', clusterName, 'must be at most 63 lowercase letters, digits and dashes');
  }
  checkSetting('awsRegion', region);
  checkSetting('kongCidr', kongCidr);
  checkFit(spec);
  if (delivery === 'argocd' && !REPOSITORY.test(repository)) {
    throw wrongValue('--repository', repository, 'is not the address of a Git repository that Argo CD can read', {
      allowed: 'https://host/path, ssh://host/path or user@host:path, without a password',
      remedy: 'name your repository, or choose --delivery helm',
    });
  }
}

function checkFit({ model, contextLength, parallel, instanceType }: ProjectSpec): void {
  const result = fit({ name: model, contextLength, parallel }, instanceType);
  if (result.fits) return;
  const { smallestInstance, reason = '' } = result;
  const largest = result.models[0]?.largestContextLength ?? 0;
  const ways = [
    ...(smallestInstance === undefined ? [] : [`the cheapest instance that fits: --instance ${smallestInstance.name}`]),
    ...(largest > 0 ? [`the largest context on ${instanceType}: --context ${String(largest)}`] : []),
  ];
  throw new UsageError(`${model} does not fit ${instanceType}: ${reason}`, {
    remedy: ways.length === 0 ? undefined : ways.join('; '),
  });
}

/** Reads the version of the library and of its peer dependencies. */
function dependencies(): Dependencies {
  const file = require.resolve('@org/ollama-eks/package.json');
  const { version, peerDependencies } = readJsonFile<{ version: string; peerDependencies: Dependencies['peers'] }>(
    file,
  );
  const { typescript = false } = process.features as { readonly typescript?: string | false };
  return { library: version, peers: peerDependencies, runsTypeScript: typescript !== false };
}
