import type { Condition } from '../systems/gateway-objects';
import { isTypeMissing, type Kubectl, type KubernetesObject } from '../systems/kubectl';
import { failedObjects, type ArgoApplication } from './application';

/** Label of the pods of a Job. @see https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-name */
const JOB_NAME = 'batch.kubernetes.io/job-name';

/** Lines that are read from the end of a failed pod's log, some of which may be empty. */
const LOG_LINES = 5;

interface Conditioned extends KubernetesObject {
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly parents?: readonly { readonly conditions?: readonly Condition[] }[];
  };
}

interface JobPod extends KubernetesObject {
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
}

/** An object that may be the cause. */
type Suspect = { readonly kind: string; readonly namespace?: string; readonly name: string };

/** Kinds of the Gateway API, whose conditions state what is wrong. */
const WITH_CONDITIONS: Readonly<Record<string, string>> = {
  Gateway: 'gateways.gateway.networking.k8s.io',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
};

/**
 * Returns what holds an Application up, one sentence each: objects that its last sync could not apply, conditions of its gateway and routes
 * that are not met, and failed Jobs with the last line of their log. Argo CD's own message only states that something failed.
 */
export async function causesOf(kubectl: Kubectl, application: ArgoApplication): Promise<readonly string[]> {
  const failed = failedObjects(application);
  const suspects = [...(application.status?.resources ?? []), ...failed.filter(({ kind }) => kind === 'Job')];
  const refused = failed
    .filter(({ kind, message }) => kind !== 'Job' && message !== undefined)
    .map(({ kind, name, message }) => `${kind} ${name}: ${message ?? ''}`);
  const found = await Promise.all(distinct(suspects).map((suspect) => causesIn(kubectl, suspect)));
  return [...refused, ...found.flat()];
}

async function causesIn(kubectl: Kubectl, { kind, namespace, name }: Suspect): Promise<readonly string[]> {
  if (kind === 'Job') return jobFailure(kubectl, name, namespace);
  const type = WITH_CONDITIONS[kind];
  if (type === undefined) return [];
  const object = await kubectl.get<Conditioned>(type, name, namespace).catch((error: unknown) => {
    if (isTypeMissing(error)) return undefined;
    throw error;
  });
  const { conditions, parents = [] } = object?.status ?? {};
  return [conditions ?? [], ...parents.map((parent) => parent.conditions ?? [])]
    .flat()
    .filter(({ status }) => status !== 'True')
    .map((condition) => `${kind} ${name}: ${condition.type} is ${condition.status}${because(condition)}`);
}

async function jobFailure(kubectl: Kubectl, name: string, namespace = ''): Promise<readonly string[]> {
  const job = await kubectl.get<Conditioned>('jobs.batch', name, namespace);
  const failure = job?.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (failure === undefined) return [];
  const line = await lastLine(kubectl, name, namespace);
  return [`Job ${name} failed${because(failure)}${line === undefined ? '' : `; its log ends with: ${line}`}`];
}

/** Returns the last line of the log of a Job's newest pod; undefined if there is none. */
async function lastLine(kubectl: Kubectl, job: string, namespace: string): Promise<string | undefined> {
  const pods = await kubectl.list<JobPod>('pods', namespace, `${JOB_NAME}=${job}`);
  const newest = [...pods].sort((left, right) => created(left).localeCompare(created(right))).at(-1);
  const container = newest?.spec?.containers?.[0]?.name;
  if (newest === undefined || container === undefined) return undefined;
  const log = await kubectl.logs(namespace, newest.metadata.name, container, LOG_LINES);
  return log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1);
}

function created({ metadata }: KubernetesObject): string {
  return metadata.creationTimestamp ?? '';
}

function because({ reason, message }: Condition): string {
  const why = message ?? reason;
  return why === undefined || why === '' ? '' : `: ${why}`;
}

function distinct(suspects: readonly Suspect[]): readonly Suspect[] {
  const byName = suspects.map(
    (suspect) => [`${suspect.kind} ${suspect.namespace ?? ''}/${suspect.name}`, suspect] as const,
  );
  return [...new Map(byName).values()];
}
