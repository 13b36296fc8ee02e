// https://developer.konghq.com/deck/gateway/tags/
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deckFiles, KONG_CONFIG_TAG, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { CORE_SCHEMA, load } from 'js-yaml';
import { UsageError } from '../program/errors';

/** Kind of a state file. Neither file affects the objects of the other. */
export type StateFileKind = 'configuration' | 'consumers';

/** A valid state file. */
export interface StateFile {
  readonly kind: StateFileKind;
  readonly content: string;
  /** Names of its consumers. */
  readonly consumers: readonly string[];
}

/** Tag of each file's objects, and the lists that the file may contain. */
const RULES: Readonly<Record<StateFileKind, { readonly tag: string; readonly lists: readonly string[] }>> = {
  configuration: {
    tag: KONG_CONFIG_TAG,
    lists: ['ca_certificates', 'plugins', 'routes', 'services', 'upstreams'],
  },
  consumers: { tag: KONG_CONSUMERS_TAG, lists: ['consumers'] },
};

/** Keys of a state file that do not hold objects. */
const FRAME = ['_comment', '_format_version', '_info'];

/** Default time budget of a request in seconds, as in `OllamaGpuCluster`. */
const REQUEST_TIMEOUT = 900;

/** Facts about the project on which the generated configuration depends. */
export interface ConfigurationFacts {
  /** @default false */
  readonly adminRoutes?: boolean | undefined;
  /** @default 900 */
  readonly requestTimeoutSeconds?: number | undefined;
}

/** Reads a state file. Throws UsageError if a sync would delete objects that do not belong to it. */
export function readStateFile(path: string, kind: StateFileKind): StateFile {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
  return checkStateFile(readFileSync(path, 'utf8'), kind, path);
}

/** Returns the project's configuration, or the one that the library generates. Throws UsageError. */
export function configurationFile(directory: string, facts: ConfigurationFacts): StateFile {
  const path = join(directory, 'deck', 'kong-config.yaml');
  return existsSync(path) ? readStateFile(path, 'configuration') : generatedConfiguration(facts);
}

/** Returns the configuration that the library generates. */
export function generatedConfiguration(facts: ConfigurationFacts): StateFile {
  const { requestTimeoutSeconds = REQUEST_TIMEOUT, adminRoutes = false } = facts;
  const files = deckFiles({ requestTimeoutSeconds, adminRoutes });
  return { kind: 'configuration', content: files['kong-config.yaml'], consumers: [] };
}

/** Parses a state file. Throws UsageError unless it has exactly its select tag and contains nothing that belongs to the other file. */
export function checkStateFile(content: string, kind: StateFileKind, path: string): StateFile {
  const state: unknown = load(content, { schema: CORE_SCHEMA });
  if (typeof state !== 'object' || state === null) throw new UsageError(`${path} is not a state file of decK`);
  const { tag, lists } = RULES[kind];
  const info = (state as Readonly<Record<string, unknown>>)['_info'] as { select_tags?: unknown } | undefined;
  if (JSON.stringify(info?.select_tags) !== JSON.stringify([tag])) {
    throw new UsageError(
      `${path}: _info.select_tags is ${JSON.stringify(info?.select_tags ?? null)}; it must be exactly ["${tag}"], ` +
        'or a sync deletes everything that is not in the file, including consumers and their keys',
    );
  }
  const foreign = Object.keys(state).filter((key) => !FRAME.includes(key) && !lists.includes(key));
  if (foreign.length > 0) {
    throw new UsageError(`${path}: ${foreign.join(', ')} must not be in the ${kind} file`, {
      allowed: lists.join(', '),
    });
  }
  return { kind, content, consumers: usernamesIn(state as Readonly<Record<string, unknown>>) };
}

function usernamesIn({ consumers }: Readonly<Record<string, unknown>>): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(consumers) ? consumers : [];
  return listed.flatMap((consumer) => {
    const name = (consumer as { readonly username?: unknown } | null)?.username;
    return typeof name === 'string' ? [name] : [];
  });
}
