// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
import type { Container, PodTemplateSpec, Probe, Volume } from 'kubernetes-types/core/v1';
import { GPU_RESOURCE } from '../catalogue/gpu';
import { imageReference, OLLAMA_IMAGE } from './container-image';
import { HOME_PATH, MODELS_PATH } from './container-paths';
import { metricsExporter } from './metrics-exporter';
import { MODELS_VOLUME } from './model-cache';
import { MODELS_CONTAINER, NAME_LABEL, OLLAMA, OLLAMA_PORT, POOL_LABEL } from './names';
import { CONTAINER_SECURITY, serverSecurity } from './pod-security';
import {
  PULL_ENVIRONMENT,
  RESPONSE_SECONDS,
  SCRIPT,
  SCRIPT_MOUNTS,
  scriptEnvironment,
  serverConfigName,
} from './script-container';
import { environment, serverEnvironment } from './server-environment';
import { SETTLE_SECONDS, terminationGraceSeconds } from './timing';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/** PriorityClass of the servers: they preempt pods of lower priority on GPU nodes. */
export const SERVING_PRIORITY = 'ollama-serving';

/** Table of the TCP connections in the pod, whose containers share a network. */
const CONNECTIONS = '/proc/net/tcp';

/** Interval of the checks for open requests while a server drains. */
const QUIET_SECONDS = 2;
/** A model that is being unloaded is listed for this long after its process has ended. */
const EXIT_SECONDS = 2;
/** An idle server is asked for an answer when nothing has finished for this long, and must answer within the other. */
const PROOF_SECONDS = 300;
const ANSWER_SECONDS = 120;

/** Returns the labels by which a pool's pods are selected. */
export function podLabels(pool: WorkloadPool): Record<string, string> {
  return { [NAME_LABEL]: OLLAMA, [POOL_LABEL]: pool.name };
}

/**
 * Returns the pod of one server, with the sidecar that keeps its models loaded. The pod is ready when both are: the server
 * when it responds, the sidecar when every model is in GPU memory, with its context, and has answered. So a pod recovers
 * from any kind of restart without outside help.
 */
export function serverPod(spec: WorkloadSpec, pool: WorkloadPool, models: Volume | undefined): PodTemplateSpec {
  return {
    metadata: { labels: podLabels(pool) },
    spec: {
      serviceAccountName: OLLAMA,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: SERVING_PRIORITY,
      nodeSelector: { ...pool.nodeLabels },
      tolerations: [{ key: GPU_RESOURCE, operator: 'Exists', effect: 'NoSchedule' }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: podLabels(pool) },
        },
      ],
      securityContext: serverSecurity(spec),
      terminationGracePeriodSeconds: terminationGraceSeconds(spec.requestTimeoutSeconds),
      initContainers: [
        keeper(spec, pool),
        ...(spec.scraper === undefined ? [] : [metricsExporter(spec, pool, CONNECTIONS)]),
      ],
      containers: [server(spec, pool)],
      volumes: [
        { name: 'config', configMap: { name: serverConfigName(spec, pool) } },
        { name: 'state', emptyDir: {} },
        { name: 'home', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
        ...(models === undefined ? [] : [models]),
      ],
    },
  };
}

function server(spec: WorkloadSpec, pool: WorkloadPool): Container {
  return {
    name: OLLAMA,
    image: imageReference(spec.image ?? OLLAMA_IMAGE, 'image'),
    command: ['/bin/sh', SCRIPT, 'serve'],
    env: [
      ...serverEnvironment(spec, pool),
      ...scriptEnvironment(spec, pool),
      ...environment({
        SETTLE_SECONDS: String(SETTLE_SECONDS),
        DRAIN_SECONDS: String(spec.requestTimeoutSeconds),
        QUIET_SECONDS: String(QUIET_SECONDS),
        PREFETCH_MIB: String(pool.needs.prefetchMiB),
      }),
    ],
    ports: [{ name: 'http', containerPort: OLLAMA_PORT }],
    resources: serverResources(pool),
    startupProbe: { ...responds('/api/version'), periodSeconds: 1, failureThreshold: 300 },
    readinessProbe: { ...responds('/api/version'), periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: {
      exec: { command: ['/bin/sh', SCRIPT, 'live'] },
      periodSeconds: 20,
      timeoutSeconds: RESPONSE_SECONDS + 2,
      failureThreshold: 3,
    },
    lifecycle: { preStop: { exec: { command: ['/bin/sh', SCRIPT, 'drain', CONNECTIONS] } } },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: MODELS_VOLUME, mountPath: MODELS_PATH },
      { name: 'home', mountPath: HOME_PATH },
      ...SCRIPT_MOUNTS,
    ],
  };
}

/** Uses the server's image, so that nothing more is downloaded and both have the same version. */
function keeper(spec: WorkloadSpec, pool: WorkloadPool): Container {
  return {
    name: MODELS_CONTAINER,
    image: imageReference(spec.image ?? OLLAMA_IMAGE, 'image'),
    restartPolicy: 'Always',
    command: ['/bin/sh', SCRIPT, 'keep', CONNECTIONS],
    env: [
      ...environment({
        ...PULL_ENVIRONMENT,
        LOAD_SECONDS: String(pool.needs.loadTimeoutSeconds),
        EXIT_SECONDS: String(EXIT_SECONDS),
        PROOF_SECONDS: String(PROOF_SECONDS),
        ANSWER_SECONDS: String(ANSWER_SECONDS),
      }),
      ...scriptEnvironment(spec, pool),
    ],
    resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: {
      exec: { command: ['/bin/sh', SCRIPT, 'ready'] },
      periodSeconds: 2,
      timeoutSeconds: 5,
      failureThreshold: 1,
    },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: MODELS_VOLUME, mountPath: MODELS_PATH, readOnly: true }, ...SCRIPT_MOUNTS],
  };
}

/** Models on the node's disks are part of the requests, since two servers must not use the same space. */
function serverResources({ resources, cache }: WorkloadPool): Container['resources'] {
  const requests = { ...resources.requests };
  if (cache.kind === 'instance-store') requests['ephemeral-storage'] = `${cache.sizeGiB}Gi`;
  return { requests, limits: { ...resources.limits } };
}

function responds(path: string): Probe {
  return { httpGet: { path, port: 'http' }, timeoutSeconds: 3 };
}
