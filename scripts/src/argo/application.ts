import { ARGOCD_NAMESPACE, ROOT_APPLICATION } from '@org/ollama-eks/pure';
import type { Project } from '../project/project';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

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
