/**
 * Context under which whoever deploys adds what Konnect tells only after the first deployment, by name of the cluster:
 * `{ "ollama-eks:kong": { "<cluster>": { "kongProviderAccountId": "…", "kongAttachmentId": "…" } } }`.
 * Props go before it. `ollama-eks deploy` passes it by `CDKTF_CONTEXT_JSON`.
 */
export const KONG_CONTEXT = 'ollama-eks:kong';
