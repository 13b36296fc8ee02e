import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { Manifest } from '../gitops/application';
import { storageClass, volumeAttributesClass } from './model-cache';
import { MODEL_PROVER, OLLAMA } from './names';
import { networkPolicies } from './network-policies';
import { SERVING_PRIORITY } from './server-pod';
import type { WorkloadSpec } from './workload-spec';

/** Above pods without a class, and far below pods of the system. */
const PRIORITY = 100_000;

/** Returns the objects that must exist before the first pod: service accounts, network policies, and classes of volumes. */
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
    description: 'Servers of models: their nodes cost more than anything else, so no other pod may displace them.',
  };
  return object;
}

/** Returns an identity for the mesh; the pods do not use the Kubernetes API. */
function serviceAccount(name: string): Manifest {
  const object: ServiceAccount & Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: OLLAMA },
    automountServiceAccountToken: false,
  };
  return object;
}
