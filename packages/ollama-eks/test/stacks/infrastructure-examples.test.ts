import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const EXAMPLES = resolve(__dirname, '../../../../examples');

interface StackJson {
  readonly resource?: Readonly<Record<string, object>>;
  readonly data?: Readonly<Record<string, object>>;
}

/** Runs an example's program and gives the JSON of its stack `infra`. */
function synthesized(example: string): StackJson {
  const outdir = mkdtempSync(join(tmpdir(), `ollama-eks-${example}-`));
  process.env.CDKTF_OUTDIR = outdir;
  try {
    jest.requireActual(join(EXAMPLES, example, 'main'));
    return JSON.parse(readFileSync(join(outdir, 'stacks', 'infra', 'cdk.tf.json'), 'utf8')) as StackJson;
  } finally {
    delete process.env.CDKTF_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

function addresses({ resource = {}, data = {} }: StackJson): string[] {
  const of = (blocks: Readonly<Record<string, object>>, prefix: string): string[] =>
    Object.entries(blocks).flatMap(([type, ids]) => Object.keys(ids).map((id) => `${prefix}${type}.${id}`));
  return [...of(resource, ''), ...of(data, 'data.')].sort();
}

/** A change of an address replaces what runs at its users': it needs a major version and a word in the changelog. */
test.each(readdirSync(EXAMPLES).filter((name) => !name.includes('.')))('addresses of %s', (example) => {
  expect(addresses(synthesized(example))).toMatchSnapshot();
});
