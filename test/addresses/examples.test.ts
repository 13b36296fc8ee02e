/**
 * Addresses of everything that the examples create. Terraform destroys and re-creates a deployed resource whose address
 * changes: see "How to change an id" in CONTRIBUTING.md.
 */
import { exampleNames, REPOSITORY } from '@org/ollama-eks-tools/examples';
import { App, TerraformOutput } from 'cdktf';
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

/** `Resource` is the id by which `node.defaultChild` finds the main child of a construct; `Default` is left out of addresses. */
const STYLE = /^([a-z0-9]+(-[a-z0-9]+)*|Resource|Default)$/;

/** Returns the paths of the constructs whose ids have another style. Outputs have the names that Terraform shows, in snake
 * case. */
function oddIds(app: App): string[] {
  const constructs = app.node
    .findAll()
    .filter((construct) => construct !== app && !TerraformOutput.isTerraformOutput(construct));
  return constructs.filter(({ node }) => !STYLE.test(node.id)).map(({ node }) => node.path);
}

/** Runs the program of an example in this process. */
function synthesize(example: string): { readonly addresses: Record<string, string[]>; readonly app: App } {
  const out = mkdtempSync(join(tmpdir(), 'ollama-eks-addresses-'));
  const synth = jest.spyOn(App.prototype, 'synth');
  process.env.CDKTF_OUTDIR = out;
  try {
    jest.requireActual(join(REPOSITORY, 'examples', example, 'main.ts'));
    const stacks = readdirSync(join(out, 'stacks')).sort();
    return {
      addresses: Object.fromEntries(
        stacks.map((stack) => [stack, addresses(join(out, 'stacks', stack, 'cdk.tf.json'))]),
      ),
      app: synth.mock.contexts[0] as App,
    };
  } finally {
    delete process.env.CDKTF_OUTDIR;
    synth.mockRestore();
    rmSync(out, { recursive: true });
  }
}

test.each(exampleNames())('%s', (example) => {
  const { addresses, app } = synthesize(example);
  expect(addresses).toMatchSnapshot();
  expect(oddIds(app)).toEqual([]);
});
