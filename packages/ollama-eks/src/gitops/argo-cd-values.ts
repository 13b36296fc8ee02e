import { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from './application-health';
import type { Json } from './application';

/** Helm values, as the chart takes them. */
export type Values = { readonly [key: string]: Json | undefined };

/**
 * Values of the argo-cd chart: a controller and two repository servers without any door to the outside, on system nodes.
 * `controller.sync.timeout.seconds` stays unset: a sync that it ends is never tried again, and its clock runs over all
 * retries (controller/appcontroller.go, processRequestedAppOperation), so nothing would heal by itself after it.
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

/** The values with those of the user merged over them; the health check that waves depend on is not up for change. */
export function argoCdValues(values: Values = {}): Values {
  const health = { configs: { cm: { [APPLICATION_HEALTH_KEY]: APPLICATION_HEALTH_CHECK } } };
  return merge(merge(ARGO_CD_VALUES, values), health);
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
