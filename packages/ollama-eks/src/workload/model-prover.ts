// https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/#resource-hooks
import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { Manifest } from '../gitops/application';
import { CURL_IMAGE, imageReference } from './container-image';
import { CONFIG_PATH } from './container-paths';
import { proverTable } from './model-table';
import { MODEL_PROVER, NAME_LABEL, OLLAMA, OLLAMA_PORT, serversName } from './names';
import { CONTAINER_SECURITY, POD_SECURITY } from './pod-security';
import { PROVER_SCRIPT } from './prover-script';
import { environment } from './server-environment';
import { shortHash } from './short-hash';
import { bringUpSeconds, NODE_SECONDS } from './timing';
import type { WorkloadSpec } from './workload-spec';

/** Maximum wait for one answer: a loaded model may be busy with other requests. */
const ANSWER_SECONDS = 120;
const RETRY_SECONDS = 10;
/** A name that resolves in every cluster. @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const CONTROL_NAME = 'kubernetes.default.svc';
/** Time for scheduling, image and last answer of the prover itself. */
const MARGIN_SECONDS = 300;
/** Retries after the pod is lost; a failed proof is not retried. */
const BACKOFF_LIMIT = 3;
/** Time for which the Job, and with it the result, is kept: a week, so that nights and weekends do not hide it. */
const KEPT_SECONDS = 7 * 24 * 3600;
/** File whose content Kubernetes keeps in the pod's status. @see https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const TERMINATION_MESSAGE = '/dev/termination-log';
/** Exit code of a failed proof. */
const FAILED_PROOF = 1;

/**
 * Returns the time limit of the proof, in seconds. It includes the answer time of every model after the servers are up: the
 * script asks one model at a time and checks the time after each round, so that it ends on its own and reports why.
 */
export function proofSeconds(spec: WorkloadSpec): number {
  const models = spec.pools[0]?.fit.models.length ?? 0;
  return triesSeconds(spec) + (models + 1) * ANSWER_SECONDS + MARGIN_SECONDS;
}

/** Returns how long new rounds may begin, in seconds: until the slowest pool is up. */
function triesSeconds({ pools }: WorkloadSpec): number {
  return Math.max(...pools.map(bringUpSeconds));
}

/**
 * Returns a Job that proves that some server answers for every model. The servers do not depend on it, so it can fail and
 * run again without harm. It fails when a server exists and no server answers for a model in time. It passes when no server
 * has a node, since later waves need no GPU; then its result is `NOT PROVEN`, in the termination message of its container,
 * which the command line reports. An event would need a role, a token and egress to the API server, and is deleted after an
 * hour. The Job is therefore kept for a week, or until it runs again.
 *
 * It is a hook: it is created again whenever its Application is synced or its release is upgraded, which happens at each
 * revision (`revisionRecord`). A Job is immutable, so its name contains a hash of its specification.
 */
export function modelProver(spec: WorkloadSpec): readonly Manifest[] {
  const data = {
    'prove.sh': PROVER_SCRIPT,
    models: spec.pools[0] === undefined ? '' : proverTable(spec.pools[0]),
  };
  const config: ConfigMap & Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: MODEL_PROVER, namespace: OLLAMA },
    data,
  };
  const jobSpec = proof(spec, shortHash(data));
  const job: Job & Manifest = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${MODEL_PROVER}-${shortHash(jobSpec)}`,
      namespace: OLLAMA,
      labels: { [NAME_LABEL]: MODEL_PROVER },
      annotations: {
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      },
    },
    spec: jobSpec,
  };
  return [config, job];
}

function proof(spec: WorkloadSpec, configHash: string): NonNullable<Job['spec']> {
  return {
    backoffLimit: BACKOFF_LIMIT,
    activeDeadlineSeconds: proofSeconds(spec),
    ttlSecondsAfterFinished: KEPT_SECONDS, // also removes Jobs whose names do not recur
    podFailurePolicy: {
      rules: [
        {
          action: 'FailJob',
          onExitCodes: { containerName: 'prove', operator: 'In', values: [FAILED_PROOF] },
        },
      ],
    },
    template: {
      metadata: { labels: { [NAME_LABEL]: MODEL_PROVER }, annotations: { 'ollama-eks/config-hash': configHash } },
      spec: {
        serviceAccountName: MODEL_PROVER,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        restartPolicy: 'Never',
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' }],
        securityContext: POD_SECURITY,
        containers: [
          {
            name: 'prove',
            image: imageReference(spec.proverImage ?? CURL_IMAGE, 'proverImage'),
            command: ['/bin/sh', `${CONFIG_PATH}/prove.sh`],
            env: environment({
              CONFIG_DIR: CONFIG_PATH,
              TMPDIR: '/tmp',
              RESULT_FILE: TERMINATION_MESSAGE,
              NAMESPACE: OLLAMA,
              SERVICE: `${OLLAMA}.${OLLAMA}.svc`,
              SERVERS: spec.pools.map(({ name }) => `${serversName(name)}.${OLLAMA}.svc`).join(' '),
              CONTROL: CONTROL_NAME,
              SERVER_SELECTOR: `${NAME_LABEL}=${OLLAMA}`,
              PORT: String(OLLAMA_PORT),
              ANSWER_SECONDS: String(ANSWER_SECONDS),
              RETRY_SECONDS: String(RETRY_SECONDS),
              NODE_SECONDS: String(NODE_SECONDS),
              PROVE_SECONDS: String(triesSeconds(spec)),
            }),
            resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
            securityContext: CONTAINER_SECURITY,
            terminationMessagePolicy: 'FallbackToLogsOnError',
            volumeMounts: [
              { name: 'tmp', mountPath: '/tmp' },
              { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'config', configMap: { name: MODEL_PROVER } },
        ],
      },
    },
  };
}
