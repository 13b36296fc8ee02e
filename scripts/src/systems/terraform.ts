import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context';
import { UsageError } from '../errors';
import { ToolError, type RunResult, type Tool } from '../process';
import { parseJson } from './json';

/** Exit code of `plan -detailed-exitcode` when there is something to change. @see https://developer.hashicorp.com/terraform/cli/commands/plan */
const CHANGES = 2;

/** A run that was killed may have left its Terraform behind, which goes on and holds the lock of the state. */
const LOCK_TIMEOUT = '-lock-timeout=30m';

/** What `state list` says, with exit code 1, where nothing was ever applied. */
const NO_STATE = /no state file was found/i;

/** One synthesized stack, driven by Terraform or OpenTofu. Every call can be killed and made again: state is theirs. */
export class Terraform {
  readonly #tool: Tool;

  public constructor(
    private readonly context: Pick<Context, 'runner' | 'settings' | 'reporter'>,
    /** Directory that holds `cdk.tf.json`. */
    public readonly directory: string,
  ) {
    if (!existsSync(join(directory, 'cdk.tf.json'))) {
      throw new UsageError(`${directory} holds no cdk.tf.json; synthesize first: npm run synth`);
    }
    this.#tool = context.settings.require('terraformBinary') as Tool;
  }

  /** Downloads providers and modules; quick when nothing is missing. */
  public async init(): Promise<void> {
    await this.run(['init', '-input=false']);
  }

  /** Whether an apply would change anything. */
  public async hasChanges(): Promise<boolean> {
    const { exitCode } = await this.run(['plan', '-input=false', '-detailed-exitcode', '-lock=false'], [0, CHANGES]);
    return exitCode === CHANGES;
  }

  /** The plan as people read it. */
  public async plan(): Promise<string> {
    return (await this.run(['plan', '-input=false', '-lock=false'])).stdout;
  }

  public async apply(): Promise<void> {
    await this.run(['apply', '-input=false', '-auto-approve', LOCK_TIMEOUT]);
  }

  public async destroy(): Promise<void> {
    await this.run(['destroy', '-input=false', '-auto-approve', LOCK_TIMEOUT]);
  }

  /** Outputs by name; empty before the first apply. Sensitive ones are learned by the masker of whoever uses them. */
  public async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.run(['output', '-json']);
    const outputs = parseJson<Record<string, { readonly value: unknown }>>(this.#tool, stdout);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /**
   * Addresses of what is managed in the state, data sources left out; empty when nothing was ever applied, or all is destroyed. The
   * directory must be initialized. A state that can't be read is an error: it is not an empty one.
   */
  public async resources(): Promise<readonly string[]> {
    const { exitCode, stdout, stderr } = await this.run(['state', 'list'], [0, 1]);
    if (exitCode === 0) return stdout.split('\n').filter((line) => line !== '' && !/(^|\.)data\./.test(line));
    if (NO_STATE.test(stderr)) return [];
    throw new ToolError(
      this.#tool,
      exitCode,
      `${this.#tool} can not read the state of ${this.directory}\n${stderr}`,
      stderr,
    );
  }

  private run(args: readonly string[], ok: readonly number[] = [0]): Promise<RunResult> {
    return this.context.runner.run(this.#tool, [`-chdir=${this.directory}`, ...args, ...this.colour(args)], {
      ok,
      env: { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
      onOutput: (text) => {
        this.context.reporter.detail(text.trimEnd());
      },
    });
  }

  private colour([command]: readonly string[]): readonly string[] {
    return command === 'output' || command === 'state' ? [] : ['-no-color'];
  }
}
