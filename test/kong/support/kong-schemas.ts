/** Checks decK's state file and the configuration of plugins against the schemas that Kong publishes, strictly. */
import Ajv, { type ValidateFunction } from 'ajv';
import { readContract } from '../../contracts/support/contract-files';
import { sharedByTestFiles } from '../../support/shared-by-test-files';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly [key: string]: unknown;
}

const { ajv, validators } = sharedByTestFiles('schemas of Kong', () => ({
  ajv: new Ajv({ strict: false, allErrors: true, logger: false }),
  validators: new Map<string, ValidateFunction | undefined>(),
}));

/**
 * Plugins whose file has another name, or that share the schema of another plugin.
 * @see https://github.com/Kong/kong/blob/master/kong/plugins/post-function/schema.lua
 */
const FILES: Readonly<Record<string, string>> = { acl: 'ACL', 'post-function': 'PreFunction' };

/** Returns the file of a plugin's schema: that of `key-auth` is KeyAuth.json. */
const fileOf = (plugin: string) =>
  FILES[plugin] ?? plugin.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Returns the problems of a state file; undefined if the contract is missing. */
export function stateErrors(state: unknown): string[] | undefined {
  return errors('konnect/deck-state-file.schema.json', state, (schema) => schema);
}

/** Returns the problems of a plugin, including unknown keys; undefined if the contract is missing. */
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
  // The schema of the state file declares draft 4; the keywords that it uses mean the same in later drafts.
  const schema = JSON.parse(text, (key, item: unknown) => (key === '$schema' ? undefined : item)) as Schema;
  return ajv.compile(prepare(schema));
}

/** Returns the same schema with unknown keys refused. */
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
