/**
 * Synthesizes examples, tells what they do and cost.
 *
 *     npm run synth                       all examples
 *     npm run synth -- g5-xlarge          one
 *     npm run synth -- --json             for machines
 *
 * Exit codes: 0 done, 1 a synth failed, 2 wrong usage.
 */
import { parseArgs } from 'node:util';
import { exampleNames, synthesize } from './examples';
import { inParallel } from './in-parallel';
import { synthRemarks, synthTable } from './synth-report';

const FAILED = 1;
const USAGE = 2;

interface Request {
  readonly examples: readonly string[];
  readonly json: boolean;
}

/** What the arguments ask for; throws where they aren't understood. */
function parse(args: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const known = exampleNames();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`unknown example ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return { examples: positionals.length === 0 ? known : positionals, json: values.json };
}

async function run({ examples, json }: Request): Promise<number> {
  const results = await inParallel(examples, async (example) => synthesize(example));
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  const text = json
    ? JSON.stringify(done, undefined, 2)
    : [synthTable(done), synthRemarks(done)].filter(Boolean).join('\n\n');
  process.stdout.write(`${text}\n`);
  failures.forEach((failure) => process.stderr.write(`\n${failure}\n`));
  return failures.length === 0 ? 0 : FAILED;
}

async function main(args: readonly string[]): Promise<number> {
  let request: Request;
  try {
    request = parse(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return USAGE;
  }
  return run(request);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
