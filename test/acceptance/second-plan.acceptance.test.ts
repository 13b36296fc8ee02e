/** The real AWS provider creates examples in emulated accounts, then finds nothing to change, and deletes them. */
import { KubernetesVersion } from '@org/ollama-eks';
import { synthesize } from '@org/ollama-eks-tools/examples';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsEmulator } from '../emulators/aws/aws-emulator';
import { suite, terraform, tool, workDir } from './support';
import { AWS_PROVIDER, useOldestAwsProvider } from './support/stack-json';
import { resourceTypes } from './support/stub-schema';

interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly change: { readonly actions: readonly string[]; readonly before: unknown };
  }[];
}

type Resources = Plan['resource_changes'];
type Environment = Readonly<Record<string, string>>;

/** What happens to an example. */
interface Course {
  /** Whether Kong attaches its network. */
  readonly kong: boolean;
  /** Whether its GPU nodes are started later, as by `deploy`. */
  readonly deferred: boolean;
  /** Nodes of each GPU pool. */
  readonly gpuNodes: readonly number[];
  /** What exists before it, as Terraform. @default - an empty account */
  readonly estate?: string;
  /** Whether it is deleted in the end. @default false */
  readonly destroyed?: boolean;
}

interface NodeGroup {
  readonly scaling_config: readonly [{ readonly desired_size: number }];
}

/** Types of AWS that no applied example has, and why none could be applied instead. */
const NOT_APPLIED: Readonly<Record<string, string>> = {
  aws_budgets_budget: 'moto neither returns the filters of a budget nor has tags of budgets',
  aws_placement_group: 'moto has no placement groups',
  aws_prometheus_alert_manager_definition: 'managed-prometheus.acceptance.test.ts applies it',
  aws_prometheus_rule_group_namespace: 'managed-prometheus.acceptance.test.ts applies it',
  aws_prometheus_scraper: 'managed-prometheus.acceptance.test.ts applies it',
  aws_prometheus_workspace: 'managed-prometheus.acceptance.test.ts applies it',
  aws_scheduler_schedule: 'no applied example has a night schedule, and each more is a minute',
};

const KONG = { kongProviderAccountId: '444455556666', kongAttachmentId: 'tgw-attach-0123456789abcdef0' };

