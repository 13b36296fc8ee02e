import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../src/deploy/synthesize';
import { exitCodeOf } from '../../src/program/exit-codes';
import { Masker } from '../../src/program/masker';
import { ZxRunner } from '../../src/program/process';
import { Reporter } from '../../src/program/reporter';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-eks-synth-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Returns how the synthesis of a project with this program ends. */
async function end(
  program: string | undefined,
  app = 'node main.js',
): Promise<{ readonly code: number; readonly message: string }> {
  writeFileSync(join(directory, 'cdktf.json'), JSON.stringify({ app }));
  if (program !== undefined) writeFileSync(join(directory, 'main.js'), program);
  const masker = new Masker();
  const streams = { out: { write: () => true }, err: { write: () => true } };
  const context = {
    runner: new ZxRunner(masker, new AbortController().signal),
    reporter: new Reporter(streams, masker),
    environment: {},
  };
  const error: unknown = await synthesize(context, directory).catch((thrown: unknown) => thrown);
  return { code: exitCodeOf(error), message: error instanceof Error ? error.message : String(error) };
}

const REFUSED = `class ValidationError extends Error { name = 'ValidationError' }
throw new ValidationError('gpu.instanceType = "g5.tiny": is no type; allowed: those of the catalogue; choose one');`;

test("reports refused input with the library's message, as a usage error", async () => {
  expect(await end(REFUSED)).toEqual({
    code: 2,
    message: 'gpu.instanceType = "g5.tiny": is no type; allowed: those of the catalogue; choose one',
  });
});

test('reports the errors that CDKTF collects, one per line', async () => {
  const program =
    "throw new Error('Validation failed with the following errors:\\n  [infra/kong] one\\n  [infra] two');";
  expect(await end(program)).toEqual({
    code: 2,
    message: 'Validation failed with the following errors:\n  [infra/kong] one\n  [infra] two',
  });
});

test('reports any other error without its stack trace', async () => {
  const { code, message } = await end("throw new TypeError('x is not a function');");
  expect(code).toBe(6);
  expect(message).toMatch(
    /^`node main.js` failed: TypeError: x is not a function\nsee its whole output with --verbose/,
  );
});

test('distinguishes a program that is not built from a missing module', async () => {
  expect(await end(undefined)).toEqual({
    code: 2,
    message: `${join(directory, 'main.js')}, which \`node main.js\` runs, does not exist; build the project first: npm run build`,
  });
  expect(await end("require('left-out');")).toMatchObject({
    code: 2,
    message: '`node main.js` needs the module left-out, which is not installed; run npm install',
  });
});

test('names npm install for a compiler that is not installed', async () => {
  const app = 'node ../node_modules/typescript/bin/tsc -b && node main.js';
  expect(await end(undefined, app)).toEqual({
    code: 2,
    message: `${join(directory, '../node_modules/typescript/bin/tsc')}, which \`${app}\` runs, does not exist; run npm install`,
  });
});

test("reports the compiler's errors, which it writes to standard output", async () => {
  const line = "main.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.";
  expect(await end(`console.log(${JSON.stringify(`${line}\n`)}); process.exit(2);`)).toEqual({
    code: 2,
    message: `the program does not compile\n${line}`,
  });
});

test('reports an unknown failure with its whole output', async () => {
  expect((await end("console.error('oh no'); process.exit(4);")).message).toMatch(/exit code 4\noh no/);
});
