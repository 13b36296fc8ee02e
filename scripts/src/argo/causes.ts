import { problemsIn, reasonOf, type Condition, type Gateway, type HttpRoute } from '../systems/gateway-objects';
import { ended, newestPod, type Job } from '../systems/jobs';
import { isTypeMissing, type Kubectl, type KubernetesObject } from '../systems/kubectl';
import { errorsIn, failedObjects, type ArgoApplication, type SyncedObject } from './application';

/** Lines that are read from the end of a failed pod's log, some of which may be empty. */
const LOG_LINES = 5;

interface JobPod extends KubernetesObject {
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

/** An object that may be the cause, with what Argo CD reports about it. */
type Suspect = Pick<SyncedObject, 'kind' | 'namespace' | 'name' | 'message'>;

/** Kinds of the Gateway API, whose conditions state what is wrong. */
const WITH_CONDITIONS: Readonly<Record<string, string>> = {
  Gateway: 'gateways.gateway.networking.k8s.io',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
};

/**
 * Returns what holds an Application up, one sentence each: errors of Argo CD, such as a chart that cannot be fetched, objects that its last
 * sync could not apply, conditions of its gateway, listeners and routes that are not met, and failed Jobs with the last line of their log.
 * Argo CD's own message only states that something failed, or nothing.
 */
export async function causesOf(kubectl: Kubectl, application: ArgoApplication): Promise<readonly string[]> {
  const failed = failedObjects(application);
  const suspects = [...(application.status?.resources ?? []), ...failed.filter(({ kind }) => kind === 'Job')];
  const refused = failed
    .filter(({ kind, message }) => kind !== 'Job' && message !== undefined)
    .map(({ kind, name, message }) => `${kind} ${name}: ${message ?? ''}`);
  const found = await Promise.all(distinct(suspects).map((suspect) => causesIn(kubectl, suspect)));
  return [...errorsIn(application), ...refused, ...found.flat()];
}

async function causesIn(kubectl: Kubectl, suspect: Suspect): Promise<readonly string[]> {
  const { kind, namespace, name } = suspect;
  if (kind === 'Job') return jobFailure(kubectl, suspect);
  const type = WITH_CONDITIONS[kind];
  if (type === undefined) return [];
  const object = await kubectl.get<Gateway & HttpRoute>(type, name, namespace).catch((error: unknown) => {
    if (isTypeMissing(error)) return undefined;
    throw error;
  });
  const { conditions = [], listeners = [], parents = [] } = object?.status ?? {};
  const parts = [
    { part: '', conditions },
    ...listeners.map((listener) => ({ part: ` listener ${listener.name}`, conditions: listener.conditions ?? [] })),
    ...parents.map((parent) => ({ part: '', conditions: parent.conditions ?? [] })),
  ];
  return parts.flatMap(({ part, conditions: found }) =>
    problemsIn(found).map(
      (condition) => `${kind} ${name}${part}: ${condition.type} is ${condition.status}${because(condition)}`,
    ),
  );
}

/** Argo CD deletes some hooks that have failed; then only what it reports is known. */
async function jobFailure(kubectl: Kubectl, { name, namespace = '', message }: Suspect): Promise<readonly string[]> {
  const job = await kubectl.get<Job>('jobs.batch', name, namespace);
  const failure = job && ended(job, 'Failed');
  const why = failure?.message ?? failure?.reason ?? message;
  if (why === undefined) return [];
  return [`Job ${name} failed: ${why}${await endOf(kubectl, name, namespace)}`];
}

/** Describes the end of a Job's newest pod: the last line of its log, or why its container has not started. */
async function endOf(kubectl: Kubectl, job: string, namespace: string): Promise<string> {
  const pod = await newestPod<JobPod>(kubectl, job, namespace);
  const container = pod?.status?.containerStatuses?.[0];
  if (pod === undefined || container === undefined) return '';
  const { waiting } = container.state ?? {};
  if (waiting !== undefined) {
    return `; its container waits: ${[waiting.reason, waiting.message].filter((part) => part !== undefined).join(': ')}`;
  }
  const log = await kubectl.logs(namespace, pod.metadata.name, container.name, LOG_LINES);
  const line = log
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .at(-1);
  return line === undefined ? '' : `; its log ends with: ${line}`;
}

function because(condition: Condition): string {
  const why = reasonOf(condition);
  return why === '' ? '' : `: ${why}`;
}

function distinct(suspects: readonly Suspect[]): readonly Suspect[] {
  const byName = suspects.map(
    (suspect) => [`${suspect.kind} ${suspect.namespace ?? ''}/${suspect.name}`, suspect] as const,
  );
  return [...new Map(byName).values()];
}
