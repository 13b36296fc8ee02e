/** The life of every example's stacks with one engine, from init to destroy. */
import { exampleNames, synthesize, type Synthesis, type SynthesizedStack } from '@org/ollama-eks-tools/examples';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { changes, outOfOrder, type Change } from './events';
import { dropAccountChecks, dropLookupChecks, StackJson } from './stack-json';
import { readStubLog, terraform, type Engine, type TerraformOptions } from './terraform';
import { suite } from './tools';
import { workDir } from './work-dir';

interface Validation {
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string; readonly detail: string }[];
}

/** Declares the tests of all examples with Terraform or OpenTofu. */
export function exampleSuite(engine: Engine): void {
  describe.each(exampleNames())('%s', (example) => {
    const dir = workDir();
    let synthesis: Synthesis;

    beforeAll(async () => {
      synthesis = await synthesize(example, join(dir, 'cdktf.out'));
    });

    suite(`${engine} and the real AWS provider`, [engine, 'real-providers'], () => {
      test('accept all stacks', async () => {
        cpSync(synthesis.outdir, join(dir, 'validated'), { recursive: true });
        for (const { name } of synthesis.stacks) {
          const stack = join(dir, 'validated/stacks', name);
          await terraform(stack, ['init', '-backend=false'], { engine });
          const { stdout } = await terraform(stack, ['validate', '-json'], { engine });
          const { diagnostics } = JSON.parse(stdout) as Validation;
          expect(diagnostics.map(({ severity, summary, detail }) => `${severity}: ${summary}: ${detail}`)).toEqual([]);
        }
      });
    });

    suite(`${engine} with a stand-in for AWS`, [engine, 'stub-providers'], () => {
      const options: TerraformOptions = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') };

      beforeAll(() => {
        synthesis.stacks.forEach((stack) => dropLookupChecks(stack.dir));
      });

      test('stops before anything is created if the quota is too low or the zone does not offer the instance type', async () => {
        cpSync(synthesis.outdir, join(dir, 'checked'), { recursive: true });
        const stack = join(dir, 'checked/stacks/infra');
        await terraform(stack, ['init'], options);
        const { stdout, stderr } = await terraform(stack, ['plan'], { ...options, exitCodes: [1] });
        const told = (stdout + stderr).replaceAll(/[\s│]+/g, ' ');
        expect(told).toMatch(/more than the quota/);
        expect(told).toMatch(/is not offered in the zone/);
        expect(dropAccountChecks(synthesis.stacks[0]?.dir ?? '')).toBeGreaterThan(1);
      });

      test('applies all stacks, then plans no change, and destroys them', async () => {
        for (const stack of synthesis.stacks) {
          expectCreationOrder(stack, await apply(stack, options));
        }
        for (const stack of [...synthesis.stacks].reverse()) {
          const { stdout } = await terraform(stack.dir, ['destroy', '-auto-approve', '-json'], options);
          expectDestructionOrder(stack, changes(stdout));
        }
        expectNothingLeft(readStubLog(options.stubLog ?? ''));
      });
    });
  });
}

/** Applies a stack, and fails if a second plan would change anything. */
async function apply({ dir }: SynthesizedStack, options: TerraformOptions): Promise<Change[]> {
  await terraform(dir, ['init'], options);
  const { stdout } = await terraform(dir, ['apply', '-auto-approve', '-json'], options);
  await terraform(dir, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
  return changes(stdout);
}

/** Nodes can join only if the network plug-in was installed before them. */
function expectCreationOrder({ dir }: SynthesizedStack, all: readonly Change[]): void {
  const json = new StackJson(dir);
  const networkPlugin = json.addresses('aws_eks_addon', ({ addon_name }) => addon_name === 'vpc-cni');
  const nodeGroups = json.addresses('aws_eks_node_group');
  expect(networkPlugin.length).toBe(json.addresses('aws_eks_cluster').length);
  expect(outOfOrder(all, networkPlugin, nodeGroups)).toEqual([]);
}

/** A node without egress or permissions cannot be drained, and its network interfaces are left behind. */
function expectDestructionOrder({ dir }: SynthesizedStack, all: readonly Change[]): void {
  const json = new StackJson(dir);
  const nodeRoles = json.values('aws_eks_node_group', 'node_role_arn').map((arn) => String(arn).replace('.arn}', ''));
  const attachments = json.addresses('aws_iam_role_policy_attachment', ({ role }) =>
    nodeRoles.some((nodeRole) => String(role).startsWith(nodeRole)),
  );
  const nodeSubnets = json.values('aws_eks_node_group', 'subnet_ids').flat();
  const wayOut = [
    ...json.addresses('aws_nat_gateway'),
    ...json.addresses('aws_route', ({ destination_cidr_block }) => destination_cidr_block === '0.0.0.0/0'),
    ...json.addresses('aws_route_table_association', ({ subnet_id }) => nodeSubnets.includes(subnet_id)),
  ];
  const nodeGroups = json.addresses('aws_eks_node_group');
  expect(attachments.length >= 3 || nodeGroups.length === 0).toBe(true);
  const ownsNetwork = json.addresses('aws_vpc').length > 0;
  expect(wayOut.length >= 3 || !ownsNetwork).toBe(true);
  expect(outOfOrder(all, nodeGroups, [...attachments, ...wayOut])).toEqual([]);
}

/** Everything that was created was deleted, by type, and nothing failed. */
function expectNothingLeft(steps: ReturnType<typeof readStubLog>): void {
  const types = (op: string): string[] => steps.filter((step) => step.op === op).map(({ type }) => type);
  expect(types('create').length).toBeGreaterThan(20);
  expect(types('delete').sort()).toEqual(types('create').sort());
}
