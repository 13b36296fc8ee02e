import { text, type Json } from './answers';
import { CONTRACTS_PRESENT, loadPluginSchema } from './contract-documents';

/** Default protocols of a plugin. */
export const PLUGIN_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https'];

/** In place of a contract that is missing: a plugin without any defaults. */
const ANYTHING: Json = { type: 'object', properties: {} };

const schemas = new Map<string, Json | undefined>();

/** Returns the JSON Schema of a plugin's config, or undefined without a contract. */
function configSchema(plugin: string): Json | undefined {
  if (!schemas.has(plugin)) schemas.set(plugin, loadPluginSchema(plugin));
  return (schemas.get(plugin)?.['properties'] as Json | undefined)?.['config'] as Json | undefined;
}

/**
 * Returns the plugin's schema in the form of Kong's Lua sources, which decK reads defaults from. It must have `protocols` next to `config`;
 * otherwise decK sees a difference in every plugin.
 */
export function luaSchema(plugin: string): Json | undefined {
  const config = configSchema(plugin) ?? (CONTRACTS_PRESENT ? undefined : ANYTHING);
  if (config === undefined) return undefined;
  const protocols = { type: 'set', elements: { type: 'string' }, default: PLUGIN_PROTOCOLS };
  return { fields: [{ protocols }, { config: { ...luaField(config), required: true } }] };
}

function luaField(schema: Json): Json {
  const preset = 'default' in schema ? { default: schema['default'] } : {};
  const properties = schema['properties'] as Record<string, Json> | undefined;
  if (properties !== undefined) {
    return { type: 'record', fields: Object.entries(properties).map(([name, inner]) => ({ [name]: luaField(inner) })) };
  }
  if (schema['type'] === 'array') {
    return {
      type: 'array',
      elements: luaField((schema['items'] as Json | undefined) ?? { type: 'string' }),
      ...preset,
    };
  }
  if (schema['type'] === 'object')
    return { type: 'map', keys: { type: 'string' }, values: { type: 'string' }, ...preset };
  return { type: schema['type'] ?? 'string', ...preset, ...('enum' in schema ? { one_of: schema['enum'] } : {}) };
}

/** Returns a plugin's config as Kong does: with defaults, null for fields without one, and null for a missing record. */
export function fillConfig(plugin: string, config: Json = {}): Json {
  const schema = configSchema(plugin);
  return schema === undefined ? config : fillRecord(schema, config);
}

function fillRecord(schema: Json, value: Json): Json {
  const properties = schema['properties'] as Record<string, Json>;
  const filled = Object.entries(properties).map(([name, inner]) => [name, fillField(inner, value[name])] as const);
  return { ...value, ...Object.fromEntries(filled) };
}

function fillField(schema: Json, value: unknown): unknown {
  if (value === undefined || value === null) return schema['default'] ?? null;
  const isRecord = schema['properties'] !== undefined && typeof value === 'object' && !Array.isArray(value);
  return isRecord ? fillRecord(schema, value as Json) : value;
}

/** Returns Kong's errors for a plugin's config. */
export function configErrors(plugin: string, config: Json = {}): string[] {
  const schema = configSchema(plugin);
  return schema === undefined ? [] : recordErrors(schema, config, 'config');
}

function recordErrors(schema: Json, value: Json, path: string): string[] {
  const properties = schema['properties'] as Record<string, Json>;
  const missing = ((schema['required'] as string[] | undefined) ?? []).filter(
    (name) => value[name] === undefined && properties[name]?.['default'] === undefined,
  );
  return [
    ...missing.map((name) => `${path}.${name}: required field missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const field = properties[name];
      return field === undefined ? [`${path}.${name}: unknown field`] : fieldErrors(field, inner, `${path}.${name}`);
    }),
  ];
}

function fieldErrors(schema: Json, value: unknown, path: string): string[] {
  if (value === null || value === undefined) return [];
  const values = schema['enum'] as unknown[] | undefined;
  if (values !== undefined && !values.includes(value)) return [`${path}: expected one of: ${values.join(', ')}`];
  if (schema['properties'] !== undefined && typeof value === 'object') return recordErrors(schema, value as Json, path);
  const type = Array.isArray(value) ? 'array' : typeof value;
  const wanted = text(schema['type'] ?? type).replace('integer', 'number');
  return wanted === type ? [] : [`${path}: expected a ${wanted}`];
}
