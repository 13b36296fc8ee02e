// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter
import { GATEWAY_LABELS, GATEWAY_NAMESPACE } from '../workload/names';
import { HTTP_CONNECTION_MANAGER } from './gateway-overload';
import type { EnvoyFilter } from './gateway-types';
import { UNLIMITED_RULES } from './routes';

/** An EnvoyFilter is applied after those of a lower number, which is 0 by default. */
const PRIORITY = 10;

const ADAPTIVE_CONCURRENCY = 'envoy.filters.http.adaptive_concurrency';

/**
 * Limits the requests for inference that each gateway pod has in progress, with and without a session together. A
 * DestinationRule cannot: its limit is for one Service, and Envoy balances by session or by load only per Service.
 *
 * Envoy has no filter with a fixed limit on concurrent requests. The one that adapts its limit to latencies never leaves the
 * range between its minimum and its maximum, so that equal ones fix it. It refuses with 429, and `overloadReply` adds
 * `Retry-After`. Its priority makes it the last filter before the router, after those that the filters of others insert:
 * without one the order would be open, and `istioctl analyze` warns of that (IST0151). If a release of Istio no longer applied this, the DestinationRules would still limit each kind of request.
 */
export function requestLimit(limit: number): EnvoyFilter {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'request-limit', namespace: GATEWAY_NAMESPACE },
    spec: {
      workloadSelector: { labels: GATEWAY_LABELS },
      priority: PRIORITY,
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'GATEWAY',
            listener: {
              filterChain: {
                filter: { name: HTTP_CONNECTION_MANAGER, subFilter: { name: 'envoy.filters.http.router' } },
              },
            },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: { name: ADAPTIVE_CONCURRENCY, typed_config: fixedConcurrency(limit) },
          },
        },
        ...UNLIMITED_RULES.map((name) => ({
          applyTo: 'HTTP_ROUTE' as const,
          match: { context: 'GATEWAY' as const, routeConfiguration: { vhost: { route: { name } } } },
          patch: { operation: 'MERGE' as const, value: { typed_per_filter_config: WITHOUT_LIMIT } },
        })),
      ],
    },
  };
}

const WITHOUT_LIMIT = {
  [ADAPTIVE_CONCURRENCY]: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true },
};

/** The interval and the latency are required, but cannot change a limit whose minimum and maximum are equal. */
function fixedConcurrency(limit: number): Readonly<Record<string, unknown>> {
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency',
    concurrency_limit_exceeded_status: { code: 'TooManyRequests' },
    gradient_controller_config: {
      concurrency_limit_params: { max_concurrency_limit: limit, concurrency_update_interval: '60s' },
      min_rtt_calc_params: { fixed_value: '1s', min_concurrency: limit },
    },
  };
}
