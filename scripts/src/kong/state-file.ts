// https://developer.konghq.com/deck/gateway/tags/
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_REQUEST_TIMEOUT_SECONDS, deckFiles, KONG_CONFIG_TAG, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import { readTextFile } from '../program/text-file';
import { parseYaml } from '../program/yaml-text';

/** Kind of a state file. Neither file affects the objects of the other. */
export type StateFileKind = 'configuration' | 'consumers';

/** A valid state file. */
export interface StateFile {
  readonly kind: StateFileKind;
  readonly content: string;
  /** Names of its consumers. */
  readonly consumers: readonly string[];
  /** Names of its services, routes, and upstreams. */
  readonly names: Readonly<Record<'services' | 'routes' | 'upstreams', readonly string[]>>;
  readonly plugins: readonly StatePlugin[];
  readonly certificates: readonly StateCertificate[];
  /** Keys that are in the file itself, not in the environment. */
  readonly keys: readonly string[];
  /** Name of the control plane that decK has written the file from; undefined in files that fit any. */
  readonly controlPlane: string | undefined;
}

/** A plugin of a state file. It applies to everything, unless it names a service or a route. */
export interface StatePlugin {
  readonly plugin: string;
  readonly service: string | undefined;
  readonly route: string | undefined;
}

/** A CA certificate of a state file, as it is written there: it may refer to the environment. */
export interface StateCertificate {
  readonly id: string | undefined;
  readonly cert: string;
}

/** A part of a state file. Its values are checked before use. */
type Part = Readonly<Record<string, unknown>>;

/** Tag of each file's objects, and the lists that the file may contain. */
const RULES: Readonly<Record<StateFileKind, { readonly tag: string; readonly lists: readonly string[] }>> = {
  configuration: {
    tag: KONG_CONFIG_TAG,
    lists: ['ca_certificates', 'plugins', 'routes', 'services', 'upstreams'],
  },
  consumers: { tag: KONG_CONSUMERS_TAG, lists: ['consumers'] },
};

/** Keys of a state file that do not hold objects. */
const FRAME = ['_comment', '_format_version', '_info', '_konnect'];

/** Facts about the project on which the generated configuration depends. */
export interface ConfigurationFacts {
  /** @default false */
  readonly adminRoutes?: boolean | undefined;
  /** @default 600 */
  readonly requestTimeoutSeconds?: number | undefined;
}

/** Reads a state file. Throws UsageError if it cannot be read, and if a sync would delete objects that do not belong to it. */
export function readStateFile(path: string, kind: StateFileKind): StateFile {
  return checkStateFile(readTextFile(path), kind, path);
}

/** Returns the project's configuration, or the one that the library generates. Throws UsageError. */
export function configurationFile(directory: string, facts: ConfigurationFacts): StateFile {
  const path = join(directory, 'deck', 'kong-config.yaml');
  return existsSync(path) ? readStateFile(path, 'configuration') : generatedConfiguration(facts);
}

/** Returns the configuration that the library generates. */
export function generatedConfiguration(facts: ConfigurationFacts): StateFile {
  const { requestTimeoutSeconds = DEFAULT_REQUEST_TIMEOUT_SECONDS, adminRoutes = false } = facts;
  const files = deckFiles({ requestTimeoutSeconds, adminRoutes });
  return checkStateFile(files['kong-config.yaml'], 'configuration', 'kong-config.yaml');
}

/** Parses a state file. Throws UsageError unless it has exactly its select tag and contains nothing that belongs to the other file. */
export function checkStateFile(content: string, kind: StateFileKind, path: string): StateFile {
  const state = parseYaml(path, content);
  if (typeof state !== 'object' || state === null) throw new UsageError(`${path} is not a state file of decK`);
  const { tag, lists } = RULES[kind];
  const info = (state as Part)['_info'] as { select_tags?: unknown } | undefined;
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
  const objects = objectsIn(state as Part);
  const scoped = objects.plugins.find(({ scope }) => scope !== undefined);
  if (kind === 'configuration' && scoped !== undefined) {
    throw new UsageError(
      `${path}: plugin ${scoped.plugin} must not name a ${scoped.scope ?? ''}: decK reads no consumers with this file, and ignores the plugin or never finishes it`,
      {
        remedy:
          'limit a team with `ollama-eks consumers limit NAME`, or move the plugin under its consumer in the consumers file',
      },
    );
  }
  const konnect = (state as Part)['_konnect'] as Part | null | undefined;
  return { kind, content, ...objects, controlPlane: textIn(konnect ?? {}, 'control_plane_name') };
}

/** Throws UsageError for a file that decK has written from another control plane: decK refuses it. */
export function requireControlPlaneOf({ controlPlane }: Pick<StateFile, 'controlPlane'>, name: string): void {
  if (controlPlane === undefined || controlPlane === name) return;
  throw new UsageError(`the file is of control plane "${controlPlane}", not of "${name}"`, {
    remedy: 'remove _konnect from the file, or specify its control plane (--control-plane, KONNECT_CONTROL_PLANE_NAME)',
  });
}

/** Names of the objects in a state file, whatever depth they are at. */
function objectsIn(state: Part) {
  const services = listIn(state, 'services');
  const routes = [...listIn(state, 'routes'), ...services.flatMap((service) => listIn(service, 'routes'))];
  const consumers = listIn(state, 'consumers');
  const within = (kind: 'service' | 'route') => (place: Part) =>
    listIn(place, 'plugins').map((plugin) => ({ ...describePlugin(plugin), [kind]: textIn(place, 'name') ?? '' }));
  return {
    consumers: namesIn(consumers, 'username'),
    names: {
      services: namesIn(services, 'name'),
      routes: namesIn(routes, 'name'),
      upstreams: namesIn(listIn(state, 'upstreams'), 'name'),
    },
    certificates: listIn(state, 'ca_certificates').map((certificate) => ({
      id: textIn(certificate, 'id'),
      cert: textIn(certificate, 'cert') ?? '',
    })),
    plugins: [
      ...services.flatMap(within('service')),
      ...routes.flatMap(within('route')),
      ...listIn(state, 'plugins').map(describePlugin),
    ],
    keys: namesIn(
      consumers.flatMap((consumer) => listIn(consumer, 'keyauth_credentials')),
      'key',
    ).filter((key) => !key.includes('${{')),
  };
}

function describePlugin(plugin: Part): StatePlugin & { readonly scope: string | undefined } {
  const scope = ['consumer', 'consumer_group'].find((field) => plugin[field] !== undefined && plugin[field] !== null);
  return {
    plugin: textIn(plugin, 'name') ?? 'without a name',
    service: textIn(plugin, 'service'),
    route: textIn(plugin, 'route'),
    scope: scope?.replace('_', ' '),
  };
}

function listIn(part: Part, key: string): readonly Part[] {
  const listed: readonly unknown[] = Array.isArray(part[key]) ? part[key] : [];
  return listed.filter((item): item is Part => typeof item === 'object' && item !== null);
}

function namesIn(parts: readonly Part[], key: string): readonly string[] {
  return parts.flatMap((part) => textIn(part, key) ?? []);
}

function textIn(part: Part, key: string): string | undefined {
  const value = part[key];
  return typeof value === 'string' ? value : undefined;
}
