/** decK's state file and the configuration of plugins, against the schemas that Kong publishes; strictly. */
import Ajv, { type ValidateFunction } from 'ajv';
import { readContract } from '../../contracts/support/contract-files';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly [key: string]: unknown;
}

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const validators = new Map<string, ValidateFunction | undefined>();

/**
 * Plugins whose file is called otherwise, or that have the schema of another.
 * @see https://github.com/Kong/kong/blob/master/kong/plugins/post-function/schema.lua
 */
const FILES: Readonly<Record<string, string>> = { acl: 'ACL', 'post-function': 'PreFunction' };

/** File of a plugin's schema: `key-auth` is KeyAuth.json. */
const fileOf = (plugin: string) =>
  FILES[plugin] ?? plugin.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What is wrong with a state file; undefined where the contract is absent. */
export function stateErrors(state: unknown): string[] | undefined {
  return errors('konnect/deck-state-file.schema.json', state, (schema) => schema);
}

/** What is wrong with a plugin, unknown keys included; undefined where the contract is absent. */
export function pluginErrors(plugin: { readonly name: string; readonly config: unknown }): string[] | undefined {
  return errors(`kong-plugins/${fileOf(plugin.name)}.json`, { config: plugin.config }, strict);
}

function errors(file: string, value: unknown, prepare: (schema: Schema) => Schema): string[] | undefined {
  if (!validators.has(file)) validators.set(file, compile(file, prepare));
  const validate = validators.get(file);
  if (validate === undefined) return undefined;
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

function compile(file: string, prepare: (schema: Schema) => Schema): ValidateFunction | undefined {
  const text = readContract(file);
  if (text === undefined) return undefined;
  // The state file's schema says that it is of draft 4; what it uses means the same in later ones.
  const schema = JSON.parse(text, (key, item: unknown) => (key === '$schema' ? undefined : item)) as Schema;
  return ajv.compile(prepare(schema));
}

/** The same schema, for which a key that it doesn't name is an error. */
function strict(schema: Schema): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, strict(value)])),
      additionalProperties: schema.additionalProperties ?? false,
    }),
    ...(items && { items: strict(items) }),
  };
}
