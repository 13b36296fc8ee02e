import { messageOf } from './exit-codes';
import type { Reporter } from './reporter';

/** One thing to do, known by its id to those that need it done first. */
export interface Step<Context> {
  readonly id: string;
  /** What it does, as people read it: `Konnect network ready`. */
  readonly title: string;
  /** How long it is expected to take, in minutes; shown before anything starts. */
  readonly minutes: number;
  /** Ids of the steps that must be done before. */
  readonly needs: readonly string[];
  /**
   * Whether it only waits for what goes on without us: when another step fails, it is left alone instead of being awaited.
   * @default false
   */
  readonly waits?: boolean;
  /**
   * Must be safe to run again after having been killed at any moment. Returns what it found or did, in a few words.
   * The signal is aborted by Ctrl-C and, for a step that only waits, when another has failed.
   */
  readonly run: (context: Context, signal: AbortSignal) => Promise<string>;
}

/** A step that failed, with those that could not start because of it. */
export class StepFailure extends Error {
  public constructor(
    public readonly step: string,
    public override readonly cause: unknown,
    public readonly notStarted: readonly string[],
  ) {
    super(`${step}: ${messageOf(cause)}`);
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

/** Expected start and end of each step when independent ones run beside each other. Throws for an unknown need or a cycle. */
export function course<Context>(steps: readonly Step<Context>[]): Course {
  const ends = new Map<string, number>();
  const rows = inOrder(steps).map((step) => {
    const from = Math.max(0, ...step.needs.map((id) => ends.get(id) ?? 0));
    ends.set(step.id, from + step.minutes);
    return { id: step.id, title: step.title, from, to: from + step.minutes };
  });
  return {
    steps: rows,
    minutes: Math.max(0, ...ends.values()),
    sequentialMinutes: steps.reduce((sum, step) => sum + step.minutes, 0),
  };
}

/**
 * Runs the steps, each as soon as those that it needs are done. When one fails, those under way are awaited (they must not
 * be left half done unreported) unless they only wait, none is started any more, and the first failure is thrown with what did not start.
 */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const failures: { step: string; cause: unknown }[] = [];
  const done = new Set<string>();
  const abandoned = new AbortController();
  for (const step of inOrder(steps)) {
    const before = step.needs.map((id) => running.get(id) ?? Promise.resolve());
    running.set(
      step.id,
      Promise.all(before).then(async () => {
        if (failures.length > 0 || signal.aborted || step.needs.some((id) => !done.has(id))) return;
        reporter.started(step.id, step.title, step.minutes);
        try {
          const heeded = step.waits === true ? AbortSignal.any([signal, abandoned.signal]) : signal;
          reporter.finished(step.id, await step.run(context, heeded));
          done.add(step.id);
        } catch (cause) {
          if (step.waits === true && abandoned.signal.aborted) {
            reporter.note(`left   ${step.id}: it goes on by itself`);
            return;
          }
          reporter.failed(step.id, cause);
          failures.push({ step: step.id, cause });
          abandoned.abort();
        }
      }),
    );
  }
  await Promise.all(running.values());
  const notStarted = steps
    .map(({ id }) => id)
    .filter((id) => !done.has(id) && !failures.some(({ step }) => step === id));
  const [first] = failures;
  if (first !== undefined) throw new StepFailure(first.step, first.cause, notStarted);
  signal.throwIfAborted();
}

/** The steps with every need before what needs it; otherwise in the order given. */
function inOrder<Context>(steps: readonly Step<Context>[]): Step<Context>[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ordered = new Set<Step<Context>>();
  const visit = (step: Step<Context>, path: readonly string[]): void => {
    if (ordered.has(step)) return;
    if (path.includes(step.id)) throw new Error(`steps need each other: ${[...path, step.id].join(' → ')}`);
    for (const id of step.needs) {
      const need = byId.get(id);
      if (need === undefined) throw new Error(`step ${step.id} needs ${id}, which is not among the steps`);
      visit(need, [...path, step.id]);
    }
    ordered.add(step);
  };
  for (const step of steps) visit(step, []);
  return [...ordered];
}
