/** The real AWS provider accepts everything that synth accepts: random properties with a fixed seed, one validate for all. */
import {
  InfrastructureStack,
  KongTransitExposure,
  OllamaGpuCluster,
  ValidationError,
  type OllamaGpuClusterProps,
} from '@org/ollama-eks';
import { Testing } from 'cdktf';
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, terraform, workDir } from '../acceptance/support';
import { clusterProps, kongCidr } from './props';

const SEED = 20_260_501;
const CASES = 250;

interface Case {
  readonly props: OllamaGpuClusterProps;
  readonly kongCidr: string | undefined;
}

interface TerraformJson {
  readonly terraform: { backend?: unknown };
  provider?: unknown;
}

interface Validation {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly range?: { readonly filename: string };
  }[];
}

/** Writes the Terraform JSON of a case as a child module. Returns undefined if synth refuses it; any other error is a defect. */
function synth({ props, kongCidr }: Case): TerraformJson | undefined {
  const stack = new InfrastructureStack(Testing.app({ stackTraces: false }), 'infra', { region: 'us-west-2' });
  try {
    const cluster = new OllamaGpuCluster(stack, 'cluster', props);
    if (kongCidr !== undefined) {
      new KongTransitExposure(stack, 'kong', { cluster, kongCidr });
    }
    stack.prepareStack();
    const json = JSON.parse(Testing.synth(stack, true)) as TerraformJson;
    delete json.provider;
    delete json.terraform.backend;
    return json;
  } catch (error) {
    if (error instanceof ValidationError) {
      return undefined;
    }
    throw new Error(`synth failed with ${JSON.stringify({ props, kongCidr })}`, { cause: error });
  }
}

suite('random clusters', ['terraform', 'real-providers'], () => {
  const dir = workDir();

  test('are either refused by synth or accepted by the AWS provider', async () => {
    const cases = fc.sample(fc.record({ props: clusterProps, kongCidr }), { seed: SEED, numRuns: CASES });
    const passed = cases.flatMap((it) => {
      const json = synth(it);
      return json === undefined ? [] : [{ ...it, json }];
    });
    expect(passed.length).toBeGreaterThan(CASES / 5);

    const modules = passed.map(({ json }, index) => {
      const name = `case-${String(index)}`;
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, 'cdk.tf.json'), JSON.stringify(json));
      return [name, { source: `./${name}` }] as const;
    });
    const root = { provider: { aws: { region: 'us-west-2' } }, module: Object.fromEntries(modules) };
    writeFileSync(join(dir, 'main.tf.json'), JSON.stringify(root));
    await terraform(dir, ['init', '-backend=false']);
    const { stdout } = await terraform(dir, ['validate', '-json'], { exitCodes: [0, 1] });
    const { diagnostics } = JSON.parse(stdout) as Validation;

    const refusals = diagnostics.map(({ summary, detail, range }) => {
      const index = Number(/case-(\d+)/.exec(range?.filename ?? '')?.[1]);
      return { summary, detail, props: passed[index]?.props };
    });
    expect(refusals).toEqual([]);
  });
});
