// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
import { ARGOCD_NAMESPACE, ROOT_APPLICATION } from '@org/ollama-eks/pure';
import { waitFor } from '../konnect';
import { waitHooks } from '../konnect/access';
import type { Context } from '../program/context';
import { ToolError } from '../program/process';
import type { Project } from '../project/project';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { endOlderSyncs } from './older-syncs';

/** Seconds for all waves: charts are installed, models pulled and loaded. */
const TIMES = { expected: 15 * 60, deadline: 75 * 60, interval: 15 } as const;

/** Seconds that a failed sync gets to be tried again by Argo CD before it counts as failed. */
const PATIENCE = 10 * 60;

/** An Application, as far as its state goes. */
export interface ArgoApplication extends KubernetesObject {
  readonly spec?: { readonly source?: object };
  readonly status?: {
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly sync?: { readonly status?: string };
    readonly operationState?: {
      readonly phase?: string;
      readonly message?: string;
      readonly operation?: { readonly sync?: { readonly source?: object } };
    };
  };
}

/** Namespace of the root Application; undefined where the project delivers without Argo CD. */
export function argoNamespace({ stacks }: Project): string | undefined {
  const releases = stacks.flatMap(({ resources }) => Object.values(resources['helm_release'] ?? {}));
  const root = releases.find(({ name }) => name === ROOT_APPLICATION);
  if (root === undefined) return undefined;
  const namespace = root['namespace'];
  return typeof namespace === 'string' && !namespace.includes('${') ? namespace : ARGOCD_NAMESPACE;
}

export function listApplications(kubectl: Kubectl, namespace: string): Promise<readonly ArgoApplication[]> {
  return kubectl.list<ArgoApplication>('applications.argoproj.io', namespace);
}

/** Whether it is in the state that Git asks for, and works. */
export function isSettled({ status }: ArgoApplication): boolean {
  return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
}

/** `ollama: Progressing, OutOfSync (waiting for …)` */
export function describeApplication({ metadata, status }: ArgoApplication): string {
  const { health, sync, operationState } = status ?? {};
  const why = health?.message ?? operationState?.message;
  return `${metadata.name}: ${health?.status ?? 'Unknown'}, ${sync?.status ?? 'Unknown'}${why === undefined ? '' : ` (${why})`}`;
}

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
