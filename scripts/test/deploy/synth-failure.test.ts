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

/** How synth of a project ends whose program is this. */
async function end(program: string | undefined): Promise<{ readonly code: number; readonly message: string }> {
  writeFileSync(join(directory, 'cdktf.json'), JSON.stringify({ app: 'node main.js' }));
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

test('refused input is told in the words of the library, and is wrong usage', async () => {
  expect(await end(REFUSED)).toEqual({
    code: 2,
    message: 'gpu.instanceType = "g5.tiny": is no type; allowed: those of the catalogue; choose one',
  });
});

test('what CDKTF collects before it writes is told line by line', async () => {
  const program =
    "throw new Error('Validation failed with the following errors:\\n  [infra/kong] one\\n  [infra] two');";
  expect(await end(program)).toEqual({
    code: 2,
    message: 'Validation failed with the following errors:\n  [infra/kong] one\n  [infra] two',
  });
});

test('any other error is told without its stack', async () => {
  const { code, message } = await end("throw new TypeError('x is not a function');");
  expect(code).toBe(6);
  expect(message).toMatch(/^`node main.js` failed: TypeError: x is not a function\nsee all of it with --verbose/);
});

test('a program that is not built says so, and what it lacks is another thing', async () => {
  expect(await end(undefined)).toEqual({
    code: 2,
    message: `there is no ${join(directory, 'main.js')}, which \`node main.js\` runs; build the project first: npm run build`,
  });
  expect(await end("require('left-out');")).toMatchObject({
    code: 2,
    message: '`node main.js` needs the module left-out, which is not there; install it: npm install',
  });
});

test('what is not understood is told whole', async () => {
  expect((await end("console.error('oh no'); process.exit(4);")).message).toMatch(/exit code 4\noh no/);
});
