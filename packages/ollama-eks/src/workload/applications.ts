import { AMBIENT_NAMESPACE_LABELS } from '../catalogue/ambient';
import type { Application } from '../gitops/application';
import { checkWorkload } from './check-workload';
import { devicePlugin } from './device-plugin';
import { foundation } from './foundation';
import { modelProver, proofSeconds } from './model-prover';
import { MODEL_PROVER, OLLAMA } from './names';
import { pressureRules } from './pressure';
import { poolManifests, servingServices } from './server-workload';
import { bringUpSeconds } from './timing';
import type { WorkloadSpec } from './workload-spec';

/** Time for objects that start nothing. */
const OBJECTS_TIMEOUT_SECONDS = 300;

/**
 * Returns the Applications of the Ollama workload. Later waves wait for the following:
 *
 * - Wave 0, device plugin: its DaemonSet. Without GPU nodes there is no pod to wait for.
 * - Wave 0, foundation: objects only. It owns the namespace, so the mesh's policies (wave 1) find it.
 * - Wave 3, servers: only that the API server accepts their objects. A pod may have to wait for a GPU that AWS does not
 *   have, for nodes that are scaled to zero, or for a download, and the gateway does not need it. A server gets requests
 *   when it is ready, and each pod becomes ready without outside help.
 * - Wave 4, proof: blocks the gateway's routes while a server exists and no server answers for a model. It asks as the gateway asks,
 *   through the Service, so it proves that some server answers for each model, not that every server does; one that does
 *   not is not ready and gets no requests. It blocks nothing when no server has a node. It changes nothing in the cluster,
 *   so Argo CD can retry it at any time: after a tag, a digest or the network is fixed, the pod's own sidecar succeeds,
 *   and so does the next attempt.
 *
 * So no wave waits for a GPU, or for anything that a later wave creates.
 *
 * Throws a `ValidationError` for a workload that would fail, or serve incorrectly, in the cluster.
 */
export function ollamaApplications(spec: WorkloadSpec): readonly Application[] {
  checkWorkload(spec);
  return [
    ...(spec.installDevicePlugin === false ? [] : devicePlugin(spec.pools)),
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
        manifests: [
          ...servingServices(spec),
          ...pressureRules(spec),
          ...spec.pools.flatMap((pool) => poolManifests(spec, pool)),
        ],
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
