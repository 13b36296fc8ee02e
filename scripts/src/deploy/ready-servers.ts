import { readyReplicas, replicasOf, type Workload } from '../pools/workloads';
import type { Context } from '../program/context';
import { waitFor, waitHooks } from '../program/waiting';

/** Seconds until servers on new nodes have loaded their models, which may have to be pulled again. */
const TIMES = { expected: 10 * 60, deadline: 75 * 60, interval: 15 } as const;

/**
 * Waits until every server is ready, which means that every model is loaded and has answered. Returns their number.
 * @param read reads the workloads that are waited for
 */
export async function awaitServers(
  context: Context,
  read: () => Promise<readonly Workload[]>,
  signal: AbortSignal,
): Promise<number> {
  const found = await waitFor(
    { clock: context.clock, signal },
    {
      subject: 'servers',
      read,
      stateOf: (workloads) => (workloads.every(isReady) ? 'ready' : 'loading'),
      reasonOf: (workloads) =>
        workloads
          .filter((one) => !isReady(one))
          .map(({ metadata }) => metadata.name)
          .join(', '),
      success: ['ready'],
      failure: [],
      underway: ['loading'],
      remedy: 'run `ollama-eks diagnose`',
      ...TIMES,
    },
    waitHooks(context),
  );
  return found.reduce((sum, workload) => sum + replicasOf(workload), 0);
}

function isReady(workload: Workload): boolean {
  return readyReplicas(workload) >= replicasOf(workload);
}
