import type { Container } from 'kubernetes-types/core/v1';
import { METRICS_EXPORTER_REQUESTS } from '../sizing/telemetry-requests';
import { imageReference, OLLAMA_IMAGE } from './container-image';
import { CONFIG_PATH, MODELS_PATH } from './container-paths';
import { MODELS_VOLUME } from './model-cache';
import { METRICS_PORT } from './metrics-script';
import { OLLAMA_PORT } from './names';
import { CONTAINER_SECURITY } from './pod-security';
import { SCRIPT, scriptEnvironment, STATE_PATH } from './script-container';
import { environment } from './server-environment';
import { READY_SECONDS } from './server-script';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/** Name of the container and of its port. */
export const METRICS = 'metrics';
/** A process of the pod that does not answer within this time is left out; Prometheus waits 10 s for all of them. */
const PAGE_SECONDS = 2;
/** Pause before the exporter is started again. */
const RETRY_SECONDS = 10;

/** Returns the sidecar that serves the metrics of a pod, in the server's image. It never ends, so that it cannot make the pod unready. */
export function metricsExporter(spec: WorkloadSpec, pool: WorkloadPool, connections: string): Container {
  return {
    name: METRICS,
    image: imageReference(spec.image ?? OLLAMA_IMAGE, 'image'),
    restartPolicy: 'Always',
    command: ['/bin/sh', SCRIPT, METRICS, connections],
    env: [
      ...environment({
        OLLAMA_HOST: `127.0.0.1:${OLLAMA_PORT}`,
        OLLAMA_MODELS: MODELS_PATH,
        // The image sets `all`, which NVIDIA's runtime would apply.
        NVIDIA_VISIBLE_DEVICES: 'void',
        POOL: pool.name,
        METRICS_PORT: String(METRICS_PORT),
        PAGE_SECONDS: String(PAGE_SECONDS),
        READY_SECONDS: String(READY_SECONDS),
        RETRY_SECONDS: String(RETRY_SECONDS),
      }),
      ...scriptEnvironment(spec, pool),
    ],
    ports: [{ name: METRICS, containerPort: METRICS_PORT }],
    resources: {
      requests: { cpu: `${METRICS_EXPORTER_REQUESTS.cpuMillis}m`, memory: `${METRICS_EXPORTER_REQUESTS.memoryMiB}Mi` },
      limits: { memory: '64Mi' },
    },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: MODELS_VOLUME, mountPath: MODELS_PATH, readOnly: true },
      { name: 'state', mountPath: STATE_PATH, readOnly: true },
      { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
    ],
  };
}
