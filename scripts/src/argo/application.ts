import { ARGOCD_NAMESPACE, ROOT_APPLICATION } from '@org/ollama-eks/pure';
import { ToolError } from '../program/tool-error';
import type { Project } from '../project/project';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

/** What kubectl prints if no resource type of that name is defined. */
const NO_RESOURCE_TYPE = /the server doesn't have a resource type "[\w.-]+"/;

/** The fields of an Application that describe its state. */
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

/** Returns the namespace of the root Application; undefined if the project is not delivered by Argo CD. */
export function argoNamespace({ stacks }: Project): string | undefined {
  const releases = stacks.flatMap(({ resources }) => Object.values(resources['helm_release'] ?? {}));
  const root = releases.find(({ name }) => name === ROOT_APPLICATION);
  if (root === undefined) return undefined;
  const namespace = root['namespace'];
  return typeof namespace === 'string' && !namespace.includes('${') ? namespace : ARGOCD_NAMESPACE;
}

/** Whether kubectl failed because the cluster has no Argo CD. */
export function isArgoCdMissing(error: unknown): boolean {
  return error instanceof ToolError && NO_RESOURCE_TYPE.test(error.stderr);
}

export function listApplications(kubectl: Kubectl, namespace: string): Promise<readonly ArgoApplication[]> {
  return kubectl.list<ArgoApplication>('applications.argoproj.io', namespace);
}

/** Whether the Application is synced and healthy. */
export function isSettled({ status }: ArgoApplication): boolean {
  return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
}

/** Describes an Application in one line: `ollama: Progressing, OutOfSync (waiting for …)`. */
export function describeApplication({ metadata, status }: ArgoApplication): string {
  const { health, sync, operationState } = status ?? {};
  const why = health?.message ?? operationState?.message;
  return `${metadata.name}: ${health?.status ?? 'Unknown'}, ${sync?.status ?? 'Unknown'}${why === undefined ? '' : ` (${why})`}`;
}
