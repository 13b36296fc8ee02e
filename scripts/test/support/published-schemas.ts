import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { isObject } from '../../src/program/value-path';
import { commandIn } from './declared-settings';

/** Folder with a JSON Schema per command. */
export const SCHEMAS = join(__dirname, '../../schemas');

/** Name of a command's schema. */
export function schemaFile(command: string): string {
  return `${command.replace(' ', '-')}.schema.json`;
}

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: true }));
const validators = new Map<string, ValidateFunction>();

function validatorOf(command: string): ValidateFunction {
  const known = validators.get(command);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(join(SCHEMAS, schemaFile(command)), 'utf8')) as object;
  const validator = ajv.compile(schema);
  validators.set(command, validator);
  return validator;
}

/** Throws if a command line with `--json` has printed anything but one document of the published schema. */
export function requirePublished(argv: readonly string[], out: string): void {
  const command = commandIn(argv);
  if (!argv.includes('--json') || command === undefined || argv.includes('--help')) return;
  const document: unknown = JSON.parse(out);
  const name = isObject(document) && 'error' in document ? 'error' : command;
  const validate = validatorOf(name);
  if (validate(document)) return;
  const problems = (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
  throw new Error(
    `ollama-eks ${argv.join(' ')} prints what ${schemaFile(name)} does not allow:\n${problems.join('\n')}\n${out}`,
  );
}
