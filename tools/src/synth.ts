/**
 * Synthesizes examples, writes their generated files, and reports what they create and cost.
 *
 *     npm run synth                       all examples
 *     npm run synth -- g5-xlarge          one
 *     npm run synth -- --json             for machines
 *     npm run synth -- --check             writes no generated file; fails if one is out of date
 *
 * Exit codes: 0 done, 1 a synth failed or a file is out of date, 2 invalid usage, or an example that refuses its input or is not built.
 */
import { parseArgs } from 'node:util';
import { command, USAGE } from './command';
import { exampleNames, SynthError, synthesize } from './examples';
import { drift, writeGeneratedFiles } from './generated-files';
import { inParallel } from './in-parallel';
import { synthRemarks, synthTable } from './synth-report';

interface Request {
  readonly examples: readonly string[];
  readonly json: boolean;
  readonly check: boolean;
}

function parse(args: string[]): Request {
  const { values, positionals } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const known = exampleNames();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`unknown example ${unknown.join(', ')}; allowed: ${known.join(', ')}`);
  }
  return { ...values, examples: positionals.length === 0 ? known : positionals };
}

async function run({ examples, json, check }: Request): Promise<number> {
  const results = await inParallel(examples, async (example) => synthesize(example));
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const complete = done.length === exampleNames().length;
  const drifted = check ? drift(done, complete) : [];
  if (!check) {
    writeGeneratedFiles(done, complete);
  }
  const text = json
    ? JSON.stringify(done, undefined, 2)
    : [synthTable(done), synthRemarks(done)].filter(Boolean).join('\n\n');
  process.stdout.write(`${text}\n`);
  failures.forEach((failure) => process.stderr.write(`\n${wordsOf(failure)}\n`));
  if (drifted.length > 0) {
    process.stderr.write(`\nout of date; run npm run synth, and commit:\n${drifted.join('\n')}\n`);
  }
  if (failures.some((failure) => failure instanceof SynthError && failure.usage)) return USAGE;
  return failures.length + drifted.length === 0 ? 0 : 1;
}

/** Prints the message of a failed example; any other error is a defect of this program. */
function wordsOf(reason: unknown): string {
  return reason instanceof SynthError ? reason.message : String(reason);
}

command(parse, run);
