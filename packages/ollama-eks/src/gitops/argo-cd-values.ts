import { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from './application-health';
import type { Application, Json } from './application';
import { isMap, type Values } from './chart-values';
import { CRD_HEALTH_CHECK, CRD_HEALTH_KEY } from './crd-health';
import { longestRollout } from './order';

/**
 * Values of the argo-cd chart: a controller and two repository servers on system nodes, with no endpoint of their own.
 * @see https://github.com/argoproj/argo-helm/blob/argo-cd-10.1.1/charts/argo-cd/values.yaml
 */
const ARGO_CD_VALUES: Values = {
  global: {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' }],
    priorityClassName: 'system-cluster-critical',
    networkPolicy: { create: true, defaultDenyIngress: true },
  },
  configs: {
    cm: { 'admin.enabled': false, 'exec.enabled': false },
    rbac: { 'policy.default': '' },
  },
  controller: { replicas: 1 }, // more replicas only share out clusters, and there is one
  repoServer: { replicas: 2 },
  server: { replicas: 0 }, // all changes go through Git
  applicationSet: { replicas: 0 },
  dex: { enabled: false },
  notifications: { enabled: false },
  'redis-ha': { enabled: false }, // needs three nodes, and Redis is only a cache
};

/** Health checks that waves depend on, by their keys in `argocd-cm`. */
const HEALTH_CHECKS = {
  [APPLICATION_HEALTH_KEY]: APPLICATION_HEALTH_CHECK,
  [CRD_HEALTH_KEY]: CRD_HEALTH_CHECK,
} as const;

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/argocd-cmd-params-cm-yaml/ */
const SYNC_TIMEOUT_KEY = 'controller.sync.timeout.seconds';
/** Minimum time limit of a sync, in seconds. */
const MIN_SYNC_SECONDS = 4 * 3600;

/**
 * Returns the time limit of a sync including its retries, in seconds. Without a limit, a sync that waits for something that
 * never happens (a pod whose image cannot be pulled is progressing, not degraded) would run forever. No other sync begins
 * meanwhile, so a fix in Git would never be applied. A sync that hits the limit is not retried until its source changes.
 * The limit is therefore twice the time that all waves may take in sequence, which the root's own sync waits for.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (processRequestedAppOperation)
 */
export function syncTimeoutSeconds(applications: readonly Application[]): number {
  return Math.max(MIN_SYNC_SECONDS, 2 * longestRollout(applications));
}

/** Merges the user's values over the library's. The health checks that waves depend on cannot be overridden. */
export function argoCdValues(applications: readonly Application[], values: Values = {}): Values {
  const timeout = { configs: { params: { [SYNC_TIMEOUT_KEY]: String(syncTimeoutSeconds(applications)) } } };
  return merge(merge(merge(ARGO_CD_VALUES, timeout), values), { configs: { cm: HEALTH_CHECKS } });
}

/** Merges maps key by key and replaces everything else, as Helm does. */
function merge(base: Values, over: Values): Values {
  const merged: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged;
}
