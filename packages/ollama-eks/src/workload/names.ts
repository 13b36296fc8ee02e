/** Static names that meet across Applications: policies name the gateway, the gateway names the Service. */

/** Namespace, Service and ServiceAccount of the server. */
export const OLLAMA = 'ollama';
/** Port of Ollama's HTTP API. @see https://github.com/ollama/ollama/blob/main/envconfig/config.go (OLLAMA_HOST) */
export const OLLAMA_PORT = 11434;

/** Namespace of the ingress gateway. */
export const GATEWAY_NAMESPACE = 'istio-ingress';
/** Name of the Gateway; Istio names its Deployment, Service and ServiceAccount `<gateway>-<class>`. */
export const GATEWAY_NAME = 'ollama-gateway';
/** Service account, Service and Deployment that Istio makes for the Gateway. */
export const GATEWAY_WORKLOAD = `${GATEWAY_NAME}-istio`;

/** Namespace of istiod, istio-cni and ztunnel. */
export const MESH_NAMESPACE = 'istio-system';
/** Trust domain of the mesh; the principals of authorization policies begin with it. */
export const TRUST_DOMAIN = 'cluster.local';
