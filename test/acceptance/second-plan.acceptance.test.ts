/** The real AWS provider creates examples in an emulated account; then it finds nothing to change. */
import { synthesize } from '@org/ollama-eks-tools/examples';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsEmulator } from '../emulators/aws/aws-emulator';
import { suite, terraform, tool, workDir } from './support';
import { resourceTypes } from './support/stub-schema';

interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly change: { readonly actions: readonly string[]; readonly before: unknown };
  }[];
}

interface NodeGroup {
  readonly scaling_config: readonly [{ readonly desired_size: number }];
}

/** Types of AWS that no applied example has, and why none could be applied instead. */
const NOT_APPLIED: Readonly<Record<string, string>> = {
  aws_budgets_budget: 'moto neither returns the filters of a budget nor has tags of budgets',
  aws_placement_group: 'moto has no placement groups',
  aws_scheduler_schedule: 'no applied example has a night schedule, and each more is a minute',
};

/** The oldest version that the library supports, so that a new one does not fail the test. */
const AWS_PROVIDER = '5.100.0';
const KONG = { kongProviderAccountId: '444455556666', kongAttachmentId: 'tgw-attach-0123456789abcdef0' };

/** The VPC of another team, with what the README of `existing-vpc` asks for. */
const EXISTING_VPC = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "${AWS_PROVIDER}" }
  }
}
provider "aws" { region = "us-west-2" }
locals { zones = ["us-west-2a", "us-west-2b"] }
resource "aws_vpc" "this" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 4, count.index)
  tags              = { "kubernetes.io/role/internal-elb" = "1" }
}
resource "aws_route_table" "private" {
  count  = 2
  vpc_id = aws_vpc.this.id
}
resource "aws_route_table_association" "private" {
  count          = 2
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}
output "vpc_id" {
  value      = aws_vpc.this.id
  depends_on = [aws_route_table_association.private]
}
`;

suite('a second plan of the real AWS provider', ['terraform', 'real-providers', 'moto_server'], () => {
  const dir = workDir();
  let aws: AwsEmulator;
  let env: Readonly<Record<string, string>>;
  const applied = new Set<string>();

  beforeAll(async () => {
    aws = new AwsEmulator({
      moto: tool('moto_server'),
      account: '111122223333',
      region: 'us-west-2',
      guest: KONG.kongProviderAccountId,
    });
    env = { AWS_ENDPOINT_URL: await aws.start(), ...(await aws.credentials('deployer')) };
    process.env.VPC_ID = await existingVpc(join(dir, 'vpc'), env);
  });

  afterAll(async () => {
    await aws.stop();
  });

  // Together, since the provider waits more than it works.
  // Each is created with its GPU nodes, or as by `deploy` without, and planned the other way.
  test.concurrent.each([
    ['g5-xlarge', { kong: false, deferred: true, gpuNodes: [0] }],
    ['g5-12xlarge', { kong: true, deferred: false, gpuNodes: [0, 1] }],
    ['existing-vpc', { kong: false, deferred: true, gpuNodes: [0] }],
    ['internal-jwt', { kong: false, deferred: false, gpuNodes: [1] }],
  ])('is empty for %s', async (example, { kong, deferred, gpuNodes }) => {
    const stack = await infra(example, join(dir, example), { deferred });
    await terraform(stack, ['init'], { env });
    await terraform(stack, ['apply', '-auto-approve'], { env });
    if (kong) {
      await infra(example, join(dir, example), { attachment: KONG, deferred }); // as `deploy` does when Kong has attached its network
      await terraform(stack, ['apply', '-auto-approve'], { env });
    }
    await infra(example, join(dir, example), { attachment: kong ? KONG : undefined, deferred: !deferred });
    await terraform(stack, ['plan', '-out=plan.bin'], { env });
    const { stdout } = await terraform(stack, ['show', '-json', 'plan.bin'], { env });
    const { resource_changes: changes } = JSON.parse(stdout) as Plan;
    const resources = changes.filter(({ mode }) => mode === 'managed');
    const lines = resources
      .filter(({ change }) => change.actions.join() !== 'no-op')
      .map(({ address, change }) => `${change.actions.join()} ${address}`);
    expect(lines).toEqual([]);
    const pools = resources.filter(
      ({ type, address }) => type === 'aws_eks_node_group' && address.includes('gpu-nodes'),
    );
    expect(pools.map(({ change }) => (change.before as NodeGroup).scaling_config[0].desired_size)).toEqual(gpuNodes);
    expect(aws.unanswered).toEqual([]);
    resources.forEach(({ type }) => applied.add(type));
  });

  test('was of every type of AWS that the library creates, except those named', () => {
    const missing = resourceTypes('aws').filter((type) => !applied.has(type));
    expect(missing).toEqual(Object.keys(NOT_APPLIED));
  });
});

/** Creates the VPC that the example `existing-vpc` looks up, and returns its id. */
async function existingVpc(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf'), EXISTING_VPC);
  await terraform(folder, ['init'], { env });
  await terraform(folder, ['apply', '-auto-approve'], { env });
  return (await terraform(folder, ['output', '-raw', 'vpc_id'], { env })).stdout;
}

/**
 * Synthesizes an example, and returns the folder of its infrastructure.
 * @param deferred whether its GPU nodes are started later, as by `deploy`
 */
async function infra(
  example: string,
  outdir: string,
  { attachment, deferred }: { readonly attachment?: typeof KONG | undefined; readonly deferred: boolean },
): Promise<string> {
  const cluster = `ollama-${example}`;
  const context = {
    delivery: 'argocd',
    'ollama-eks:kong': attachment && { [cluster]: attachment },
    'ollama-eks:deferredNodes': deferred ? [cluster] : undefined,
  };
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  const { stacks } = await synthesize(example, outdir);
  const folder = stacks[0]?.dir ?? '';
  const file = join(folder, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { backend?: object; required_providers: { aws: object } };
  };
  delete json.terraform.backend; // the state stays in the folder of the test
  json.terraform.required_providers.aws = { source: 'aws', version: AWS_PROVIDER };
  writeFileSync(file, JSON.stringify(json, null, 2)); // errors quote the line
  return folder;
}
