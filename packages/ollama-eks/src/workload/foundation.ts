import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { Manifest } from '../gitops/application';
import { storageClass, volumeAttributesClass } from './model-cache';
import { MODEL_PROVER, OLLAMA } from './names';
import { networkPolicies } from './network-policies';
import { SERVING_PRIORITY } from './server-pod';
import type { WorkloadSpec } from './workload-spec';

/** Above everything that runs without a class, far below what belongs to the system. */
const PRIORITY = 100_000;

/** What must be there before the first pod: who the pods are, what they may reach, where their volumes come from. */
export function foundation(spec: WorkloadSpec): readonly Manifest[] {
  return [
    priorityClass(),
    ...spec.pools.flatMap((pool) =>
      pool.cache.kind === 'ebs' ? [storageClass(pool, pool.cache), volumeAttributesClass(pool, pool.cache)] : [],
    ),
    serviceAccount(OLLAMA),
    serviceAccount(MODEL_PROVER),
    ...networkPolicies(spec),
  ];
}

function priorityClass(): Manifest {
  const object: PriorityClass & Manifest = {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: SERVING_PRIORITY },
    value: PRIORITY,
    description: 'Servers of models: what they run on costs more than all else, so nothing else may keep them from it.',
  };
  return object;
}

/** An identity for the mesh; neither pod speaks to the API server. */
function serviceAccount(name: string): Manifest {
  const object: ServiceAccount & Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: OLLAMA },
    automountServiceAccountToken: false,
  };
  return object;
}
