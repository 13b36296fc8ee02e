import { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from './application-health';
import type { Application, Json } from './application';
import { longestRollout } from './order';

/** Helm values, as the chart takes them. */
export type Values = { readonly [key: string]: Json | undefined };

/**
 * Values of the argo-cd chart: a controller and two repository servers without any door to the outside, on system nodes.
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
  controller: { replicas: 1 }, // more would only spread several clusters among them
  repoServer: { replicas: 2 },
  server: { replicas: 0 }, // Git is the only way in
  applicationSet: { replicas: 0 },
  dex: { enabled: false },
  notifications: { enabled: false },
  'redis-ha': { enabled: false }, // wants three nodes, and Redis is only a cache
};

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/argocd-cmd-params-cm-yaml/ */
const SYNC_TIMEOUT_KEY = 'controller.sync.timeout.seconds';
/** Shortest time that a sync gets, in seconds. */
const SHORTEST_SYNC_SECONDS = 4 * 3600;

/**
 * How long a sync may last in all, retries included, in seconds. Without an end, one that waits for what never comes (a
 * pod whose image can't be pulled is progressing, not degraded) goes on for ever; and as long as a sync lasts, no other
 * begins, so nothing mended in Git would arrive. What it ends is not tried again before its source changes, so it is
 * twice what all waves may take one after another, which the root's own sync waits for.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (processRequestedAppOperation)
 */
export function syncTimeoutSeconds(applications: readonly Application[]): number {
  return Math.max(SHORTEST_SYNC_SECONDS, 2 * longestRollout(applications));
}

/** The values with those of the user merged over them; the health check that waves depend on is not up for change. */
export function argoCdValues(applications: readonly Application[], values: Values = {}): Values {
  const timeout = { configs: { params: { [SYNC_TIMEOUT_KEY]: String(syncTimeoutSeconds(applications)) } } };
  const health = { configs: { cm: { [APPLICATION_HEALTH_KEY]: APPLICATION_HEALTH_CHECK } } };
  return merge(merge(merge(ARGO_CD_VALUES, timeout), values), health);
}

/** Maps merged key by key, everything else replaced, as Helm does. */
function merge(base: Values, over: Values): Values {
  const merged: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged;
}

function isMap(value: Json | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
