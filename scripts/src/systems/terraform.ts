import type { TerraformPlan } from '@org/ollama-eks/pure';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { RunResult, Tool } from '../program/process';
import { ToolError } from '../program/tool-error';
import { parseJsonObject } from './json';
import { TerraformEvents } from './terraform-events';
import { summarizePlan, type PlanSummary } from './terraform-plan';

/** Exit code of `plan -detailed-exitcode` for a plan with changes. @see https://developer.hashicorp.com/terraform/cli/commands/plan */
const CHANGES = 2;

/** A killed run may leave its Terraform process running, which holds the lock of the state. */
const LOCK_TIMEOUT = '-lock-timeout=30m';

/** Error of `state list`, with exit code 1, before the first apply. */
const NO_STATE = /no state file was found/i;

/** Start of a resource's line in the output of `state list`, among which OpenTofu prints warnings. */
const ADDRESS = /^[\w-]+(\[.*\])?\.[\w-]/;

/** Error of an apply if the state has changed since the plan was created. */
const STALE = /saved plan is stale|plan file can no longer be applied/i;

/** Maximum number of plans if they become stale before they are applied. */
const PLAN_ATTEMPTS = 3;

/** Commands whose output is parsed, not shown. */
const DATA_COMMANDS: readonly string[] = ['output', 'show', 'state'];

/** No hints for people, and no search for a newer version. */
const ENVIRONMENT = { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };

/** Folder for a plan, inside the folder of its stack. Private, because a plan may contain secrets. */
const PLAN_FOLDER = '.ollama-eks-plan';

/** How a long operation is reported. */
export interface FollowOptions {
  /** Name on the progress line: that of the stack. */
  readonly name: string;
  /** Usual duration. */
  readonly minutes: number;
}

/** A synthesized stack, planned and applied by Terraform or OpenTofu. Every call can be killed and repeated, since they keep the state. */
export class Terraform {
  readonly #tool: Tool;

  public constructor(
    private readonly context: Pick<Context, 'runner' | 'settings' | 'reporter' | 'clock'>,
    /** Directory that contains `cdk.tf.json`. */
    public readonly directory: string,
  ) {
    if (!existsSync(join(directory, 'cdk.tf.json'))) {
      throw new UsageError(`${directory} does not contain cdk.tf.json`, { remedy: 'synthesize first: npm run synth' });
    }
    this.#tool = context.settings.require('terraformBinary') as Tool;
  }

  /** Downloads missing providers and modules. */
  public async init(): Promise<void> {
    await this.run(['init', '-input=false']);
  }

  /** Returns what an apply would do, without locking the state, or undefined if there are no changes. */
  public async plan(): Promise<PlanSummary | undefined> {
    return this.withPlanFile((file) => this.makePlan(file, '-lock=false'));
  }

  /**
   * Plans, passes the plan to `review`, and applies exactly that plan. A plan that has become stale is created and reviewed again.
   * Returns whether there were changes. If `review` throws, nothing is changed.
   */
  public async apply(review: (plan: PlanSummary) => Promise<void>, options: FollowOptions): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withPlanFile(async (file) => {
          const plan = await this.makePlan(file, LOCK_TIMEOUT);
          if (plan === undefined) return false;
          await review(plan);
          await this.follow(['apply', '-input=false', LOCK_TIMEOUT, file], options);
          return true;
        });
      } catch (error) {
        const stale = error instanceof ToolError && STALE.test(error.stderr);
        if (!stale || attempt === PLAN_ATTEMPTS) throw error;
        this.context.reporter.note(`the plan of ${this.directory} has become stale; planning again`);
      }
    }
  }

  public async destroy(options: FollowOptions): Promise<void> {
    await this.follow(['destroy', '-input=false', '-auto-approve', LOCK_TIMEOUT], options);
  }

  /** Returns the outputs by name, or {} before the first apply. The caller must register sensitive ones with the masker. */
  public async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.run(['output', '-json']);
    const outputs = parseJsonObject<Record<string, { readonly value: unknown }>>(this.#tool, jsonIn(stdout));
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /**
   * Returns the addresses of the managed resources in the state, without data sources: none before the first apply and after a destroy.
   * The directory must be initialized. Throws ToolError if the state cannot be read.
   */
  public async resources(): Promise<readonly string[]> {
    const { exitCode, stdout, stderr } = await this.run(['state', 'list'], [0, 1]);
    if (exitCode === 0) return stdout.split('\n').filter((line) => ADDRESS.test(line) && !/(^|\.)data\./.test(line));
    if (NO_STATE.test(stderr)) return [];
    throw new ToolError(
      this.#tool,
      exitCode,
      `${this.#tool} cannot read the state of ${this.directory}\n${stderr}`,
      stderr,
    );
  }

  private async makePlan(file: string, lock: string): Promise<PlanSummary | undefined> {
    const args = ['plan', '-input=false', '-detailed-exitcode', lock, `-out=${file}`];
    const { exitCode } = await this.run(args, [0, CHANGES]);
    if (exitCode !== CHANGES) return undefined;
    chmodSync(file, 0o600);
    const { stdout } = await this.run(['show', '-json', file]);
    return summarizePlan(parseJsonObject<TerraformPlan>(this.#tool, jsonIn(stdout)));
  }

  /** Creates a file for a plan that nobody else can read and removes it after `work`. Removes the file of a killed run first. */
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

  /** Runs an apply or a destroy, and reports its progress. */
  private async follow([verb = '', ...args]: readonly string[], { name, minutes }: FollowOptions): Promise<void> {
    const { reporter, clock, runner } = this.context;
    const started = clock.now();
    const events = new TerraformEvents();
    const onLine = (line: string): void => {
      reporter.detail(events.read(line));
      const waitsFor = events.progress;
      if (waitsFor === undefined) return;
      const elapsedSeconds = (clock.now() - started) / 1000;
      reporter.waiting({ step: name, elapsedSeconds, expectedSeconds: minutes * 60, waitsFor });
    };
    try {
      const command = [`-chdir=${this.directory}`, verb, '-json', ...args];
      const { exitCode, stderr } = await runner.run(this.#tool, command, { ok: [0, 1], env: ENVIRONMENT, onLine });
      if (exitCode === 0) return;
      const problem = [events.errors, stderr.trim()].filter((text) => text !== '').join('\n\n');
      throw new ToolError(
        this.#tool,
        exitCode,
        `${[this.#tool, ...command].join(' ')}: exit code ${String(exitCode)}\n${problem}`,
        problem,
      );
    } finally {
      reporter.waited(name);
    }
  }

  private run(args: readonly string[], ok: readonly number[] = [0]): Promise<RunResult> {
    const isData = DATA_COMMANDS.includes(args[0] ?? '');
    return this.context.runner.run(
      this.#tool,
      [`-chdir=${this.directory}`, ...args.slice(0, 1), ...(isData ? [] : ['-no-color']), ...args.slice(1)],
      {
        ok,
        env: ENVIRONMENT,
        // data may contain secrets that the masker does not know yet
        ...(isData ? {} : { onOutput: (text) => this.context.reporter.detail(text.trimEnd()) }),
      },
    );
  }
}

/** Returns the output without the warnings that OpenTofu prints before the JSON. */
function jsonIn(stdout: string): string {
  return stdout.slice(Math.max(0, stdout.indexOf('{')));
}
