import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { sharedByTestFiles } from '../../../test/support/shared-by-test-files';
import { isObject } from '../../src/program/value-path';
import { commandIn } from './declared-settings';

/** Folder with a JSON Schema per command. */
export const SCHEMAS = join(__dirname, '../../schemas');

/** Name of a command's schema. */
export function schemaFile(command: string): string {
  return `${command.replace(' ', '-')}.schema.json`;
}

const ajv = sharedByTestFiles('Ajv', () => addFormats(new Ajv2020({ allErrors: true, strict: true })));

/** The kinds of results that a schema allows: those of its `anyOf`, or the one that it is. */
interface Kinds {
  readonly whole: ValidateFunction;
  readonly kinds: ReadonlyMap<string, ValidateFunction>;
}

/** Kinds by command. Compiling a schema takes longer than a test. */
const known = sharedByTestFiles('published schemas', () => new Map<string, Kinds>());

/** What this test file has printed: commands and kinds. */
const printed = new Set<string>();

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
}

function kindsOf(command: string): Kinds {
  const found = known.get(command);
  if (found !== undefined) return found;
  const schema = JSON.parse(readFileSync(join(SCHEMAS, schemaFile(command)), 'utf8')) as Schema;
  const { $defs = {} } = schema;
  const resolve = (part: Schema): Schema => {
    const target = $defs[part.$ref?.replace('#/$defs/', '') ?? ''];
    return target === undefined ? part : resolve(target);
  };
  const kinds = (resolve(schema).anyOf ?? [resolve(schema)]).map(
    (part) => [resolve(part).required?.join() ?? '', ajv.compile({ ...resolve(part), $defs })] as const,
  );
  const made = { whole: ajv.compile(schema), kinds: new Map(kinds) };
  known.set(command, made);
  return made;
}

/** Returns the kinds of results of the commands that no test of this file has printed, but for `changed`: the user declined. */
export function unprintedResults(lines: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lines.map(commandIn))].flatMap((command = '') => {
    return [...kindsOf(command).kinds.keys()]
      .filter((kind) => kind !== 'changed')
      .map((kind) => `${command}: ${kind}`)
      .filter((kind) => !printed.has(kind));
  });
}

/** Whether the user of a command can decline, which is a result. */
export function canDecline(command: string): boolean {
  return kindsOf(command).kinds.has('changed');
}

/** Throws if a command line with `--json` has printed anything but one document of the published schema. */
export function requirePublished(argv: readonly string[], out: string): void {
  const command = commandIn(argv);
  if (!argv.includes('--json') || command === undefined || argv.includes('--help')) return;
  const document: unknown = JSON.parse(out);
  const name = isObject(document) && 'error' in document ? 'error' : command;
  const { whole, kinds } = kindsOf(name);
  if (whole(document)) {
    for (const [kind, fits] of kinds) if (fits(document)) printed.add(`${name}: ${kind}`);
    return;
  }
  const problems = (whole.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
  throw new Error(
    `ollama-eks ${argv.join(' ')} prints what ${schemaFile(name)} does not allow:\n${problems.join('\n')}\n${out}`,
  );
}
