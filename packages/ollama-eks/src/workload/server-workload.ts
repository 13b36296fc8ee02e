import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Manifest } from '../gitops/application';
import { claimName, claimTemplate, modelClaims, MODELS_VOLUME, setName } from './model-cache';
import { modelPullers } from './model-puller';
import { NAME_LABEL, OLLAMA, OLLAMA_PORT, OLLAMA_READS, OLLAMA_SESSIONS, serverName, serversName } from './names';
import { serverConfig, serverConfigName } from './script-container';
import { podLabels, serverPod } from './server-pod';
import { hasSessions } from './sessions';
import { bringUpSeconds } from './timing';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from './workload-spec';

/**
 * Argo CD reports an autoscaler without a metric as degraded, but one of a fixed size does not need a metric.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/gitops-engine/pkg/health/health_hpa.go
 */
const IGNORE_HEALTH = { 'argocd.argoproj.io/ignore-healthcheck': 'true' };

/** Returns the Services that the gateway calls. Each has all ready servers of all pools, and its own `pressureRules`. */
export function servingServices({ pools }: WorkloadSpec): readonly Manifest[] {
  const names = [OLLAMA, ...(hasSessions(pools) ? [OLLAMA_SESSIONS] : []), OLLAMA_READS];
  return names.map((name) => service(name, { selector: { [NAME_LABEL]: OLLAMA } }));
}

/**
 * Returns the objects of a pool. Its workload does not set the number of servers: `replicas` in Git would undo every
 * `kubectl scale`. A pool of one server uses Kubernetes' default, which is one. A pool of several servers has an autoscaler
 * with that number as minimum and maximum, which ignores a workload that is scaled to zero.
 *
 * No object blocks a wave: there may be no GPU node, for an hour or permanently, and everything else must continue. Pods
 * start when nodes join.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
 */
export function poolManifests(spec: WorkloadSpec, pool: WorkloadPool): readonly Manifest[] {
  const { cache } = pool;
  const workload =
    cache.kind === 'instance-store'
      ? [deployment(spec, pool, { emptyDir: { sizeLimit: `${cache.sizeGiB}Gi` } })]
      : [
          ...modelClaims(spec, pool, cache),
          pool.replicas > 1
            ? statefulSet(spec, pool, cache)
            : deployment(spec, pool, { persistentVolumeClaim: { claimName: claimName(pool, cache) } }),
        ];
  const pullers = spec.modelPull === 'job' && cache.kind === 'ebs' ? modelPullers(spec, pool, cache) : [];
  const target = workload.at(-1);
  return [
    configMap(spec, pool),
    service(serversName(pool.name), {
      selector: podLabels(pool),
      clusterIP: 'None',
      publishNotReadyAddresses: true,
    }),
    ...workload,
    ...(target === undefined || pool.replicas <= 1 ? [] : [fixedSize(pool, target)]),
    disruptionBudget(pool),
    ...pullers,
  ];
}

type ModelsVolume = { readonly emptyDir: object } | { readonly persistentVolumeClaim: { readonly claimName: string } };

/** Servers with models on one claim, or on the node: a new server starts after the old one has released disk and GPU. */
function deployment(spec: WorkloadSpec, pool: WorkloadPool, volume: ModelsVolume): Manifest {
  const several = pool.replicas > 1;
  const object: Deployment & Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(pool, serverName(pool.name)),
    spec: {
      selector: { matchLabels: podLabels(pool) },
      strategy: several
        ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
        : { type: 'Recreate' },
      progressDeadlineSeconds: bringUpSeconds(pool),
      revisionHistoryLimit: 3,
      template: serverPod(spec, pool, { name: MODELS_VOLUME, ...volume }),
    },
  };
  return object;
}

/**
 * Servers with a volume each. The template of the claims is immutable, so the set's name contains a hash of it. All servers
 * start at once; an update replaces them one by one, and also replaces a broken one. The claims are separate objects and
 * outlive the set, since the servers of a new set are proven only after its claims replace the old ones.
 */
function statefulSet(spec: WorkloadSpec, pool: WorkloadPool, cache: EbsModelCache): Manifest {
  const object: StatefulSet & Manifest = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(pool, setName(pool, cache)),
    spec: {
      serviceName: serversName(pool.name),
      selector: { matchLabels: podLabels(pool) },
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 3,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: serverPod(spec, pool, undefined),
      volumeClaimTemplates: [claimTemplate(pool, cache)],
    },
  };
  return object;
}

/** Keeps a number of servers without setting it in their own object. The metric has no effect, but is required. */
function fixedSize(pool: WorkloadPool, target: Manifest): Manifest {
  const object: HorizontalPodAutoscaler & Manifest = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...metadata(pool, serverName(pool.name)), annotations: IGNORE_HEALTH },
    spec: {
      scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.metadata.name },
      minReplicas: pool.replicas,
      maxReplicas: pool.replicas,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 100 } } },
      ],
    },
  };
  return object;
}

/** Allows maintenance to evict one server at a time, and always one that is not ready, so that a node's drain never hangs. */
function disruptionBudget(pool: WorkloadPool): Manifest {
  const object: PodDisruptionBudget & Manifest = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(pool, serverName(pool.name)),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: podLabels(pool) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
  return object;
}

function configMap(spec: WorkloadSpec, pool: WorkloadPool): Manifest {
  const object: ConfigMap & Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(pool, serverConfigName(spec, pool)),
    immutable: true,
    data: serverConfig(spec, pool),
  };
  return object;
}

/** Sets the protocol, since the gateway would otherwise treat the traffic as TCP, without headers to hash. */
function service(name: string, spec: NonNullable<Service['spec']>): Manifest {
  const object: Service & Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: OLLAMA, labels: { [NAME_LABEL]: OLLAMA } },
    spec: { ...spec, ports: [{ name: 'http', port: OLLAMA_PORT, targetPort: 'http', appProtocol: 'http' }] },
  };
  return object;
}

function metadata(pool: WorkloadPool, name: string) {
  return { name, namespace: OLLAMA, labels: podLabels(pool) };
}
