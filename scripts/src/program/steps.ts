import type { Context } from './context';
import { CommandError, exitCodeOf, messageOf } from './exit-codes';

/** What a step has done. */
export interface Done<Result> {
  /** What it found or did, in a few words. */
  readonly outcome: string;
  /** For the steps that need it. */
  readonly result: Result;
}

/** Steps, each by the name under which another one is given its result. */
export type Needs = Readonly<Record<string, Step>>;

/** The results of what a step needs, by their names. */
export type Given<Needed extends Needs> = {
  readonly [Name in keyof Needed]: Needed[Name] extends Step<infer Result> ? Result : never;
};

/** What people read of a step. */
interface StepFacts {
  readonly id: string;
  /** What it does: `Konnect network ready`. */
  readonly title: string;
  /** How long it is expected to take, in minutes; shown before anything starts. */
  readonly minutes: number;
  /**
   * Whether it only waits for what goes on without us: when another step fails, it is left alone instead of being awaited.
   * @default false
   */
  readonly waits?: boolean;
}

/** One thing to do. Its result is handed to the steps that need it. */
export interface Step<Result = unknown> extends StepFacts {
  /** Steps that must be done before. */
  readonly needs: readonly Step[];
  readonly run: (results: Results, signal: AbortSignal) => Promise<Done<Result>>;
}

/** A step as it is written: it gets what it needs, and nothing else. */
export interface StepSpec<Result, Needed extends Needs> extends StepFacts {
  readonly needs: Needed;
  /**
   * Must be safe to run again after having been killed at any moment. The signal is aborted by Ctrl-C and, for a step that only waits,
   * when another has failed.
   */
  readonly run: (given: Given<Needed>, signal: AbortSignal) => Promise<Done<Result>>;
}

/** Makes a step. What `run` is given follows from what it needs, so a need that is left out does not compile. */
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

/** Results of the steps that are done, also after a failure. */
export class Results {
  readonly #results = new Map<Step, unknown>();

  /** The result of a step, or undefined where it is not done. */
  public get<Result>(step: Step<Result>): Result | undefined {
    return this.#results.get(step) as Result | undefined;
  }

  /** The result of a step that is done. */
  public require<Result>(step: Step<Result>): Result {
    if (!this.has(step)) throw new Error(`step ${step.id} has not been done`);
    return this.#results.get(step) as Result;
  }

  public has(step: Step): boolean {
    return this.#results.has(step);
  }

  public set<Result>(step: Step<Result>, result: Result): void {
    this.#results.set(step, result);
  }
}

/** A step that failed, with those that could not start because of it. Its exit code is that of what it failed with. */
export class StepFailure extends CommandError {
  public constructor(
    public readonly step: string,
    cause: unknown,
    public readonly notStarted: readonly string[],
  ) {
    const left = notStarted.length === 0 ? '' : ` (not done: ${notStarted.join(', ')})`;
    super(exitCodeOf(cause), `${step}: ${messageOf(cause)}${left}`, {
      remedy: 'what is done stays done; run the same command again and it goes on from there',
      cause,
    });
    this.name = 'StepFailure';
  }
}

/** The expected course of a run: when each step starts and ends, in minutes from now, and the length of the whole. */
export interface Course {
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly minutes: number;
  /** What it would take with one step after the other. */
  readonly sequentialMinutes: number;
}

/** Expected start and end of each step when independent ones run beside each other. */
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
 * Runs the steps, each as soon as those that it needs are done. When one fails, those under way are awaited (they must not
 * be left half done unreported) unless they only wait, none is started any more, and StepFailure is thrown for the first.
 * @param results gets the result of every step that is done
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
          const heeded = step.waits === true ? AbortSignal.any([signal, abandoned.signal]) : signal;
          const { outcome, result } = await step.run(results, heeded);
          reporter.finished(step.id, outcome);
          results.set(step, result);
        } catch (cause) {
          if (step.waits === true && abandoned.signal.aborted) {
            reporter.note(`left   ${step.id}: it goes on by itself`);
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

/** The steps and all that they need, every need before what needs it; otherwise in the order given. */
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
