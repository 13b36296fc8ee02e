/** Static names that meet across Applications: policies name the gateway, the gateway names the Service. */

/** Tag by which everything in AWS that belongs to a cluster is found; its value is the cluster's name. */
export const CLUSTER_TAG = 'ollama-eks/cluster';

/** Namespace, Service and ServiceAccount of the server. */
export const OLLAMA = 'ollama';
/** Port of Ollama's HTTP API. @see https://github.com/ollama/ollama/blob/main/envconfig/config.go (OLLAMA_HOST) */
export const OLLAMA_PORT = 11434;
/** ServiceAccount, Application and `app.kubernetes.io/name` of the Job that proves that every model answers. */
export const MODEL_PROVER = 'ollama-model-prover';
/** Label that tells what a pod is; policies select by it: `ollama` or `ollama-model-prover`. */
export const NAME_LABEL = 'app.kubernetes.io/name';
/** Sidecar in a server's pod that keeps its models loaded. */
export const MODELS_CONTAINER = 'models';
/** Label of nodes, and of a server's pods, that holds the name of their pool. */
export const POOL_LABEL = 'ollama-eks/pool';
/** Form of a pool's name: names of objects are made from it, the longest with 33 characters more, of 63. */
export const POOL_NAME = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;
/** The pool whose workload is called just `ollama`. */
export const DEFAULT_POOL = 'gpu';

/** Namespace of the ingress gateway. */
export const GATEWAY_NAMESPACE = 'istio-ingress';
/** Name of the Gateway; Istio names its Deployment, Service and ServiceAccount `<gateway>-<class>`. */
export const GATEWAY_NAME = 'ollama-gateway';
/** Label that Istio puts on the pods of a Gateway. */
export const GATEWAY_LABELS = { 'gateway.networking.k8s.io/gateway-name': GATEWAY_NAME };
/** Service account, Service and Deployment that Istio makes for the Gateway. */
export const GATEWAY_WORKLOAD = `${GATEWAY_NAME}-istio`;

/** Namespace of istiod, istio-cni and ztunnel. */
export const MESH_NAMESPACE = 'istio-system';
/** Trust domain of the mesh; the principals of authorization policies begin with it. */
export const TRUST_DOMAIN = 'cluster.local';

/** Name of a pool's Deployment and all that goes with it. */
export function serverName(pool: string): string {
  return pool === DEFAULT_POOL ? OLLAMA : `${OLLAMA}-${pool}`;
}

/** Headless Service that tells the address of every server of a pool, ready or not. */
export function serversName(pool: string): string {
  return `${serverName(pool)}-servers`;
}
