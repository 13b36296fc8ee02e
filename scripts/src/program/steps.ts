import type { Context } from './context';
import { CommandError, exitCodeOf, messageOf } from './exit-codes';

/** Outcome of a step. */
export interface Done<Result> {
  /** What the step found or did, in a few words. */
  readonly outcome: string;
  /** Passed to the steps that need it. */
  readonly result: Result;
}

/** Needed steps, by the names under which their results are passed. */
export type Needs = Readonly<Record<string, Step>>;

/** Results of the needed steps, by name. */
export type Given<Needed extends Needs> = {
  readonly [Name in keyof Needed]: Needed[Name] extends Step<infer Result> ? Result : never;
};

/** What is shown about a step. */
interface StepFacts {
  readonly id: string;
  /** What the step achieves: `Konnect network ready`. */
  readonly title: string;
  /** Expected duration in minutes, shown before anything starts. */
  readonly minutes: number;
  /**
   * Whether the step only waits for work that continues without this program. It is abandoned, not awaited, when another step fails.
   * @default false
   */
  readonly waits?: boolean;
  /** What is said when such a step is abandoned. @default 'it continues by itself' */
  readonly left?: string;
}

/** A unit of work. Its result is passed to the steps that need it. */
export interface Step<Result = unknown> extends StepFacts {
  /** Steps that must finish first. */
  readonly needs: readonly Step[];
  readonly run: (results: Results, signal: AbortSignal) => Promise<Done<Result>>;
}

/** Definition of a step, which receives the results that it needs and nothing else. */
export interface StepSpec<Result, Needed extends Needs> extends StepFacts {
  readonly needs: Needed;
  /**
   * Must be safe to run again after being killed at any moment. The signal is aborted by Ctrl-C and, for a step that only waits, by the
   * failure of another step.
   */
  readonly run: (given: Given<Needed>, signal: AbortSignal) => Promise<Done<Result>>;
}

/** Creates a step. The parameter of `run` is derived from `needs`, so using the result of an undeclared step does not compile. */
export function step<Result, Needed extends Needs>({ needs, run, ...facts }: StepSpec<Result, Needed>): Step<Result> {
  return {
    ...facts,
    needs: Object.values(needs),
    run: (results, signal) => {
      const given = Object.fromEntries(Object.entries(needs).map(([name, need]) => [name, results.require(need)]));
      return run(given as Given<Needed>, signal);
    },
  };
}

/** Results of the finished steps, available after a failure, too. */
export class Results {
  readonly #results = new Map<Step, unknown>();

  /** Returns the result of a step, or undefined if it has not finished. */
  public get<Result>(step: Step<Result>): Result | undefined {
    return this.#results.get(step) as Result | undefined;
  }

  /** Returns the result of a finished step. */
  public require<Result>(step: Step<Result>): Result {
    if (!this.has(step)) throw new Error(`step ${step.id} has not finished`);
    return this.#results.get(step) as Result;
  }

  public has(step: Step): boolean {
    return this.#results.has(step);
  }

  public set<Result>(step: Step<Result>, result: Result): void {
    this.#results.set(step, result);
  }
}

/** Failure of a step, with the steps that could not start because of it. Has the exit code of its cause. */
export class StepFailure extends CommandError {
  public constructor(
    public readonly step: string,
    cause: unknown,
    public readonly notStarted: readonly string[],
  ) {
    const left = notStarted.length === 0 ? '' : ` (not done: ${notStarted.join(', ')})`;
    super(exitCodeOf(cause), `${step}: ${messageOf(cause)}${left}`, {
      remedy: 'finished steps stay finished; run the same command again to resume',
      cause,
    });
    this.name = 'StepFailure';
  }
}

/** Expected course of a run: start and end of each step in minutes from now, and the total duration. */
export interface Course {
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly minutes: number;
  /** Duration if the steps ran sequentially. */
  readonly sequentialMinutes: number;
}

/** Calculates the expected start and end of each step when independent steps run in parallel. */
export function course(steps: readonly Step[]): Course {
  const ends = new Map<Step, number>();
  const rows = inOrder(steps).map((step) => {
    const { id, title, minutes, needs } = step;
    const from = Math.max(0, ...needs.map((need) => ends.get(need) ?? 0));
    ends.set(step, from + minutes);
    return { id, title, from, to: from + minutes };
  });
  return {
    steps: rows,
    minutes: Math.max(0, ...ends.values()),
    sequentialMinutes: rows.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

/**
 * Runs the steps, each as soon as the steps that it needs have finished. After a failure no further step starts, running steps are awaited
 * (unless they only wait) so that their outcome is reported, and StepFailure is thrown for the first failure.
 * @param results receives the result of every finished step
 */
export async function runSteps(
  { reporter, signal }: Pick<Context, 'reporter' | 'signal'>,
  steps: readonly Step[],
  results = new Results(),
): Promise<void> {
  const ordered = inOrder(steps);
  const running = new Map<Step, Promise<void>>();
  const failures: { step: Step; cause: unknown }[] = [];
  const abandoned = new AbortController();
  for (const step of ordered) {
    const before = step.needs.flatMap((need) => running.get(need) ?? []);
    running.set(
      step,
      Promise.all(before).then(async () => {
        if (failures.length > 0 || signal.aborted || !step.needs.every((need) => results.has(need))) return;
        reporter.started(step.id, step.title, step.minutes);
        try {
          const stop = step.waits === true ? AbortSignal.any([signal, abandoned.signal]) : signal;
          const { outcome, result } = await step.run(results, stop);
          reporter.finished(step.id, outcome);
          results.set(step, result);
        } catch (cause) {
          if (step.waits === true && abandoned.signal.aborted) {
            reporter.note(`left   ${step.id}: ${step.left ?? 'it continues by itself'}`);
            return;
          }
          reporter.failed(step.id, cause);
          failures.push({ step, cause });
          abandoned.abort();
        }
      }),
    );
  }
  await Promise.all(running.values());
  const [first] = failures;
  if (first !== undefined) {
    const failed = failures.map(({ step }) => step);
    const notStarted = ordered.filter((step) => !results.has(step) && !failed.includes(step)).map(({ id }) => id);
    throw new StepFailure(first.step.id, first.cause, notStarted);
  }
  signal.throwIfAborted();
}

/** Returns the steps and everything that they need, dependencies first, otherwise in the given order. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  const ordered = new Set<Step>();
  const visit = (step: Step): void => {
    if (ordered.has(step)) return;
    step.needs.forEach(visit);
    ordered.add(step);
  };
  steps.forEach(visit);
  return [...ordered];
}
