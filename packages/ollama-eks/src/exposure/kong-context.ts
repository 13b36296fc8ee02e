import { refuser } from '../errors';
import type { IConstruct } from '../framework';
import type { KongNetworkOptions } from './kong-network';

/**
 * Context under which whoever deploys adds what Konnect tells only after the first deployment, by name of the cluster:
 * `{ "ollama-eks:kong": { "<cluster>": { "kongProviderAccountId": "…", "kongAttachmentId": "…" } } }`.
 * Props go before it. `ollama-eks deploy` passes it by `CDKTF_CONTEXT_JSON`.
 */
export const KONG_CONTEXT = 'ollama-eks:kong';

const KEYS = ['kongProviderAccountId', 'kongAttachmentId'] as const;

const refuse = refuser({ remedy: 'write it as JSON in the context of cdktf.json or in CDKTF_CONTEXT_JSON' });

/** What Konnect tells later. */
export type KongContext = Pick<KongNetworkOptions, (typeof KEYS)[number]>;

/** What the context tells of a cluster. Throws on what would be left out without a word, such as a misspelt key. */
export function kongContext(scope: IConstruct, clusterName: string): KongContext {
  const clusters: unknown = scope.node.tryGetContext(KONG_CONTEXT);
  if (clusters === undefined || clusters === null) return {};
  if (!isObject(clusters)) {
    return refuse({
      property: KONG_CONTEXT,
      value: clusters,
      problem: 'is no object',
      allowed: 'an object by names of clusters',
    });
  }
  const property = `${KONG_CONTEXT}.${clusterName}`;
  const later = clusters[clusterName];
  if (later === undefined) return {};
  if (!isObject(later)) {
    return refuse({ property, value: later, problem: 'is no object', allowed: `an object of ${KEYS.join(', ')}` });
  }
  for (const [key, value] of Object.entries(later)) {
    const found = { property: `${property}.${key}`, value };
    if (!(KEYS as readonly string[]).includes(key)) {
      refuse({ ...found, problem: 'is not known', allowed: KEYS.join(', ') });
    }
    if (typeof value !== 'string') {
      refuse({ ...found, problem: 'is no text', allowed: 'the id as Konnect shows it, in quotes' });
    }
  }
  return later;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
