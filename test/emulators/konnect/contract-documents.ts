import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Json } from './answers';

const ROOT = resolve(__dirname, '../../..');

/** Folder of the contracts, next to the repository; it may be missing. */
export const CONTRACTS = resolve(ROOT, '../shared/contracts');

/** Whether contracts exist to check requests and answers. */
export const CONTRACTS_PRESENT = existsSync(join(CONTRACTS, 'konnect'));

const CACHE = join(ROOT, '.cache/contracts');

/** Incremented whenever `toJsonSchema` changes. */
const VERSION = 1;

/** Returns the converted OpenAPI document, or undefined if the contract is missing. Parsing YAML is slow, so the result is cached on disk. */
export function loadDocument(name: string): Json | undefined {
  const path = join(CONTRACTS, 'konnect', `${name}.yaml`);
  if (!existsSync(path)) return undefined;
  const source = readFileSync(path, 'utf8');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const cached = join(CACHE, `${name}-${digest}-${String(VERSION)}.json`);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, 'utf8')) as Json;
  const document = toJsonSchema(parse(source, { maxAliasCount: -1 })) as Json;
  mkdirSync(CACHE, { recursive: true });
  const partial = `${cached}.${String(process.pid)}`;
  writeFileSync(partial, JSON.stringify(document));
  renameSync(partial, cached); // atomically: other processes read it at the same time
  return document;
}

/** Plugins whose file has another name, or that share the schema of another plugin. */
const PLUGIN_FILES: Readonly<Record<string, string>> = { acl: 'ACL', 'post-function': 'PreFunction' };

/** Returns the JSON Schema of a plugin's `{config, …}`, or undefined if the contract is missing. That of `key-auth` is `KeyAuth.json`. */
export function loadPluginSchema(name: string): Json | undefined {
  const file = PLUGIN_FILES[name] ?? name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  const path = join(CONTRACTS, 'kong-plugins', `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Json) : undefined;
}

/**
 * Converts OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, and `oneOf` becomes `anyOf`, because the specifications use it for
 * alternatives with a discriminator, which overlap without it.
 */
function toJsonSchema(node: unknown, insideProperties = false): unknown {
  if (Array.isArray(node)) return node.map((item) => toJsonSchema(item));
  if (typeof node !== 'object' || node === null) return node;
  const result: Json = {};
  for (const [key, value] of Object.entries(node)) {
    if (!insideProperties && (key.startsWith('x-') || ['example', 'examples', 'description', 'nullable'].includes(key)))
      continue;
    const name = !insideProperties && key === 'oneOf' ? 'anyOf' : key;
    result[name] = toJsonSchema(value, !insideProperties && key === 'properties');
  }
  return !insideProperties && (node as Json)['nullable'] === true ? orNull(result) : result;
}

function orNull(schema: Json): Json {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}
