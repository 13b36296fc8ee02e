/** Parts of queries that rules, alerts and dashboards share. */

/** Requests for inference that the gateway has forwarded or refused; lists and health have a Service of their own. */
export const REQUESTS = 'istio_requests_total{reporter="source",destination_service_name=~"ollama|ollama-sessions"}';
/** Requests refused because every place at the servers is taken: the gateway alone answers with this status. */
export const REFUSED = REQUESTS.replace('}', ',response_code="429"}');
/** Requests that the gateway has open to the servers, in progress or waiting. */
export const OPEN =
  'envoy_cluster_upstream_rq_active{cluster_name=~"outbound.11434.*ollama(-sessions)?[.]ollama[.].*"}';

/**
 * When certificates of the gateway end, in seconds since 1970. Istio's settings of Envoy leave the name of the certificate in that of the
 * metric; Envoy's own make it a label.
 */
export const CERTIFICATE_METRICS = 'envoy_listener_ssl_certificate_.*expiration_unix_time_seconds';

/** Names of the recorded rules. */
export const WAITING = 'ollama_eks:requests_waiting';
export const FIRST_TOKEN = 'ollama_eks:first_token_seconds';
export const NODE_COST = 'ollama_eks:node_cost_usd_per_hour';
/** Nodes with GPUs: one exporter runs on each. */
export const GPU_NODES = 'count by (pool) (up{job="ollama/ollama-gpus"})';
