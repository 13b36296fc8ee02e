// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply
import { GATEWAY_LABELS, GATEWAY_NAMESPACE } from '../workload/names';
import type { EnvoyFilter } from './gateway-types';

/** Seconds after which a refused client may try again: about the time of one answer to a coding agent. */
const RETRY_AFTER_SECONDS = 10;

/** Envoy's flag of a request that it refuses because the maximum number of requests is in progress. */
const UPSTREAM_OVERFLOW = 'UO';

/** Matches the status of `requestLimit`. Envoy requires the name of a variable that could override the status. */
const REFUSED_BY_FILTER = {
  status_code_filter: { comparison: { op: 'EQ', value: { default_value: 429, runtime_key: 'overload_reply.status' } } },
};

/** Name of Envoy's filter that translates connections into requests. */
export const HTTP_CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';

/**
 * Makes the gateway refuse requests above its limit with 429 and `Retry-After`, instead of 503. The SDKs of OpenAI and
 * Anthropic wait for as long as `Retry-After` says, but treat a 503 as a broken server. Neither Istio's API nor the Gateway
 * API can do this. What a server answers itself is not changed.
 */
export function overloadReply(): EnvoyFilter {
  const mapper = {
    filter: { or_filter: { filters: [{ response_flag_filter: { flags: [UPSTREAM_OVERFLOW] } }, REFUSED_BY_FILTER] } },
    status_code: 429,
    headers_to_add: [{ header: { key: 'Retry-After', value: String(RETRY_AFTER_SECONDS) } }],
    body: { inline_string: 'All servers are busy. Try again later.' },
  };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'overload-reply', namespace: GATEWAY_NAMESPACE },
    spec: {
      workloadSelector: { labels: GATEWAY_LABELS },
      configPatches: [
        {
          applyTo: 'NETWORK_FILTER',
          match: { context: 'GATEWAY', listener: { filterChain: { filter: { name: HTTP_CONNECTION_MANAGER } } } },
          patch: {
            operation: 'MERGE',
            value: {
              typed_config: {
                '@type':
                  'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                local_reply_config: { mappers: [mapper] },
              },
            },
          },
        },
      ],
    },
  };
}
