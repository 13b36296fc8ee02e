// https://istio.io/latest/docs/tasks/observability/logs/access-log/ and https://istio.io/latest/docs/tasks/observability/logs/otel-provider/
import { HBONE_PORT } from '../catalogue/ambient';
import type { Application } from '../gitops/application';
import { GATEWAY_LABELS, GATEWAY_NAMESPACE } from '../workload/names';
import { networkPolicy, podsOf, tcp } from '../workload/network-policy';
import { type AccessLogCollector, collectorPort } from './access-log-collector';
import type { IstiodValues } from './istio-values';

/** Name of the collector in Istio's settings. */
const PROVIDER = 'access-logs';
/** Objects that start nothing. */
const TIMEOUT_SECONDS = 300;

/**
 * What gateways log of a request: Istio's own fields, except that the path is without its query. No header is among them that could
 * hold a key, a token or a cookie, and neither the body of the request nor that of the answer.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators
 */
export const ACCESS_LOG_FIELDS = {
  start_time: '%START_TIME%',
  method: '%REQ(:METHOD)%',
  path: '%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  authority: '%REQ(:AUTHORITY)%',
  user_agent: '%REQ(USER-AGENT)%',
  request_id: '%REQ(X-REQUEST-ID)%',
  x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  duration: '%DURATION%',
  response_duration: '%RESPONSE_DURATION%',
  upstream_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  route_name: '%ROUTE_NAME%',
} as const satisfies Readonly<Record<string, string>>;

/** The line that a collector gets besides the fields. Without one, Istio sends its own, which has the query. */
const LINE = `${ACCESS_LOG_FIELDS.method} ${ACCESS_LOG_FIELDS.path} ${ACCESS_LOG_FIELDS.response_code}`;

/** Returns Istio's settings: lines of JSON on standard output, entries at a collector, or nothing. */
export function accessLogSettings(accessLogs: boolean | AccessLogCollector): Partial<IstiodValues['meshConfig']> {
  if (accessLogs === false) return {};
  if (accessLogs === true) {
    return {
      accessLogFile: '/dev/stdout',
      accessLogEncoding: 'JSON',
      accessLogFormat: JSON.stringify(ACCESS_LOG_FIELDS),
    };
  }
  const { service, namespace } = accessLogs;
  return {
    defaultProviders: { accessLogging: [PROVIDER] },
    extensionProviders: [
      {
        name: PROVIDER,
        envoyOtelAls: {
          service: `${namespace}/${service}.${namespace}.svc.cluster.local`,
          port: collectorPort(accessLogs),
          logFormat: { text: LINE, labels: ACCESS_LOG_FIELDS },
        },
      },
    ],
  };
}

/** Returns what lets gateways reach the collector. It comes last, when the exposure has created their namespace. */
export function accessLogApplications(accessLogs: boolean | AccessLogCollector): readonly Application[] {
  if (typeof accessLogs === 'boolean') return [];
  const policy = networkPolicy({
    name: PROVIDER,
    namespace: GATEWAY_NAMESPACE,
    pods: { matchLabels: GATEWAY_LABELS },
    egress: [{ to: [podsOf(accessLogs.namespace)], ports: tcp(collectorPort(accessLogs), HBONE_PORT) }],
  });
  return [
    {
      name: 'gateway-access-logs',
      wave: 6,
      namespace: { name: GATEWAY_NAMESPACE },
      project: 'workload',
      source: { kind: 'manifests', manifests: [policy] },
      healthGate: { timeoutSeconds: TIMEOUT_SECONDS },
    },
  ];
}
