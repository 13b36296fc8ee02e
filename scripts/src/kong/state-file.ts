// https://developer.konghq.com/deck/gateway/tags/
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deckFiles, KONG_CONFIG_TAG, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { CORE_SCHEMA, load } from 'js-yaml';
import { UsageError } from '../program/errors';

/** Two files that never see each other's objects. */
export type StateFileKind = 'configuration' | 'consumers';

/** A state file that is what it should be. */
export interface StateFile {
  readonly kind: StateFileKind;
  readonly content: string;
  /** Names of the consumers that it holds. */
  readonly consumers: readonly string[];
}

/** What each file's objects are tagged with, and what it may hold. */
const RULES: Readonly<Record<StateFileKind, { readonly tag: string; readonly holds: readonly string[] }>> = {
  configuration: {
    tag: KONG_CONFIG_TAG,
    holds: ['ca_certificates', 'plugins', 'routes', 'services', 'upstreams'],
  },
  consumers: { tag: KONG_CONSUMERS_TAG, holds: ['consumers'] },
};

/** Not objects. */
const FRAME = ['_comment', '_format_version', '_info'];

/** Budget of a request where the project tells none, in seconds: the default of the cluster. */
const REQUEST_TIMEOUT = 900;

/** What the generated configuration has in common with the project. */
export interface ConfigurationFacts {
  /** @default false */
  readonly adminRoutes?: boolean | undefined;
  /** @default 900 */
  readonly requestTimeoutSeconds?: number | undefined;
}

/** Reads a state file and refuses one whose sync would delete what is not its own. Throws UsageError. */
export function readStateFile(path: string, kind: StateFileKind): StateFile {
  if (!existsSync(path)) throw new UsageError(`there is no ${path}`);
  return checkStateFile(readFileSync(path, 'utf8'), kind, path);
}

/** The project's configuration, or else the library's. Throws UsageError. */
export function configurationFile(directory: string, facts: ConfigurationFacts): StateFile {
  const path = join(directory, 'deck', 'kong-config.yaml');
  return existsSync(path) ? readStateFile(path, 'configuration') : generatedConfiguration(facts);
}

/** The configuration as the library makes it. */
export function generatedConfiguration(facts: ConfigurationFacts): StateFile {
  const { requestTimeoutSeconds = REQUEST_TIMEOUT, adminRoutes = false } = facts;
  const files = deckFiles({ requestTimeoutSeconds, adminRoutes });
  return { kind: 'configuration', content: files['kong-config.yaml'], consumers: [] };
}

/** Throws UsageError unless the file has exactly its select tag, and nothing that belongs to the other file. */
export function checkStateFile(content: string, kind: StateFileKind, path: string): StateFile {
  const state: unknown = load(content, { schema: CORE_SCHEMA });
  if (typeof state !== 'object' || state === null) throw new UsageError(`${path} is no state file of decK`);
  const { tag, holds } = RULES[kind];
  const info = (state as Readonly<Record<string, unknown>>)['_info'] as { select_tags?: unknown } | undefined;
  if (JSON.stringify(info?.select_tags) !== JSON.stringify([tag])) {
    throw new UsageError(
      `${path}: _info.select_tags is ${JSON.stringify(info?.select_tags ?? null)}; it must be exactly ["${tag}"], ` +
        'else a sync deletes what is not in the file, consumers and their keys included',
    );
  }
  const foreign = Object.keys(state).filter((key) => !FRAME.includes(key) && !holds.includes(key));
  if (foreign.length > 0) {
    throw new UsageError(
      `${path}: ${foreign.join(', ')} can not stand in the ${kind} file; it holds ${holds.join(', ')}`,
    );
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
