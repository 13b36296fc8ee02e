import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Manifest } from '../gitops/application';
import { claimName, claimTemplate, modelClaims, MODELS_VOLUME, setName } from './model-cache';
import { NAME_LABEL, OLLAMA, OLLAMA_PORT, serverName, serversName } from './names';
import { podLabels, serverConfig, serverConfigName, serverPod } from './server-pod';
import { bringUpSeconds } from './timing';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from './workload-spec';

/**
 * An autoscaler whose metric is missing is degraded for Argo CD; that of a fixed size needs none.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/gitops-engine/pkg/health/health_hpa.go
 */
const IGNORE_HEALTH = { 'argocd.argoproj.io/ignore-healthcheck': 'true' };

/** The Service that clients call: every server of every pool, as long as it is ready. */
export function servingService(): Manifest {
  return service(OLLAMA, { selector: { [NAME_LABEL]: OLLAMA } });
}

/**
 * The objects of a pool. None of them carries the number of servers: `replicas` in Git would undo every
 * `kubectl scale`. A pool of one lives by Kubernetes' default, which is one. A pool of several has an autoscaler with
 * as many as least and most: it brings the number about, and leaves a workload alone that is scaled to zero.
 *
 * None holds up a wave: there may be no GPU node, for an hour or for good, and everything else must go on. The pods
 * come when the nodes do.
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
  const target = workload.at(-1);
  return [
    configMap(pool),
    service(serversName(pool.name), {
      selector: podLabels(pool),
      clusterIP: 'None',
      publishNotReadyAddresses: true,
    }),
    ...workload,
    ...(target === undefined || pool.replicas <= 1 ? [] : [fixedSize(pool, target)]),
    disruptionBudget(pool),
  ];
}

type ModelsVolume = { readonly emptyDir: object } | { readonly persistentVolumeClaim: { readonly claimName: string } };

/** Servers whose models lie on one claim, or on the node: a new one starts when the old one has left disk and GPU. */
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
 * Servers with a volume each. The template of its claims can't be changed, so it is part of its name. All start at once; an
 * update goes through them one by one, and goes on where a broken one stands. The claims outlive it: they are objects of
 * their own, and another set's claims may take their place before its servers are proven.
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

/** Keeps a number of servers without naming it in their own object; the metric has no say, but must be there. */
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

/** One server at a time may be taken away for maintenance, and one that isn't ready always: a drain never hangs. */
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

function configMap(pool: WorkloadPool): Manifest {
  const object: ConfigMap & Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(pool, serverConfigName(pool)),
    immutable: true,
    data: serverConfig(pool),
  };
  return object;
}

/** The protocol is named, or the gateway would take the traffic for TCP and know of no header to hash. */
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
