// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
import type { Container, EnvVar, PodSecurityContext, PodTemplateSpec, Probe, Volume } from 'kubernetes-types/core/v1';
import { GPU_RESOURCE } from '../catalogue/gpu';
import { imageReference, OLLAMA_IMAGE } from './container-image';
import { MODELS_VOLUME } from './model-cache';
import { serverTable } from './model-table';
import { MODELS_CONTAINER, NAME_LABEL, OLLAMA, OLLAMA_PORT, POOL_LABEL, serverName } from './names';
import { CONTAINER_SECURITY, POD_SECURITY } from './pod-security';
import {
  CONFIG_PATH,
  environment,
  HOME_PATH,
  MODELS_PATH,
  serverEnvironment,
  TEMPORARY_PATH,
} from './server-environment';
import { SERVER_SCRIPT } from './server-script';
import { shortHash } from './short-hash';
import { SETTLE_SECONDS, terminationGraceSeconds } from './timing';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/** PriorityClass of the servers: they preempt pods of lower priority on GPU nodes. */
export const SERVING_PRIORITY = 'ollama-serving';

const STATE_PATH = '/run/ollama-eks';
/** Copies of pulled manifests: a folder on the volume of models, and the only one there that the sidecar can write. */
const PULLED_PATH = '/pulled';
export const SCRIPT = `${CONFIG_PATH}/server.sh`;
/** Table of the TCP connections in the pod, whose containers share a network. */
const CONNECTIONS = '/proc/net/tcp';

/** SELinux level of pods that share a volume; any pair of categories. */
const SHARED_LEVEL = 's0:c11,c434';
/** Attempts of one pull before the sidecar is restarted, and the seconds by which the wait between them grows. */
const PULL_ATTEMPTS = 5;
const RETRY_SECONDS = 10;
/** Interval of the sidecar's checks; far below the two minutes after which `ready` is stale. */
const WATCH_SECONDS = 5;
/** Interval of the checks for open requests while a server drains. */
const QUIET_SECONDS = 2;
/** A download that has not grown for this long is ended, and resumed by the next attempt. */
const STALL_SECONDS = 180;
/** A server that does not report its version within this time does not respond. */
const RESPONSE_SECONDS = 8;
/** A model that is being unloaded is listed for this long after its process has ended. */
const EXIT_SECONDS = 2;
/**
 * A model's process that does not answer for this long hangs. It answers between two batches of tokens, which take seconds
 * on GPUs, and minutes in main memory.
 */
const HANG_SECONDS = 60;
const CPU_HANG_SECONDS = 600;
/** An idle server is asked for an answer when nothing has finished for this long, and must answer within the other. */
const PROOF_SECONDS = 300;
const ANSWER_SECONDS = 120;

/** Returns the content of the ConfigMap of a pool's pods. */
export function serverConfig(pool: WorkloadPool): Record<string, string> {
  return { 'server.sh': SERVER_SCRIPT, models: serverTable(pool) };
}

/**
 * Returns the name of the ConfigMap of a pool's pods, which changes with its content. With a constant name, the files of
 * the mounted ConfigMap would change under running pods: pods of the old template would watch the models of the new one,
 * and be restarted for it. With this name, a pod keeps the files that it started with: the kubelet does not update an
 * immutable ConfigMap, and keeps its files mounted after it is deleted. So the old ConfigMap may be deleted at once,
 * without waiting for the rollout. A pod of the old template that is recreated during the rollout cannot start, until the
 * rollout replaces its template.
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export function serverConfigName(pool: WorkloadPool): string {
  return `${serverName(pool.name)}-${shortHash(serverConfig(pool))}`;
}

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
      initContainers: [keeper(spec, pool)],
      containers: [server(spec, pool)],
      volumes: [
        { name: 'config', configMap: { name: serverConfigName(pool) } },
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
      }),
    ],
    ports: [{ name: 'http', containerPort: OLLAMA_PORT }],
    resources: serverResources(pool),
    startupProbe: { ...responds('/api/version'), periodSeconds: 5, failureThreshold: 60 },
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
      ...commonMounts,
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
        ...pullEnvironment(),
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
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 1,
    },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: MODELS_VOLUME, mountPath: MODELS_PATH, readOnly: true }, ...commonMounts],
  };
}

/**
 * Security context of pods that share a volume of models. SELinux, which Bottlerocket enforces, gives each pod a level of its own,
 * and the files of a volume that of the pod that mounted it last, which locks out the other one.
 * @see https://github.com/bottlerocket-os/bottlerocket/issues/2417
 */
export function serverSecurity({ modelPull }: WorkloadSpec): PodSecurityContext {
  return modelPull === 'job' ? { ...POD_SECURITY, seLinuxOptions: { level: SHARED_LEVEL } } : POD_SECURITY;
}

/** Variables of a container that pulls models and requests no GPU. */
export function pullEnvironment(): Readonly<Record<string, string>> {
  return {
    HOME: TEMPORARY_PATH,
    TMPDIR: TEMPORARY_PATH,
    OLLAMA_HOST: `127.0.0.1:${OLLAMA_PORT}`,
    // The image sets `all`, which NVIDIA's runtime would apply.
    NVIDIA_VISIBLE_DEVICES: 'void',
    OLLAMA_MODELS: MODELS_PATH,
    PULL_ATTEMPTS: String(PULL_ATTEMPTS),
    RETRY_SECONDS: String(RETRY_SECONDS),
    WATCH_SECONDS: String(WATCH_SECONDS),
    STALL_SECONDS: String(STALL_SECONDS),
  };
}

export const commonMounts = [
  { name: 'tmp', mountPath: TEMPORARY_PATH },
  { name: 'state', mountPath: STATE_PATH },
  { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
  { name: MODELS_VOLUME, mountPath: PULLED_PATH, subPath: 'pulled' },
];

/** Returns the variables that the script reads in every role. */
export function scriptEnvironment({ modelPull = 'online' }: WorkloadSpec, { allowCpu }: WorkloadPool): EnvVar[] {
  return environment({
    CONFIG_DIR: CONFIG_PATH,
    STATE_DIR: STATE_PATH,
    PULLED_DIR: PULLED_PATH,
    MODEL_PULL: modelPull,
    RESPONSE_SECONDS: String(RESPONSE_SECONDS),
    HANG_SECONDS: String(allowCpu === true ? CPU_HANG_SECONDS : HANG_SECONDS),
  });
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
