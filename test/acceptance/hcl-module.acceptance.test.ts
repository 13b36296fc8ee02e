/** The HCL example: a synthesized module, called with `count` and an aliased provider, from init to destroy. */
import { REPOSITORY } from '@org/ollama-eks-tools/examples';
import { writeModules } from '@org/ollama-eks-tools/modules';
import { stackMinutes } from '../../scripts/src/deploy/apply-minutes';
import type { Stack } from '../../scripts/src/project/project';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStubLog, suite, terraform, workDir, type Engine } from './support';
import { dropAccountChecks, dropLookupChecks } from './support/stack-json';

const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

const inputs = (subnets: readonly string[]) => ({
  TF_VAR_vpc_id: 'vpc-0123456789abcdef0',
  TF_VAR_private_subnet_ids: JSON.stringify(subnets),
  TF_VAR_admin_role_arn: 'arn:aws:iam::111122223333:role/platform',
});

/** Writes the modules, and the example where it finds them. Returns the folders of the example and of the module. */
function estate(dir: string) {
  const root = join(dir, 'examples/hcl-module');
  mkdirSync(root, { recursive: true });
  copyFileSync(join(REPOSITORY, 'examples/hcl-module/main.tf'), join(root, 'main.tf'));
  const modules = join(dir, 'dist/modules');
  expect(writeModules(modules)).toEqual(['gpu-cluster']);
  return { root, module: join(modules, 'gpu-cluster') };
}

describe('the modules', () => {
  const dir = workDir();

  test('are created in the minutes that the README of the example says', () => {
    const readme = readFileSync(join(REPOSITORY, 'examples/hcl-module/README.md'), 'utf8');
    const { resource } = JSON.parse(readFileSync(join(estate(dir).module, 'cdk.tf.json'), 'utf8')) as {
      readonly resource: Stack['resources'];
    };
    expect(readme).toContain(`about ${String(stackMinutes({ resources: resource }))} minutes, both clusters`);
  });

  test('have a README of their inputs and outputs', () => {
    const readme = readFileSync(join(estate(dir).module, 'README.md'), 'utf8');
    for (const input of ['cluster_name', 'vpc_id', 'private_subnet_ids', 'admin_role_arn']) {
      expect(readme).toMatch(new RegExp(`^\\| \`${input}\` \\|.*\\| required \\|$`, 'm'));
    }
    expect(readme).toMatch(/^\| `kubeconfig_command` \| \w.* \|$/m);
    expect(readme).toContain('| aws | >= 5.100, < 7.0 |');
  });
});

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`the HCL example with ${engine}`, [engine, 'real-providers', 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers', env: inputs(SUBNETS), stubLog: join(dir, 'log') } as const;

    test('is valid for the real AWS provider', async () => {
      const { root } = estate(join(dir, 'real'));
      await terraform(root, ['init', '-backend=false'], { engine });
      const { stdout } = await terraform(root, ['validate', '-json'], { engine });
      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
    });

    test('creates two clusters of different names, then plans no change, and is destroyed', async () => {
      const { root, module } = estate(join(dir, 'applied'));
      expect(dropAccountChecks(module) + dropLookupChecks(module)).toBeGreaterThan(2);
      await terraform(root, ['init'], options);
      await terraform(root, ['apply', '-auto-approve'], options);
      await terraform(root, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
      const { stdout } = await terraform(root, ['output', '-json', 'kubeconfig_commands'], options);
      const command = (name: string) => `aws eks update-kubeconfig --region us-west-2 --name ${name}`;
      expect(JSON.parse(stdout)).toEqual([command('ollama-1'), command('ollama-2')]);
      await terraform(root, ['destroy', '-auto-approve'], options);
      const types = (op: string) => readStubLog(options.stubLog).flatMap((step) => (step.op === op ? [step.type] : []));
      expect(types('create').filter((type) => type === 'aws_eks_cluster')).toHaveLength(2);
      expect(types('delete').sort()).toEqual(types('create').sort());
    });

    test('refuses a wrong input with the rule', async () => {
      const { root } = estate(join(dir, 'refused'));
      await terraform(root, ['init'], options);
      const env = inputs(SUBNETS.slice(1));
      const { stdout, stderr } = await terraform(root, ['plan'], { ...options, env, exitCodes: [1] });
      expect((stdout + stderr).replaceAll(/[\s│]+/g, ' ')).toContain('must have the ids of two subnets');
    });
  });
});
