import { AMBIENT_NAMESPACE_LABELS } from '../catalogue/ambient';
import type { Application } from '../gitops/application';
import { checkWorkload } from './check-workload';
import { devicePlugin } from './device-plugin';
import { foundation } from './foundation';
import { modelProver, proofSeconds } from './model-prover';
import { MODEL_PROVER, OLLAMA } from './names';
import { pressureRule } from './pressure';
import { poolManifests, servingService } from './server-workload';
import { bringUpSeconds } from './timing';
import type { WorkloadSpec } from './workload-spec';

/** Objects that nothing has to be started for. */
const OBJECTS_TIMEOUT_SECONDS = 300;

/**
 * The Ollama workload. What holds up the waves after it, and what doesn't:
 *
 * - Wave 0, device plugin: its DaemonSet. Without GPU nodes there is no pod to wait for.
 * - Wave 0, foundation: objects alone. It owns the namespace, so the mesh's policies (wave 1) find it.
 * - Wave 3, servers: nothing but that their objects are accepted. A pod may have to wait for a GPU that AWS doesn't
 *   have, for nodes that are scaled to zero, or for a download; the gateway doesn't need it. Whether a server gets
 *   requests is decided by its readiness alone, at any time, and each pod gets ready by itself.
 * - Wave 4, proof: holds up the rest as long as there is a server and a model is answered by none, asked as the gateway
 *   asks: through the Service. So it proves that some server answers for each model, not that each does; a server that
 *   doesn't is not ready, and gets no requests. It holds up nothing when no server has a node. It changes nothing in the
 *   cluster, so it can be tried again as often as Argo CD likes: when a tag, a digest or the network is put right, the
 *   pod's own sidecar succeeds, and so does the next attempt.
 *
 * So no wave waits for anything that a later wave brings, nor for a GPU.
 *
 * Throws a `ValidationError` for what could only fail, or serve wrongly, in the cluster.
 */
export function ollamaApplications(spec: WorkloadSpec): readonly Application[] {
  checkWorkload(spec);
  return [
    ...devicePlugin(spec.pools),
    {
      name: `${OLLAMA}-foundation`,
      wave: 0,
      namespace: { name: OLLAMA, podSecurity: 'restricted', labels: AMBIENT_NAMESPACE_LABELS },
      project: 'platform',
      source: { kind: 'manifests', manifests: foundation(spec) },
      healthGate: { timeoutSeconds: OBJECTS_TIMEOUT_SECONDS },
    },
    {
      name: OLLAMA,
      wave: 3,
      namespace: { name: OLLAMA },
      project: 'workload',
      source: {
        kind: 'manifests',
        manifests: [servingService(), pressureRule(spec), ...spec.pools.flatMap((pool) => poolManifests(spec, pool))],
      },
      healthGate: { timeoutSeconds: Math.max(...spec.pools.map(bringUpSeconds)), waitForHealth: false },
    },
    {
      name: MODEL_PROVER,
      wave: 4,
      namespace: { name: OLLAMA },
      project: 'workload',
      source: { kind: 'manifests', manifests: modelProver(spec) },
      healthGate: { timeoutSeconds: proofSeconds(spec) },
    },
  ];
}
