// https://github.com/argoproj/argo-cd/blob/v3.5.1/pkg/apis/application/v1alpha1/types.go (Application)
import { isDeepStrictEqual } from 'node:util';
import { ARGOCD_NAMESPACE, PROJECTS, ROOT_APPLICATION } from '@org/ollama-eks/pure';
import type { Project } from '../project/project';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

/** Type of an Application, with its group: other programs define Applications, too. */
export const APPLICATIONS = 'applications.argoproj.io';

/** What a sync did with one object. */
export interface SyncedObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  /** Phase of a hook. */
  readonly hookPhase?: string;
  readonly message?: string;
}

/** The fields of an Application that describe its state. */
export interface ArgoApplication extends KubernetesObject {
  readonly spec?: {
    readonly project?: string;
    readonly source?: object;
    readonly syncPolicy?: {
      readonly automated?: { readonly prune?: boolean };
      readonly syncOptions?: readonly string[];
      readonly retry?: object;
    };
  };
  readonly status?: {
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly sync?: { readonly status?: string };
    /** Errors and warnings of Argo CD itself. */
    readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
    /** Its objects, without hooks. */
    readonly resources?: readonly { readonly kind: string; readonly namespace?: string; readonly name: string }[];
    readonly operationState?: {
      readonly phase?: string;
      readonly message?: string;
      /** Number of the retry that runs or is next. Absent in the first attempt. */
      readonly retryCount?: number;
      /** While the phase is Running: when the last attempt failed. The next one has not begun. */
      readonly finishedAt?: string;
      readonly operation?: { readonly sync?: { readonly source?: object } };
      readonly syncResult?: { readonly resources?: readonly SyncedObject[] };
    };
  };
}

/** Returns the namespace of the root Application; undefined if the project is not delivered by Argo CD. */
export function argoNamespace(project: Project): string | undefined {
  const root = rootRelease(project);
  if (root === undefined) return undefined;
  const namespace = root['namespace'];
  return typeof namespace === 'string' && !namespace.includes('${') ? namespace : ARGOCD_NAMESPACE;
}

/** Returns the attributes of the Helm release that creates the root Application; undefined if the project is not delivered by Argo CD. */
export function rootRelease({ stacks }: Project): Readonly<Record<string, unknown>> | undefined {
  const releases = stacks.flatMap(({ resources }) => Object.values(resources['helm_release'] ?? {}));
  return releases.find(({ name }) => name === ROOT_APPLICATION);
}

/** Lists our Applications: an existing Argo CD may hold those of others, too. */
export async function listApplications(kubectl: Kubectl, namespace: string): Promise<readonly ArgoApplication[]> {
  const ours: readonly string[] = Object.values(PROJECTS);
  const all = await kubectl.list<ArgoApplication>(APPLICATIONS, namespace);
  return all.filter(({ spec }) => ours.includes(spec?.project ?? ''));
}

/** Whether the Application is synced and healthy. A failed hook shows in neither: its sync has failed. */
export function isSettled(application: ArgoApplication): boolean {
  const { sync, health } = application.status ?? {};
  return sync?.status === 'Synced' && health?.status === 'Healthy' && !hasFailed(application);
}

/** Whether the last sync is of a source that the Application no longer has. */
export function isOfOlderSource({ spec, status }: ArgoApplication): boolean {
  const source = status?.operationState?.operation?.sync?.source;
  return source !== undefined && !isDeepStrictEqual(source, spec?.source);
}

/**
 * Whether the last attempt of a sync failed. Between two retries, its phase is Running, but it has a time at which it finished. A failure of
 * an older source counts only if a hook failed: Argo CD syncs the new source, unless nothing else is left to sync.
 */
export function hasFailed(application: ArgoApplication): boolean {
  const { phase = '', finishedAt } = application.status?.operationState ?? {};
  const failed = ['Failed', 'Error'].includes(phase) || (phase === 'Running' && finishedAt !== undefined);
  return failed && (!isOfOlderSource(application) || failedObjects(application).some(({ hookPhase }) => hookPhase));
}

/** Returns the objects that the last attempt of a sync could not apply, and its hooks that failed. */
export function failedObjects({ status }: ArgoApplication): readonly SyncedObject[] {
  const objects = status?.operationState?.syncResult?.resources ?? [];
  return objects.filter(
    (object) => object.status === 'SyncFailed' || ['Failed', 'Error'].includes(object.hookPhase ?? ''),
  );
}

/**
 * Returns the errors that keep Argo CD from comparing the Application with its source, such as a chart or a repository that cannot be read.
 * Nothing is synced meanwhile, and its health stays as it was. The error of a failed sync is not among them: `failedObjects` has its reason.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/pkg/apis/application/v1alpha1/types.go (ApplicationConditionType)
 */
export function errorsIn({ status }: ArgoApplication): readonly string[] {
  return (status?.conditions ?? [])
    .filter(({ type }) => type.endsWith('Error') && type !== 'SyncError')
    .map(({ type, message = '' }) => `${type}: ${message.replace(/\s+/g, ' ').trim()}`);
}

/**
 * Describes an Application in one line: `ollama: Progressing, OutOfSync (waiting for …)`.
 * @param causes what holds it up, from its objects. @default - what Argo CD reports
 */
export function describeApplication(application: ArgoApplication, causes: readonly string[] = []): string {
  const { health, sync } = applicationHealth(application);
  const why = causes.length > 0 ? causes.join('; ') : reasonIn(application);
  return `${application.metadata.name}: ${health}, ${sync}${why === undefined ? '' : ` (${why})`}`;
}

/** Returns the health and the sync status in Argo CD's words. */
export function applicationHealth({ status }: ArgoApplication): { readonly health: string; readonly sync: string } {
  return { health: status?.health?.status ?? 'Unknown', sync: status?.sync?.status ?? 'Unknown' };
}

/** What Argo CD reports. The message of a successful sync does not explain what happened after it. */
export function reasonIn({ status }: ArgoApplication): string | undefined {
  const { health, operationState } = status ?? {};
  return health?.message ?? (operationState?.phase === 'Succeeded' ? undefined : operationState?.message);
}
