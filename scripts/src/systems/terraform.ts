import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { RunResult, Tool } from '../program/process';
import { ToolError } from '../program/tool-error';
import { parseJson } from './json';
import { summarizePlan, type PlanDocument, type PlanSummary } from './terraform-plan';

/** Exit code of `plan -detailed-exitcode` when there is something to change. @see https://developer.hashicorp.com/terraform/cli/commands/plan */
const CHANGES = 2;

/** A run that was killed may have left its Terraform behind, which goes on and holds the lock of the state. */
const LOCK_TIMEOUT = '-lock-timeout=30m';

/** What `state list` says, with exit code 1, where nothing was ever applied. */
const NO_STATE = /no state file was found/i;

/** Begins a line of `state list`; OpenTofu prints warnings among them. */
const ADDRESS = /^[\w-]+(\[.*\])?\.[\w-]/;

/** What an apply says when the state has changed since the plan was made. */
const STALE = /saved plan is stale|plan file can no longer be applied/i;

/** How often a plan is made anew when it went stale before it could be applied. */
const PLAN_ATTEMPTS = 3;

/** Commands whose output is read, not shown. */
const DATA_COMMANDS: readonly string[] = ['output', 'show', 'state'];

/** Folder of a plan, in that of its stack: a plan may hold secrets. */
const PLAN_FOLDER = '.ollama-eks-plan';

/** One synthesized stack, driven by Terraform or OpenTofu. Every call can be killed and made again: state is theirs. */
export class Terraform {
  readonly #tool: Tool;

  public constructor(
    private readonly context: Pick<Context, 'runner' | 'settings' | 'reporter'>,
    /** Directory that holds `cdk.tf.json`. */
    public readonly directory: string,
  ) {
    if (!existsSync(join(directory, 'cdk.tf.json'))) {
      throw new UsageError(`${directory} holds no cdk.tf.json`, { remedy: 'synthesize first: npm run synth' });
    }
    this.#tool = context.settings.require('terraformBinary') as Tool;
  }

  /** Downloads providers and modules; quick when nothing is missing. */
  public async init(): Promise<void> {
    await this.run(['init', '-input=false']);
  }

  /** What an apply would do, without a lock and without an effect; undefined where there is nothing to change. */
  public async plan(): Promise<PlanSummary | undefined> {
    return this.withPlanFile((file) => this.makePlan(file, '-lock=false'));
  }

  /**
   * Plans, has the plan judged, and applies that very plan; one that the state has left behind meanwhile is made, and judged, anew.
   * Returns whether there was anything to change. Throws what `judge` throws, with nothing changed.
   */
  public async apply(judge: (plan: PlanSummary) => Promise<void>): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withPlanFile(async (file) => {
          const plan = await this.makePlan(file, LOCK_TIMEOUT);
          if (plan === undefined) return false;
          await judge(plan);
          await this.run(['apply', '-input=false', LOCK_TIMEOUT, file]);
          return true;
        });
      } catch (error) {
        const stale = error instanceof ToolError && STALE.test(error.stderr);
        if (!stale || attempt === PLAN_ATTEMPTS) throw error;
        this.context.reporter.note(`the plan of ${this.directory} went stale; it is made anew`);
      }
    }
  }

  public async destroy(): Promise<void> {
    await this.run(['destroy', '-input=false', '-auto-approve', LOCK_TIMEOUT]);
  }

  /** Outputs by name; empty before the first apply. Sensitive ones are learned by the masker of whoever uses them. */
  public async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.run(['output', '-json']);
    const outputs = parseJson<Record<string, { readonly value: unknown }>>(this.#tool, jsonIn(stdout));
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /**
   * Addresses of what is managed in the state, data sources left out; empty when nothing was ever applied, or all is destroyed. The
   * directory must be initialized. A state that can't be read is an error: it is not an empty one.
   */
  public async resources(): Promise<readonly string[]> {
    const { exitCode, stdout, stderr } = await this.run(['state', 'list'], [0, 1]);
    if (exitCode === 0) return stdout.split('\n').filter((line) => ADDRESS.test(line) && !/(^|\.)data\./.test(line));
    if (NO_STATE.test(stderr)) return [];
    throw new ToolError(
      this.#tool,
      exitCode,
      `${this.#tool} can not read the state of ${this.directory}\n${stderr}`,
      stderr,
    );
  }

  private async makePlan(file: string, lock: string): Promise<PlanSummary | undefined> {
    const args = ['plan', '-input=false', '-detailed-exitcode', lock, `-out=${file}`];
    const { exitCode } = await this.run(args, [0, CHANGES]);
    if (exitCode !== CHANGES) return undefined;
    chmodSync(file, 0o600);
    const { stdout } = await this.run(['show', '-json', file]);
    return summarizePlan(parseJson<PlanDocument>(this.#tool, jsonIn(stdout)));
  }

  /** A file for a plan that nobody else can read, gone when `work` ends; what a killed run has left goes before. */
  private async withPlanFile<Result>(work: (file: string) => Promise<Result>): Promise<Result> {
    const folder = join(this.directory, PLAN_FOLDER);
    const remove = () => rmSync(folder, { recursive: true, force: true });
    remove();
    try {
      mkdirSync(folder, { mode: 0o700 });
      const file = join(folder, 'tfplan');
      writeFileSync(file, '', { mode: 0o600 });
      return await work(file);
    } finally {
      remove();
    }
  }

  private run(args: readonly string[], ok: readonly number[] = [0]): Promise<RunResult> {
    const isData = DATA_COMMANDS.includes(args[0] ?? '');
    return this.context.runner.run(
      this.#tool,
      [`-chdir=${this.directory}`, ...args.slice(0, 1), ...(isData ? [] : ['-no-color']), ...args.slice(1)],
      {
        ok,
        env: { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
        // data may hold secrets that nobody has learned yet
        ...(isData ? {} : { onOutput: (text) => this.context.reporter.detail(text.trimEnd()) }),
      },
    );
  }
}

/** What follows the warnings that OpenTofu prints before it, on the same stream. */
function jsonIn(stdout: string): string {
  return stdout.slice(Math.max(0, stdout.indexOf('{')));
}
