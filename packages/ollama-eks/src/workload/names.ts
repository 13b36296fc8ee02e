/** Static names that Applications share: policies refer to the gateway, and the gateway refers to the Service. */

/** Tag of every AWS resource that belongs to a cluster; its value is the cluster's name. */
export const CLUSTER_TAG = 'ollama-eks/cluster';

/** Namespace, Service and ServiceAccount of the server. */
export const OLLAMA = 'ollama';
/** Service for requests with a session, which go to the server that has its prompt cached. Exists with several servers. */
export const OLLAMA_SESSIONS = 'ollama-sessions';
/** Service for requests for lists and health, whose number is not limited. */
export const OLLAMA_READS = 'ollama-reads';
/** Port of Ollama's HTTP API. @see https://github.com/ollama/ollama/blob/main/envconfig/config.go (OLLAMA_HOST) */
export const OLLAMA_PORT = 11434;
/** Name of the ServiceAccount and the Application, and `app.kubernetes.io/name`, of the Job that proves that models answer. */
export const MODEL_PROVER = 'ollama-model-prover';
/** `app.kubernetes.io/name` of the Jobs that pull models. */
export const MODEL_PULLER = 'ollama-model-puller';
/** Label by which policies select pods: `ollama`, `ollama-model-prover` or `ollama-model-puller`. */
export const NAME_LABEL = 'app.kubernetes.io/name';
/** Sidecar in a server's pod that keeps its models loaded. */
export const MODELS_CONTAINER = 'models';
/** Label of nodes and servers' pods with the name of their pool. */
export const POOL_LABEL = 'ollama-eks/pool';
/** Pattern of a pool's name. Names of objects add up to 33 characters to it, and may have 63. */
export const POOL_NAME = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;
/** Value of `POOL_LABEL` on the nodes without GPUs. */
export const SYSTEM_POOL = 'system';
/** The pool whose workload is named `ollama`, without a suffix. */
export const DEFAULT_POOL = 'gpu';

/** Namespace of the ingress gateway. */
export const GATEWAY_NAMESPACE = 'istio-ingress';
/** Name of the Gateway; Istio names its Deployment, Service and ServiceAccount `<gateway>-<class>`. */
export const GATEWAY_NAME = 'ollama-gateway';
/** Label that Istio puts on the pods of a Gateway. */
export const GATEWAY_LABELS = { 'gateway.networking.k8s.io/gateway-name': GATEWAY_NAME };
/** Name of the ServiceAccount, Service and Deployment that Istio creates for the Gateway. */
export const GATEWAY_WORKLOAD = `${GATEWAY_NAME}-istio`;

/** Construct id of the private key that signs the certificates of the gateway. */
export const AUTHORITY_KEY = 'authority-key';

/** Namespace of istiod, istio-cni and ztunnel. */
export const MESH_NAMESPACE = 'istio-system';
/** Name of istiod's Application and Deployment. */
export const ISTIOD = 'istiod';
/** Name of ztunnel's Application and DaemonSet. */
export const ZTUNNEL = 'ztunnel';
/** Namespace of the Prometheus that is installed with the endpoint, and name of its release. */
export const MONITORING = 'ollama-monitoring';
/** Trust domain of the mesh, with which the principals of authorization policies begin. */
export const TRUST_DOMAIN = 'cluster.local';

/** Returns the name of a pool's Deployment and related objects. */
export function serverName(pool: string): string {
  return pool === DEFAULT_POOL ? OLLAMA : `${OLLAMA}-${pool}`;
}

/** Returns the name of a pool's headless Service, which resolves to every server of the pool, ready or not. */
export function serversName(pool: string): string {
  return `${serverName(pool)}-servers`;
}
