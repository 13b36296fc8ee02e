/** What the containers that run the server's script have in common: those of a server, and of a Job that pulls its models. */
import type { EnvVar } from 'kubernetes-types/core/v1';
import { CONFIG_PATH, MODELS_PATH, TEMPORARY_PATH } from './container-paths';
import { METRICS_SCRIPT } from './metrics-script';
import { MODELS_VOLUME } from './model-cache';
import { serverTable } from './model-table';
import { OLLAMA_PORT, serverName } from './names';
import { environment } from './server-environment';
import { SERVER_SCRIPT } from './server-script';
import { shortHash } from './short-hash';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

export const STATE_PATH = '/run/ollama-eks';
/** Copies of pulled manifests: a folder on the volume of models, and the only one there that the sidecar can write. */
const PULLED_PATH = '/pulled';
/** The script, as containers see it. */
export const SCRIPT = `${CONFIG_PATH}/server.sh`;

/** Attempts of one pull before the sidecar is restarted, and the seconds by which the wait between them grows. */
const PULL_ATTEMPTS = 5;
const RETRY_SECONDS = 10;
/** Interval of the sidecar's checks; far below the two minutes after which `ready` is stale. */
const WATCH_SECONDS = 5;
/** Interval of its checks until the server responds. */
const START_SECONDS = 1;
/** A download that has not grown for this long is ended, and resumed by the next attempt. */
const STALL_SECONDS = 180;
/** A server that does not report its version within this time does not respond. */
export const RESPONSE_SECONDS = 8;
/**
 * A model's process that does not answer for this long hangs. It answers between two batches of tokens, which take seconds
 * on GPUs, and minutes in main memory.
 */
const HANG_SECONDS = 60;
const CPU_HANG_SECONDS = 600;

/** Variables of a container that pulls models and requests no GPU. */
export const PULL_ENVIRONMENT = {
  HOME: TEMPORARY_PATH,
  TMPDIR: TEMPORARY_PATH,
  OLLAMA_HOST: `127.0.0.1:${OLLAMA_PORT}`,
  // The image sets `all`, which NVIDIA's runtime would apply.
  NVIDIA_VISIBLE_DEVICES: 'void',
  OLLAMA_MODELS: MODELS_PATH,
  PULL_ATTEMPTS: String(PULL_ATTEMPTS),
  RETRY_SECONDS: String(RETRY_SECONDS),
  WATCH_SECONDS: String(WATCH_SECONDS),
  START_SECONDS: String(START_SECONDS),
  STALL_SECONDS: String(STALL_SECONDS),
};

/** Mounts of every container that runs the script. */
export const SCRIPT_MOUNTS = [
  { name: 'tmp', mountPath: TEMPORARY_PATH },
  { name: 'state', mountPath: STATE_PATH },
  { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
  { name: MODELS_VOLUME, mountPath: PULLED_PATH, subPath: 'pulled' },
];

/** Returns the content of the ConfigMap of a pool's pods. */
export function serverConfig({ scraper }: WorkloadSpec, pool: WorkloadPool): Record<string, string> {
  return {
    'server.sh': SERVER_SCRIPT,
    models: serverTable(pool),
    ...(scraper === undefined ? {} : { 'metrics.pl': METRICS_SCRIPT }),
  };
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
export function serverConfigName(spec: WorkloadSpec, pool: WorkloadPool): string {
  return `${serverName(pool.name)}-${shortHash(serverConfig(spec, pool))}`;
}

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
