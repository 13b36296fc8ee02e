import { existsSync, readFileSync } from 'node:fs';
import { runProgram, type Output, type ProgramOptions } from './program';
import { tool, type Providers } from './tools';

/** A program that plans and applies Terraform JSON. */
export type Engine = 'terraform' | 'tofu';

export interface TerraformOptions extends Omit<ProgramOptions, 'cwd'> {
  /** @default terraform */
  readonly engine?: Engine;
  /** @default real-providers */
  readonly providers?: Providers;
  /**
   * File that stand-in providers append their steps to, in order; see `readStubLog`.
   * @default - no log
   */
  readonly stubLog?: string;
}

/** Runs Terraform or OpenTofu in a folder, without prompts and colors. Rejects if the exit code is not allowed. */
export async function terraform(
  dir: string,
  args: readonly string[],
  { engine = 'terraform', providers = 'real-providers', stubLog, env, ...options }: TerraformOptions = {},
): Promise<Output> {
  return runProgram(tool(engine), args, {
    ...options,
    cwd: dir,
    env: {
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_CLI_ARGS: '-no-color',
      TF_CLI_CONFIG_FILE: tool(providers),
      ...(stubLog === undefined ? {} : { STUB_LOG: stubLog }),
      ...env,
    },
  });
}

/** One step of a stand-in provider. */
export interface StubStep {
  readonly provider: string;
  readonly op: 'create' | 'update' | 'delete' | 'read' | 'create-failed' | 'delete-failed';
  /** Resource type, e.g. `aws_eks_cluster`. */
  readonly type: string;
}

/** Returns the steps of the stand-in providers, in order. */
export function readStubLog(file: string): StubStep[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.filter(Boolean).map((line) => JSON.parse(line) as StubStep);
}
