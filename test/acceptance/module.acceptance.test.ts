/** A module that this library synthesizes, called from HCL, as in a Terraform estate without CDKTF. */
import { Network, ModuleStack, OllamaGpuCluster, KongTransitExposure } from '@org/ollama-eks';
import { App, TerraformVariable } from 'cdktf';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, terraform, workDir, type Engine } from './support';

/** `count`, which Terraform refuses for a module that configures providers. */
const COUNTED = 'count = 1';

const caller = (meta: string, instance: string): string => `
provider "aws" {
  region = "us-west-2"
}

module "ollama" {
  ${meta}
  source             = "./cdktf.out/stacks/ollama"
  vpc_id             = "vpc-0123456789abcdef0"
  private_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
}

output "cluster_name" {
  value = ${instance}.cluster_name
}
`;

const CALLER = caller('', 'module.ollama');

/** The stand-in for AWS invents a region; this override returns what the real provider would. */
const inRegion = (region: string): string => `
override_data {
  target = module.ollama.data.aws_region.provider-region
  values = { endpoint = "ec2.${region}.amazonaws.com" }
}
`;

const APPLIES = `${inRegion('us-west-2')}
run "apply" {
  assert {
    condition     = output.cluster_name == "ollama"
    error_message = "no cluster_name"
  }
}
`;

const STOPS = `${inRegion('eu-west-1')}
run "plan" {
  command = plan
}
`;

/** Writes a cluster and its exposure, in a network that the caller passes. */
function synthesize(dir: string): void {
  const app = new App({ outdir: join(dir, 'cdktf.out') });
  const stack = new ModuleStack(app, 'ollama', { region: 'us-west-2' });
  const vpcId = new TerraformVariable(stack, 'vpc_id', { type: 'string' }).stringValue;
  const subnetIds = new TerraformVariable(stack, 'private_subnet_ids', { type: 'list(string)' });
  const network = Network.fromAttributes(stack, 'network', {
    vpcId,
    vpcCidr: '10.1.0.0/16',
    vpcTags: { Name: 'estate' },
    privateSubnetIds: [0, 1].map((index) => `\${${subnetIds.fqn}[${String(index)}]}`),
    transitSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
    privateRouteTableIds: ['rtb-0123456789abcdef0'],
  });
  const cluster = new OllamaGpuCluster(stack, 'cluster', {
    clusterName: 'ollama',
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'qwen3:8b', contextLength: 16_384 }],
    guardrails: { quotaCheck: false }, // the stand-in invents quotas, too
    network,
  });
  new KongTransitExposure(stack, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
  app.synth();
}

/** Writes a root module, with the module next to it. */
function estate(dir: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(dir, { recursive: true });
  synthesize(dir);
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(dir, name), text));
  return dir;
}

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`a module, called by ${engine}`, [engine, 'real-providers', 'stub-providers'], () => {
    const dir = workDir();
    const stub = { engine, providers: 'stub-providers' } as const;

    test('is accepted with count by the real AWS provider', async () => {
      const root = estate(join(dir, 'real'), { 'main.tf': caller(COUNTED, 'module.ollama[0]') });
      await terraform(root, ['init', '-backend=false'], { engine });
      await terraform(root, ['validate'], { engine });
    });

    test('is applied, returns its outputs, and is destroyed', async () => {
      const root = estate(join(dir, 'applies'), { 'main.tf': CALLER, 'main.tftest.hcl': APPLIES });
      await terraform(root, ['init', '-backend=false'], stub);
      const { stdout } = await terraform(root, ['test'], stub);
      expect(stdout).toContain('1 passed, 0 failed');
    });

    test('fails the plan with a provider in another region', async () => {
      const root = estate(join(dir, 'stops'), { 'main.tf': CALLER, 'main.tftest.hcl': STOPS });
      await terraform(root, ['init', '-backend=false'], stub);
      const { stdout, stderr } = await terraform(root, ['test'], { ...stub, exitCodes: [1] });
      expect(stdout + stderr).toMatch(
        /requires an AWS provider in us-west-2,\s+but\s+the\s+provider’s\s+region\s+is\s+eu-west-1/,
      );
    });
  });
});
