/** The JSON Schemas that are published with the command line. `UPDATE_SCHEMAS=1` writes them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultSchemas } from '@org/ollama-eks-tools/result-schemas';
import { ALL_COMMANDS } from '../support/declared-settings';
import { schemaFile, SCHEMAS } from '../support/published-schemas';

/** Runs until Ctrl-C, and has no result. */
const WITHOUT_RESULT = ['client local'];

const schemas = resultSchemas(join(SCHEMAS, '..'), 'src/results.ts', 'CommandResults');
const files = new Map(
  [...schemas].map(([name, schema]) => [schemaFile(name), `${JSON.stringify(schema, undefined, 2)}\n`]),
);

test('every command has a type of its result', () => {
  const names = ALL_COMMANDS.map(([name]) => name).filter((name) => !WITHOUT_RESULT.includes(name));
  expect([...schemas.keys()].sort()).toEqual([...names, 'error'].sort());
});

test('the schemas are those of the types', () => {
  if (process.env['UPDATE_SCHEMAS'] === '1') {
    rmSync(SCHEMAS, { recursive: true, force: true });
    mkdirSync(SCHEMAS);
    files.forEach((text, name) => writeFileSync(join(SCHEMAS, name), text));
  }
  const written = readdirSync(SCHEMAS).map((name) => [name, readFileSync(join(SCHEMAS, name), 'utf8')] as const);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(files));
});
