// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
import { ROOT_APPLICATION } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { ToolError } from '../program/tool-error';
import { waitFor, waitHooks } from '../program/waiting';
import type { Kubectl } from '../systems/kubectl';
import { describeApplication, isSettled, listApplications, type ArgoApplication } from './application';
import { endOlderSyncs } from './older-syncs';

/** Seconds for all waves: charts are installed, models pulled and loaded. */
const TIMES = { expected: 15 * 60, deadline: 75 * 60, interval: 15 } as const;

/** Seconds that a failed sync gets to be tried again by Argo CD before it counts as failed. */
const PATIENCE = 10 * 60;

/**
 * Waits until the root Application, and so every other, is synced and healthy. Ends what would keep the new source out.
 * Throws CommandError: exit code 6 for a sync that goes on failing, 5 at the deadline; both name the Applications.
 */
export async function waitForApplications(
  context: Context,
  kubectl: Kubectl,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly ArgoApplication[]> {
  const failingSince = new Map<string, number>();
  const read = async () => {
    const applications = await listIfReachable(kubectl, namespace);
    await endOlderSyncs(kubectl, namespace, applications);
    noteFailures(applications, failingSince, context.clock.now());
    return applications;
  };
  return waitFor(
    { clock: context.clock, signal },
    {
      subject: 'Argo CD',
      read,
      stateOf: (applications) => stateOf(applications, failingSince, context.clock.now()),
      reasonOf: (applications) =>
        applications
          .filter((one) => !isSettled(one))
          .map(describeApplication)
          .join('; '),
      success: ['synced and healthy'],
      failure: ['failing'],
      underway: ['without Applications'],
      action: (state) => (state.startsWith('waiting') ? { remedy: state } : undefined),
      remedy: 'see `ollama-eks diagnose`, mend that in Git, and run the command again',
      ...TIMES,
    },
    { onProgress: waitHooks(context).onProgress },
  );
}

function stateOf(
  applications: readonly ArgoApplication[],
  failingSince: ReadonlyMap<string, number>,
  now: number,
): string {
  if (!applications.some(({ metadata }) => metadata.name === ROOT_APPLICATION)) return 'without Applications';
  const open = applications.filter((application) => !isSettled(application));
  if (open.length === 0) return 'synced and healthy';
  if ([...failingSince.values()].some((since) => now - since >= PATIENCE * 1000)) return 'failing';
  return `waiting for ${open.map(({ metadata }) => metadata.name).join(', ')}`;
}

function noteFailures(applications: readonly ArgoApplication[], failingSince: Map<string, number>, now: number): void {
  for (const { metadata, status } of applications) {
    const failed = ['Failed', 'Error'].includes(status?.operationState?.phase ?? '');
    if (!failed) failingSince.delete(metadata.name);
    else if (!failingSince.has(metadata.name)) failingSince.set(metadata.name, now);
  }
}

/** The API server may be away for a moment, or the resource type not there yet; that is no reason to give up. */
async function listIfReachable(kubectl: Kubectl, namespace: string): Promise<readonly ArgoApplication[]> {
  try {
    return await listApplications(kubectl, namespace);
  } catch (error) {
    if (
      error instanceof ToolError &&
      /doesn't have a resource type|timed? ?out|refused|unavailable/i.test(error.stderr)
    )
      return [];
    throw error;
  }
}
