/**
 * Finds the programs that acceptance tests drive: on PATH first, then packed in `../shared/tools` beside this repository.
 * What is nowhere is left out, said in one line and counted (as a `todo`); nothing is fetched.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { trimSchemas } from './stub-schema';

const REPOSITORY = resolve(__dirname, '../../..');
const PACKED = resolve(REPOSITORY, '../shared/tools');
const CACHE = join(REPOSITORY, '.cache/acceptance');
const VARIABLE = 'OLLAMA_EKS_ACCEPTANCE_TOOLS';

/** Programs that are run by name. */
export type Program = 'terraform' | 'tofu' | 'helm' | 'kubectl' | 'etcd' | 'kube-apiserver' | 'envoy';

/**
 * A Terraform CLI configuration that knows where providers are: with the real AWS provider, or with a stand-in for it
 * that makes up computed values and calls nothing, so that `apply` needs no account.
 */
export type Providers = 'real-providers' | 'stub-providers';

/** Whatever a suite may need. */
export type Need = Program | Providers | 'kube-start';

/** Where each need was found: the path of a program, a script or a CLI configuration file. */
type Found = Partial<Record<Need, string>>;

/** Looks for everything once per run; called by jest's globalSetup, so that workers don't unpack beside each other. */
export function locateTools(): void {
  process.env[VARIABLE] = JSON.stringify(locate());
}

/** The path of what a suite declared among its needs. */
export function tool(need: Need): string {
  const path = found()[need];
  if (path === undefined) {
    throw new Error(`${need} is not on this machine; name it among the needs of the suite`);
  }
  return path;
}

/** Those of the needs that this machine doesn't have. */
export function missing(needs: readonly Need[]): Need[] {
  return needs.filter((need) => found()[need] === undefined);
}

/** `describe`, or one counted line where a need is missing. */
export function suite(name: string, needs: readonly Need[], body: () => void): void {
  const absent = missing(needs);
  if (absent.length === 0) {
    describe(name, body);
    return;
  }
  const line = `left out: ${name} (not on this machine: ${absent.join(', ')})`;
  process.stderr.write(`${line}\n`);
  test.todo(line);
}

function found(): Found {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Found;
}

function locate(): Found {
  const packed = existsSync(PACKED) ? unpack() : {};
  const programs = (['terraform', 'tofu', 'helm', 'kubectl', 'etcd', 'kube-apiserver', 'envoy'] as const).map(
    (name) => [name, onPath(name)] as const,
  );
  return { ...configured(), ...packed, ...Object.fromEntries(programs.filter(([, path]) => path !== undefined)) };
}

/** A program on PATH; Envoy, which comes in a Python environment of its own, also where the variable ENVOY says. */
function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...(name === 'envoy' ? [process.env.ENVOY ?? ''] : []),
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

/** The user's own CLI configuration, where it names a provider mirror of theirs. */
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

/** Makes a provider mirror that shares the unpacked programs, and returns its CLI configuration. */
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
