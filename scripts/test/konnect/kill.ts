import { KillableClock, clientOf, type Rig } from './rig';
import type { KonnectClient } from '../../src/konnect';

/** Outcome of a run. */
export type End = 'finished' | 'killed';

/**
 * Runs a task as a process that is killed, without running any handler, as soon as the server has processed its request number `at`.
 * The answer is never seen.
 */
export async function runKilledAt(
  rig: Rig,
  at: number,
  work: (client: KonnectClient) => Promise<unknown>,
): Promise<End> {
  const clock = new KillableClock(rig.clock);
  let requests = 0;
  let kill: () => void = () => undefined;
  const killed = new Promise<End>((resolve) => {
    kill = () => {
      clock.kill();
      resolve('killed');
    };
  });
  const fetch: typeof globalThis.fetch = async (...request) => {
    requests += 1;
    const isLast = requests === at;
    const response = await rig.konnect.fetch(...request);
    if (!isLast) return response;
    kill();
    return new Promise(() => undefined);
  };
  return Promise.race([killed, work(clientOf(rig, { clock, fetch })).then((): End => 'finished')]);
}
