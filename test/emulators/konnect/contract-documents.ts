import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Json } from './answers';

const ROOT = resolve(__dirname, '../../..');

/** Contracts live beside the repository, where they live at all. */
export const CONTRACTS = resolve(ROOT, '../shared/contracts');

/** Whether there is anything to hold requests and answers against. */
export const CONTRACTS_PRESENT = existsSync(join(CONTRACTS, 'konnect'));

const CACHE = join(ROOT, '.cache/contracts');

/** Bumped when `toJsonSchema` changes. */
const VERSION = 1;

/** The converted OpenAPI document, or undefined where the contract is absent. Parsing YAML takes long, so the result is kept on disk. */
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
  renameSync(partial, cached); // whole or not at all: others read it at the same time
  return document;
}

/** Plugins whose file is called otherwise, or that have the schema of another. */
const PLUGIN_FILES: Readonly<Record<string, string>> = { acl: 'ACL', 'post-function': 'PreFunction' };

/** The JSON Schema of a plugin's `{config, …}`, or undefined where the contract is absent. `key-auth` is kept in `KeyAuth.json`. */
export function loadPluginSchema(name: string): Json | undefined {
  const file = PLUGIN_FILES[name] ?? name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  const path = join(CONTRACTS, 'kong-plugins', `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Json) : undefined;
}

/**
 * OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, and `oneOf` becomes `anyOf`, since the specifications use it for alternatives that a
 * discriminator tells apart and that overlap without it.
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
