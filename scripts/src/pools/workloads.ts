import { OLLAMA } from '@org/ollama-eks/pure';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { serverSelector } from './server-pods';

/** A Deployment or StatefulSet. */
export interface Workload extends KubernetesObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** Lists the Deployments and StatefulSets of the servers. */
export async function serverWorkloads(kubectl: Kubectl): Promise<readonly Workload[]> {
  const kinds = ['deployments.apps', 'statefulsets.apps'];
  return (await Promise.all(kinds.map((kind) => kubectl.list<Workload>(kind, OLLAMA, serverSelector())))).flat();
}

/** Returns the number of pods that a workload should have. The default of Kubernetes is one. */
export function replicasOf({ spec }: Workload): number {
  return spec.replicas ?? 1;
}

/** Returns the number of its pods that are ready. */
export function readyReplicas({ status }: Workload): number {
  return status?.readyReplicas ?? 0;
}
