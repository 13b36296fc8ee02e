// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
import { ROOT_APPLICATION } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { ToolError } from '../program/tool-error';
import { waitFor, waitHooks } from '../program/waiting';
import type { Kubectl } from '../systems/kubectl';
import { describeApplication, isArgoCdMissing, isSettled, listApplications, type ArgoApplication } from './application';
import { endOlderSyncs } from './older-syncs';

/** Seconds for all waves, which install charts and then pull and load models. */
const TIMES = { expected: 15 * 60, deadline: 75 * 60, interval: 15 } as const;

/** What kubectl prints if the API server does not answer for a moment. */
const UNAVAILABLE = /timed? ?out|refused|unavailable/i;

/** Seconds that Argo CD gets to retry a failed sync before it counts as failed. */
const PATIENCE = 10 * 60;

/**
 * Waits until the root Application, and with it every other one, is synced and healthy. Ends syncs of an older source, which would block
 * the new one. Throws CommandError: exit code 6 if a sync keeps failing, 5 at the deadline; both name the Applications.
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
      remedy: 'run `ollama-eks diagnose`, fix the cause in Git, and run the command again',
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

/** Lists Applications; none while the API server is unavailable or the resource type does not exist yet. */
async function listIfReachable(kubectl: Kubectl, namespace: string): Promise<readonly ArgoApplication[]> {
  try {
    return await listApplications(kubectl, namespace);
  } catch (error) {
    const isUnavailable = error instanceof ToolError && UNAVAILABLE.test(error.stderr);
    if (isUnavailable || isArgoCdMissing(error)) return [];
    throw error;
  }
}
