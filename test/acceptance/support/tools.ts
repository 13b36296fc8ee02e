/**
 * Finds the programs that acceptance tests run: on PATH first, then packed in `../shared/tools` next to this repository.
 * A suite whose program is missing is left out, with one line that is counted. Nothing is downloaded.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { leaveOut } from '../../support/leave-out';
import { trimSchemas } from './stub-schema';

const REPOSITORY = resolve(__dirname, '../../..');
const PACKED = resolve(REPOSITORY, '../shared/tools');
const CACHE = join(REPOSITORY, '.cache/acceptance');
const VARIABLE = 'OLLAMA_EKS_ACCEPTANCE_TOOLS';

/** Programs that are run by name. */
const PROGRAMS = [
  ...(['terraform', 'tofu', 'helm', 'kubectl', 'etcd', 'kube-apiserver', 'envoy', 'deck', 'ollama'] as const),
  ...(['istioctl', 'pilot-discovery', 'istiod-chart'] as const),
  ...(['argocd', 'redis-server'] as const),
  ...(['moto_server', 'prometheus', 'promtool'] as const),
  ...(['claude', 'codex', 'opencode', 'qwen', 'cn', 'aider', 'copilot'] as const),
];

export type Program = (typeof PROGRAMS)[number];

/**
 * A Terraform CLI configuration with the location of providers: the real AWS provider, or a stand-in that invents computed
 * values and calls nothing, so that `apply` needs no account.
 */
export type Providers = 'real-providers' | 'stub-providers';

/** Everything that a suite may need. */
export type Need = Program | Providers | 'kube-start';

/** Location of each need: the path of a program, a script or a CLI configuration file. */
type Found = Partial<Record<Need, string>>;

/** Looks for everything once per run. Jest's globalSetup calls it, so that workers do not unpack at the same time. */
export function locateTools(): void {
  process.env[VARIABLE] = JSON.stringify(locate());
}

/** Returns the path of a declared need. */
export function tool(need: Need): string {
  const path = found()[need];
  if (path === undefined) {
    throw new Error(`${need} is not on this machine; name it among the needs of the suite`);
  }
  return path;
}

/** Returns the needs that are missing on this machine. */
export function missing(needs: readonly Need[]): Need[] {
  return needs.filter((need) => found()[need] === undefined);
}

/** `describe`, or one counted line if a need is missing. */
export function suite(name: string, needs: readonly Need[], body: () => void): void {
  const absent = missing(needs);
  if (absent.length === 0) {
    describe(name, body);
    return;
  }
  const why = `not on this machine: ${absent.join(', ')}`;
  process.stderr.write(`left out: ${name} (${why})\n`);
  leaveOut(name, why);
}

function found(): Found {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Found;
}

function locate(): Found {
  const packed = existsSync(PACKED) ? unpack() : {};
  const programs = PROGRAMS.map((name) => [name, onPath(name)] as const);
  return { ...configured(), ...packed, ...Object.fromEntries(programs.filter(([, path]) => path !== undefined)) };
}

/** Variables that name what is not on PATH: programs in separate Python environments, and the unpacked chart of istiod. */
const VARIABLES: Readonly<Record<string, string>> = {
  envoy: 'ENVOY',
  moto_server: 'MOTO_SERVER',
  'istiod-chart': 'ISTIOD_CHART',
};

/** Returns the path of a program that a variable names, or that is on PATH. */
function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...(VARIABLES[name] === undefined ? [] : [process.env[VARIABLES[name]] ?? '']),
    ...folders.map((folder) => join(folder, name)),
  ];
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The user's CLI configuration, if it names a provider mirror. */
function configured(): Found {
  const file = process.env.TF_CLI_CONFIG_FILE;
  return file !== undefined && existsSync(file) ? { 'real-providers': file } : {};
}

function unpack(): Found {
  const bin = join(CACHE, 'bin');
  run('unpack', bin);
  return {
    tofu: join(bin, 'tofu'),
    helm: join(bin, 'helm'),
    etcd: join(bin, 'etcd'),
    'kube-apiserver': join(bin, 'kube-apiserver'),
    'kube-start': join(PACKED, 'kube-start'),
    'real-providers': mirror('real'),
    'stub-providers': mirror('stub', '--stub-aws'),
  };
}

/** Creates a provider mirror that shares the unpacked programs, and returns its CLI configuration. */
function mirror(name: string, ...options: string[]): string {
  const folder = join(CACHE, name);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'bin'))) {
    symlinkSync('../bin', join(folder, 'bin'));
  }
  run('terraform-mirror', folder, ...options);
  trimSchemas(join(folder, 'registry.terraform.io/hashicorp'));
  return join(folder, 'terraform.rc');
}

function run(script: string, ...args: string[]): void {
  execFileSync(join(PACKED, script), args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
