// https://github.com/ollama/ollama/blob/v0.32.15/envconfig/config.go
import type { EnvVar } from 'kubernetes-types/core/v1';
import { HOME_PATH, MODELS_PATH, TEMPORARY_PATH } from './container-paths';
import { OLLAMA_PORT } from './names';
import { requestCap } from './pressure';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/**
 * Returns the server's environment. Two variables are omitted on purpose: by default, `OLLAMA_ORIGINS` admits only browsers
 * on this host, and `OLLAMA_DEBUG_LOG_REQUESTS` would write prompts to the disk.
 */
export function serverEnvironment(spec: WorkloadSpec, { needs }: WorkloadPool): EnvVar[] {
  return environment({
    HOME: HOME_PATH,
    TMPDIR: TEMPORARY_PATH,
    OLLAMA_HOST: `0.0.0.0:${OLLAMA_PORT}`,
    OLLAMA_MODELS: MODELS_PATH,
    // Otherwise a model named `…:cloud` would send prompts to ollama.com, and the server would call it every few hours.
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_CONTEXT_LENGTH: String(needs.contextLength),
    OLLAMA_NUM_PARALLEL: String(needs.parallel),
    OLLAMA_MAX_LOADED_MODELS: String(needs.maxLoadedModels),
    OLLAMA_MAX_QUEUE: String(requestCap(spec).queue),
    OLLAMA_KEEP_ALIVE: '-1',
    OLLAMA_LOAD_TIMEOUT: `${needs.loadTimeoutSeconds}s`,
    OLLAMA_FLASH_ATTENTION: needs.flashAttention ? '1' : '0',
    OLLAMA_KV_CACHE_TYPE: needs.kvCacheType,
    OLLAMA_SCHED_SPREAD: needs.schedSpread ? '1' : '0',
    // Pruned weights could not be pulled again, and parts of a download belong to the Job.
    ...((spec.modelPull ?? 'online') === 'online' ? {} : { OLLAMA_NOPRUNE: '1' }),
    // Otherwise llama-server copies prompts of idle slots to its shared cache whenever another request starts.
    LLAMA_ARG_CACHE_IDLE_SLOTS: '0',
    // Metrics of llama-server, which has them on a port of 127.0.0.1.
    ...(spec.scraper === undefined ? {} : { LLAMA_ARG_ENDPOINT_METRICS: '1' }),
    ...(needs.promptCacheMiB === undefined ? {} : { LLAMA_ARG_CACHE_RAM: String(needs.promptCacheMiB) }),
  });
}

/** Returns environment variables in the given order. */
export function environment(variables: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
