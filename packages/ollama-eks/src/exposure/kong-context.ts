import { existsSync, readFileSync } from 'node:fs';
import { isObject } from '../check-object';
import { refuser, ValidationError } from '../errors';
import type { IConstruct } from '../framework';
import type { KongNetworkOptions } from './kong-network';

/**
 * Context key of the values that Konnect reports only after the first deployment, by name of the cluster:
 * `{ "ollama-eks:kong": { "<cluster>": { "kongProviderAccountId": "…", "kongAttachmentId": "…" } } }`.
 * Props take precedence. `ollama-eks deploy` and `ollama-eks konnect up` write it to the context of `cdktf.json`.
 */
export const KONG_CONTEXT = 'ollama-eks:kong';

/** Configuration of CDKTF. @see https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/configuration-file */
const CONFIG = 'cdktf.json';

const KEYS = ['kongProviderAccountId', 'kongAttachmentId'] as const;

const refuse = refuser({ remedy: 'write it as JSON in the context of cdktf.json or in CDKTF_CONTEXT_JSON' });

/** Values that Konnect reports after the first deployment. */
export type KongContext = Pick<KongNetworkOptions, (typeof KEYS)[number]>;

/**
 * Returns the values for a cluster in the context of the app. Without it, reads the `cdktf.json` of the working directory: a
 * program that is run without CDKTF's own command gets no context from that file.
 * @throws ValidationError for anything that would be silently ignored, such as a misspelled key
 */
export function kongContext(scope: IConstruct, clusterName: string): KongContext {
  const clusters: unknown = scope.node.tryGetContext(KONG_CONTEXT) ?? contextOfFile();
  if (clusters === undefined || clusters === null) return {};
  if (!isObject(clusters)) {
    return refuse({
      property: KONG_CONTEXT,
      value: clusters,
      problem: 'must be an object',
      allowed: 'an object with the names of clusters as keys',
    });
  }
  const property = `${KONG_CONTEXT}.${clusterName}`;
  const later = clusters[clusterName];
  if (later === undefined) return {};
  if (!isObject(later)) {
    return refuse({
      property,
      value: later,
      problem: 'must be an object',
      allowed: `an object with ${KEYS.join(', ')}`,
    });
  }
  for (const [key, value] of Object.entries(later)) {
    const found = { property: `${property}.${key}`, value };
    if (!(KEYS as readonly string[]).includes(key)) {
      refuse({ ...found, problem: 'is not supported', allowed: KEYS.join(', ') });
    }
    if (typeof value !== 'string') {
      refuse({ ...found, problem: 'must be a string', allowed: 'the ID as shown in Konnect, in quotes' });
    }
  }
  return later;
}

function contextOfFile(): unknown {
  if (!existsSync(CONFIG)) return undefined;
  const { context } = parse(readFileSync(CONFIG, 'utf8'));
  return context?.[KONG_CONTEXT];
}

function parse(text: string): { readonly context?: Readonly<Record<string, unknown>> } {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>;
  } catch (error) {
    throw new ValidationError({
      property: CONFIG,
      problem: `is not valid JSON: ${(error as SyntaxError).message}`,
      allowed: 'the configuration of CDKTF',
      remedy: 'correct the file',
    });
  }
}
