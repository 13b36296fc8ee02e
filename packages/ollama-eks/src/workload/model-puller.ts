// https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
import type { Job } from 'kubernetes-types/batch/v1';
import { GPU_RESOURCE } from '../catalogue/gpu';
import type { Manifest } from '../gitops/application';
import { imageReference, OLLAMA_IMAGE } from './container-image';
import { MODELS_PATH } from './container-paths';
import { modelClaims, MODELS_VOLUME, setName } from './model-cache';
import { MODEL_PULLER, NAME_LABEL, OLLAMA, POOL_LABEL, serverName } from './names';
import { CONTAINER_SECURITY, serverSecurity } from './pod-security';
import { PULL_ENVIRONMENT, SCRIPT, SCRIPT_MOUNTS, scriptEnvironment, serverConfigName } from './script-container';
import { environment } from './server-environment';
import { podLabels, SERVING_PRIORITY } from './server-pod';
import { shortHash } from './short-hash';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from './workload-spec';

/** The maximum: the back-off grows to six minutes, and whatever prevents a pull may be fixed at any time. */
const BACKOFF_LIMIT = 2_147_483_647;

/**
 * Returns a Job for each server of a pool that pulls the models, so that the servers need no egress: a NetworkPolicy selects pods,
 * not containers. The Job runs an Ollama of its own on the server's volume. The server waits until the models are complete.
 *
 * A volume belongs to one node at a time, so the pod must run on the server's node: it waits until the server has one. It ends when
 * all models are complete, and when an attempt fails, so that it never keeps the volume from a server that has moved to another node;
 * a Deployment would. The next pod follows the server. A Job is immutable, so its name contains a hash of its specification: other
 * models are pulled by another Job.
 */
export function modelPullers(spec: WorkloadSpec, pool: WorkloadPool, cache: EbsModelCache): readonly Manifest[] {
  return modelClaims(spec, pool, cache).map(({ metadata: { name: claimName } }, index) => {
    const jobSpec = pull(spec, pool, claimName, {
      ...podLabels(pool),
      ...(pool.replicas > 1 && { 'statefulset.kubernetes.io/pod-name': `${setName(pool, cache)}-${index}` }),
    });
    const job: Job & Manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: `${serverName(pool.name)}-pull-${shortHash(jobSpec)}`,
        namespace: OLLAMA,
        labels: { [NAME_LABEL]: MODEL_PULLER, [POOL_LABEL]: pool.name },
      },
      spec: jobSpec,
    };
    return job;
  });
}

function pull(
  spec: WorkloadSpec,
  pool: WorkloadPool,
  claimName: string,
  server: Record<string, string>,
): NonNullable<Job['spec']> {
  return {
    backoffLimit: BACKOFF_LIMIT,
    template: {
      metadata: { labels: { [NAME_LABEL]: MODEL_PULLER, [POOL_LABEL]: pool.name } },
      spec: {
        serviceAccountName: OLLAMA,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        restartPolicy: 'Never',
        priorityClassName: SERVING_PRIORITY,
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: server }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
        tolerations: [{ key: GPU_RESOURCE, operator: 'Exists', effect: 'NoSchedule' }],
        securityContext: serverSecurity(spec),
        containers: [
          {
            name: 'pull',
            image: imageReference(spec.image ?? OLLAMA_IMAGE, 'image'),
            command: ['/bin/sh', SCRIPT, 'bring'],
            env: [
              ...environment({ ...PULL_ENVIRONMENT, OLLAMA_NO_CLOUD: '1' }),
              ...scriptEnvironment({ ...spec, modelPull: 'online' }, pool),
            ],
            resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '512Mi' } },
            securityContext: CONTAINER_SECURITY,
            terminationMessagePolicy: 'FallbackToLogsOnError',
            volumeMounts: [{ name: MODELS_VOLUME, mountPath: MODELS_PATH }, ...SCRIPT_MOUNTS],
          },
        ],
        volumes: [
          { name: 'config', configMap: { name: serverConfigName(spec, pool) } },
          { name: 'state', emptyDir: {} },
          { name: 'tmp', emptyDir: {} },
          { name: MODELS_VOLUME, persistentVolumeClaim: { claimName } },
        ],
      },
    },
  };
}
