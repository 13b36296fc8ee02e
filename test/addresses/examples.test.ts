/**
 * The address of everything that the examples create. A changed one is destroyed and created anew where it is deployed:
 * see "How to change an id" in CONTRIBUTING.md.
 */
import { exampleNames, REPOSITORY } from '@org/ollama-eks-tools/examples';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Blocks = Record<string, Record<string, unknown>>;

function addresses(file: string): string[] {
  const { resource = {}, data = {} } = JSON.parse(readFileSync(file, 'utf8')) as { resource?: Blocks; data?: Blocks };
  const of = (blocks: Blocks, prefix: string): string[] =>
    Object.entries(blocks).flatMap(([type, ids]) => Object.keys(ids).map((id) => `${prefix}${type}.${id}`));
  return [...of(resource, ''), ...of(data, 'data.')].sort();
}

/** Runs an example's program in this process and reads the addresses of its stacks. */
function synthesizedAddresses(example: string): Record<string, string[]> {
  const out = mkdtempSync(join(tmpdir(), 'ollama-eks-addresses-'));
  process.env.CDKTF_OUTDIR = out;
  try {
    jest.requireActual(join(REPOSITORY, 'examples', example, 'main.ts'));
    const stacks = readdirSync(join(out, 'stacks')).sort();
    return Object.fromEntries(stacks.map((stack) => [stack, addresses(join(out, 'stacks', stack, 'cdk.tf.json'))]));
  } finally {
    delete process.env.CDKTF_OUTDIR;
    rmSync(out, { recursive: true });
  }
}

test.each(exampleNames())('%s', (example) => {
  expect(synthesizedAddresses(example)).toMatchSnapshot();
});
