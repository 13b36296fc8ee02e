import { errorsIn, hasFailed, type ArgoApplication } from './application';
import { isRetrying } from './failed-syncs';

/** How long a sync has waited for retries, and since when it waits for the next one; undefined while an attempt is running. */
interface Failure {
  readonly waited: number;
  readonly since: number | undefined;
}

/**
 * Measures how long syncs have been failing: the time between their attempts, after the last one, and while none can begin because the
 * source cannot be read. The time of an attempt does not count, since it may be the one that succeeds, and a wave may take most of an hour.
 */
export class Patience {
  readonly #failures = new Map<string, Failure>();

  /** @param limit milliseconds that a sync may fail */
  public constructor(private readonly limit: number) {}

  /** Notes the state of all Applications. */
  public note(applications: readonly ArgoApplication[], now: number): void {
    for (const application of applications) {
      const { name } = application.metadata;
      const { waited, since } = this.#failures.get(name) ?? { waited: 0, since: undefined };
      if (hasFailed(application) || cannotBegin(application)) this.#failures.set(name, { waited, since: since ?? now });
      else if (!isRetrying(application)) this.#failures.delete(name);
      else if (since !== undefined) this.#failures.set(name, { waited: waited + now - since, since: undefined });
    }
  }

  /** Whether a sync is waiting for a retry, or cannot begin, and has failed for too long. */
  public isOver({ metadata }: ArgoApplication, now: number): boolean {
    const failure = this.#failures.get(metadata.name);
    return failure?.since !== undefined && failure.waited + now - failure.since >= this.limit;
  }
}

/** Whether no sync can begin because the source cannot be read. One that is running has read it, and goes on. */
function cannotBegin(application: ArgoApplication): boolean {
  return errorsIn(application).length > 0 && application.status?.operationState?.phase !== 'Running';
}
