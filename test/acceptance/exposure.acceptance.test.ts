/** The exposures with Terraform and OpenTofu: the real AWS provider accepts them; they are applied, kept, and destroyed. */
import { Testing } from 'cdktf';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPOSURES, type ExposureName } from '../kong/support/exposures';
import { readStubLog, suite, terraform, workDir, type Engine, type StubStep } from './support';

interface TerraformJson {
  readonly terraform: object;
  provider?: unknown;
}

interface Validation {
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string; readonly detail: string }[];
}

const NAMES = Object.keys(EXPOSURES) as ExposureName[];

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} with the real AWS provider`, [engine, 'real-providers'], () => {
    const dir = workDir();

    test(`accepts ${NAMES.length} exposures`, async () => {
      write(dir, NAMES);
      await terraform(dir, ['init', '-backend=false'], { engine });
      const { stdout } = await terraform(dir, ['validate', '-json'], { engine });
      const { diagnostics } = JSON.parse(stdout) as Validation;
      expect(diagnostics.map(({ severity, summary, detail }) => `${severity}: ${summary}: ${detail}`)).toEqual([]);
    });
  });

  suite(`${engine} with a stand-in for AWS`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') } as const;

    test(`applies ${NAMES.length} exposures, then plans no change, and destroys everything`, async () => {
      write(dir, NAMES);
      await terraform(dir, ['init'], options);
      await terraform(dir, ['apply', '-auto-approve'], options);
      await terraform(dir, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
      await terraform(dir, ['destroy', '-auto-approve'], options);
      const steps = readStubLog(options.stubLog);
      expect(types(steps, 'create').length).toBeGreaterThan(20 * NAMES.length);
      expect(types(steps, 'delete')).toEqual(types(steps, 'create'));
    });
  });

  suite(`${engine}, if Kong's account and attachment become known later`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') } as const;

    test('adds the resources that they need, and changes nothing else', async () => {
      writeStack(dir, 'Kong, before its network is known');
      await terraform(dir, ['init'], options);
      await terraform(dir, ['apply', '-auto-approve'], options);
      const before = readStubLog(options.stubLog).length;
      writeStack(dir, 'Kong, attached');
      await terraform(dir, ['apply', '-auto-approve'], options);
      const later = readStubLog(options.stubLog).slice(before);
      expect(types(later, 'update', 'delete')).toEqual([]);
      expect(types(later, 'create')).toEqual([
        'aws_ec2_transit_gateway_route',
        'aws_ec2_transit_gateway_route_table_association',
        'aws_ec2_transit_gateway_vpc_attachment_accepter',
        'aws_ram_principal_association',
      ]);
    });
  });
});

/** Writes one root module that calls each stack as a module, so that providers are loaded once for all of them. */
function write(dir: string, names: readonly ExposureName[]): void {
  const modules = names.map((name, index) => {
    const module = jsonOf(name);
    delete module.provider;
    writeJson(join(dir, `way-${index}`), module);
    return [`way-${index}`, { source: `./way-${index}` }] as const;
  });
  writeJson(dir, { provider: { aws: { region: 'us-west-2' } }, module: Object.fromEntries(modules) });
}

function writeStack(dir: string, name: ExposureName): void {
  writeJson(dir, jsonOf(name));
}

function jsonOf(name: ExposureName): TerraformJson {
  const { stack } = EXPOSURES[name]();
  stack.prepareStack();
  const json = JSON.parse(Testing.synth(stack, true)) as TerraformJson;
  return { ...json, terraform: { ...json.terraform, backend: undefined } };
}

function writeJson(dir: string, json: object): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(json));
}

function types(steps: readonly StubStep[], ...ops: StubStep['op'][]): string[] {
  return steps
    .filter(({ op }) => ops.includes(op))
    .map(({ type }) => type)
    .sort();
}
