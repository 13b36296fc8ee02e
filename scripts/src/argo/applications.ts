// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
import { ROOT_APPLICATION } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { ToolError } from '../program/tool-error';
import { progressHooks, waitFor } from '../program/waiting';
import { isTypeMissing, type Kubectl } from '../systems/kubectl';
import { describeApplication, isSettled, listApplications, type ArgoApplication } from './application';
import { causesOf } from './causes';
import { hasGivenUp, startSync } from './failed-syncs';
import { endOlderSyncs } from './older-syncs';
import { Patience } from './patience';

/** Seconds for all waves, which install charts and then pull and load models. */
const TIMES = { expected: 15 * 60, deadline: 75 * 60, interval: 15 } as const;

/** What kubectl prints if the API server does not answer for a moment. */
const UNAVAILABLE = /timed? ?out|refused|unavailable/i;

/** Seconds that Argo CD gets to retry a failed sync before it counts as failed. */
const PATIENCE = 10 * 60;

/** What one read found. */
interface Reading {
  readonly applications: readonly ArgoApplication[];
  /** What holds up the Applications that are not settled, one line each. */
  readonly open: readonly string[];
}

/**
 * Waits until the root Application, and with it every other one, is synced and healthy. Ends syncs of an older source, which would block
 * the new one, and starts each sync once more that Argo CD has given up on: its cause may be repaired. Throws CommandError: exit code 6 if a
 * sync keeps failing, 5 at the deadline; both name the Applications and the causes.
 */
export async function waitForApplications(
  context: Context,
  kubectl: Kubectl,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly ArgoApplication[]> {
  const patience = new Patience(PATIENCE * 1000);
  const started = new Set<string>();
  const read = async (): Promise<Reading> => {
    const applications = await listApplications(kubectl, namespace);
    await endOlderSyncs(kubectl, namespace, applications);
    patience.note(applications, context.clock.now());
    for (const application of applications.filter(hasGivenUp)) {
      const { name } = application.metadata;
      if (started.has(name)) continue;
      started.add(name);
      context.reporter.note(`${describeApplication(application)}: Argo CD has given up, so its sync is started again`);
      await startSync(kubectl, namespace, application);
    }
    const open = applications.filter((application) => !isSettled(application));
    const described = open.map(async (application) =>
      describeApplication(application, await causesOf(kubectl, application)),
    );
    return { applications, open: await Promise.all(described) };
  };
  const { applications } = await waitFor(
    { clock: context.clock, signal },
    {
      subject: 'Argo CD',
      read: () => read().catch(nothingYet),
      stateOf: (reading) => stateOf(reading.applications, patience, context.clock.now()),
      reasonOf: ({ open }) => open.join('; '),
      success: ['synced and healthy'],
      failure: ['failing'],
      underway: ['without Applications'],
      action: (state) => (state.startsWith('waiting') ? { remedy: state } : undefined),
      remedy: 'run `ollama-eks diagnose`, fix the cause, and run the command again, which starts the sync again',
      ...TIMES,
    },
    progressHooks(context),
  );
  return applications;
}

function stateOf(applications: readonly ArgoApplication[], patience: Patience, now: number): string {
  if (!applications.some(({ metadata }) => metadata.name === ROOT_APPLICATION)) return 'without Applications';
  const open = applications.filter((application) => !isSettled(application));
  if (open.length === 0) return 'synced and healthy';
  if (open.some((application) => patience.isOver(application, now))) return 'failing';
  return `waiting for ${open.map(({ metadata }) => metadata.name).join(', ')}`;
}

/** Nothing is known while the API server is unavailable or Argo CD is not installed yet. Rethrows any other error. */
function nothingYet(error: unknown): Reading {
  const isUnavailable = error instanceof ToolError && UNAVAILABLE.test(error.stderr);
  if (isUnavailable || isTypeMissing(error)) return { applications: [], open: [] };
  throw error;
}