/** The VPC of another team, with what the README of `existing-vpc` asks for. */
const VPC = `
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

/** The cluster of another team in that VPC, with what the README of `existing-cluster` asks for. */
const CLUSTER = `
resource "aws_iam_role" "cluster" {
  name               = "platform"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
resource "aws_eks_cluster" "this" {
  name     = "platform"
  role_arn = aws_iam_role.cluster.arn
  version  = "${KubernetesVersion.DEFAULT.version}"
  vpc_config {
    subnet_ids = aws_subnet.private[*].id
  }
  access_config {
    authentication_mode = "API"
  }
  kubernetes_network_config {
    service_ipv4_cidr = "172.20.0.0/16"
  }
}
resource "aws_eks_addon" "vpc_cni" {
  cluster_name         = aws_eks_cluster.this.name
  addon_name           = "vpc-cni"
  configuration_values = jsonencode({ enableNetworkPolicy = "true" })
}
resource "aws_eks_addon" "ebs_csi_driver" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "aws-ebs-csi-driver"
}
`;

suite('a second plan of the real AWS provider', ['terraform', 'real-providers', 'moto_server'], () => {
  const dir = workDir();
  const accounts: AwsEmulator[] = [];
  const applied = new Set<string>();

  afterAll(async () => {
    await Promise.all(accounts.map((aws) => aws.stop()));
  });

  // Together, since the provider waits more than it works.
  // Each is created with its GPU nodes, or as by `deploy` without, and planned the other way. Two of them, with and without a
  // cluster and a transit gateway of their own, are deleted, which for each takes as long as a creation.
  test.concurrent.each<[string, Course]>([
    ['g5-xlarge', { kong: false, deferred: true, gpuNodes: [0] }],
    ['g5-12xlarge', { kong: true, deferred: false, gpuNodes: [0, 1], destroyed: true }],
    ['existing-vpc', { kong: false, deferred: true, gpuNodes: [0], estate: VPC }],
    ['existing-cluster', { kong: false, deferred: false, gpuNodes: [1], estate: VPC + CLUSTER, destroyed: true }],
    ['internal-jwt', { kong: false, deferred: false, gpuNodes: [1] }],
  ])('is empty for %s', async (example, { kong, deferred, gpuNodes, estate, destroyed = false }) => {
    const aws = account();
    accounts.push(aws);
    const env = { AWS_ENDPOINT_URL: await aws.start(), ...(await aws.credentials('deployer')) };
    const vpcId = estate && (await create(estate, join(dir, `${example}-estate`), env));
    const synthesized = (attachment: typeof KONG | undefined, isDeferred: boolean) =>
      infra(example, join(dir, example), { attachment, deferred: isDeferred, vpcId });
    const stack = await synthesized(undefined, deferred);
    await terraform(stack, ['init'], { env });
    await terraform(stack, ['apply', '-auto-approve'], { env });
    if (kong) {
      await synthesized(KONG, deferred); // as `deploy` does when Kong has attached its network
      await terraform(stack, ['apply', '-auto-approve'], { env });
    }
    await synthesized(kong ? KONG : undefined, !deferred);
    const resources = await plan(stack, [], env);
    expect(changed(resources)).toEqual([]);
    const pools = resources.filter(
      ({ type, address }) => type === 'aws_eks_node_group' && address.includes('gpu-nodes'),
    );
    expect(pools.map(({ change }) => (change.before as NodeGroup).scaling_config[0].desired_size)).toEqual(gpuNodes);
    if (destroyed) await destroy(stack, env);
    expect(aws.unanswered).toEqual([]);
    resources.forEach(({ type }) => applied.add(type));
  });

  test('was of every type of AWS that the library creates, except those named', () => {
    const missing = resourceTypes('aws').filter((type) => !applied.has(type));
    expect(missing).toEqual(Object.keys(NOT_APPLIED));
  });
});

/** Returns an empty account. */
function account(): AwsEmulator {
  return new AwsEmulator({
    moto: tool('moto_server'),
    account: '111122223333',
    region: 'us-west-2',
    guest: KONG.kongProviderAccountId,
  });
}

/** Creates what exists before an example, and returns the id of its VPC. */
async function create(estate: string, folder: string, env: Environment): Promise<string> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf'), estate);
  await terraform(folder, ['init'], { env });
  await terraform(folder, ['apply', '-auto-approve'], { env });
  return (await terraform(folder, ['output', '-raw', 'vpc_id'], { env })).stdout;
}

/** Deletes a stack. Then nothing that it had created exists, as the provider finds when it looks for all of it again. */
async function destroy(stack: string, env: Environment): Promise<void> {
  const before = (await terraform(stack, ['state', 'pull'], { env })).stdout;
  await terraform(stack, ['destroy', '-auto-approve', '-refresh=false'], { env });
  expect((await terraform(stack, ['state', 'list'], { env })).stdout).toBe('');
  const old = join(stack, 'before.tfstate');
  writeFileSync(old, before);
  const left = changed(await plan(stack, ['-destroy', `-state=${old}`], env));
  expect(left).not.toEqual([]); // what exists in the state only, such as kept choices
  expect(left.filter((line) => line.startsWith('delete aws_'))).toEqual([]);
}

/** Plans a stack, and returns its resources. */
async function plan(stack: string, options: readonly string[], env: Environment): Promise<Resources> {
  await terraform(stack, ['plan', '-out=plan.bin', ...options], { env });
  const { stdout } = await terraform(stack, ['show', '-json', 'plan.bin'], { env });
  return (JSON.parse(stdout) as Plan).resource_changes.filter(({ mode }) => mode === 'managed');
}

/** Returns what a plan changes, a line for each resource. */
function changed(resources: Resources): readonly string[] {
  return resources
    .filter(({ change }) => change.actions.join() !== 'no-op')
    .map(({ address, change }) => `${change.actions.join()} ${address}`);
}

/**
 * Synthesizes an example, and returns the folder of its infrastructure.
 * @param deferred whether its GPU nodes are started later, as by `deploy`
 */
async function infra(
  example: string,
  outdir: string,
  {
    attachment,
    deferred,
    vpcId,
  }: {
    readonly attachment?: typeof KONG | undefined;
    readonly deferred: boolean;
    readonly vpcId?: string | undefined;
  },
): Promise<string> {
  const cluster = example === 'existing-cluster' ? 'platform' : `ollama-${example}`;
  const context = {
    delivery: 'argocd',
    'ollama-eks:kong': attachment && { [cluster]: attachment },
    'ollama-eks:deferredNodes': deferred ? [cluster] : undefined,
  };
  // Each program starts with the variables of this moment.
  if (vpcId !== undefined) process.env.VPC_ID = vpcId;
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  const { stacks } = await synthesize(example, outdir);
  const folder = stacks[0]?.dir ?? '';
  useOldestAwsProvider(folder);
  return folder;
}
