import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helm, KUBE_NEEDS, kubeApiServer, readStubLog, suite, terraform, workDir, type Engine } from './support';

const VPC = {
  terraform: { required_providers: { aws: { source: 'aws', version: '>= 5.100.0' } } },
  provider: { aws: [{ region: 'us-west-2' }] },
  resource: { aws_vpc: { main: { cidr_block: '10.0.0.0/16' } } },
};

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} with the real AWS provider`, [engine, 'real-providers'], () => {
    const dir = workDir();

    test('reports what the provider refuses', async () => {
      const wrong = { ...VPC, resource: { aws_vpc: { main: { cidr_block: '10.0.0.0/8' } } } };
      writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(wrong));
      await terraform(dir, ['init', '-backend=false'], { engine });
      const { stdout, stderr } = await terraform(dir, ['validate'], { engine, exitCodes: [1] });
      expect(stdout + stderr).toContain('cidr_block');
    });
  });

  suite(`${engine} with a stand-in for the AWS provider`, [engine, 'stub-providers'], () => {
    const dir = workDir();

    test('applies and destroys without an account, and logs the order', async () => {
      const options = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') } as const;
      writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(VPC));
      await terraform(dir, ['init'], options);
      await terraform(dir, ['apply', '-auto-approve'], options);
      await terraform(dir, ['plan', '-detailed-exitcode'], options);
      await terraform(dir, ['destroy', '-auto-approve'], options);
      expect(readStubLog(options.stubLog).map(({ op, type }) => `${op} ${type}`)).toEqual([
        'create aws_vpc',
        'delete aws_vpc',
      ]);
    });
  });
});

suite('kube-apiserver', KUBE_NEEDS, () => {
  const server = kubeApiServer();

  test('refuses an unknown field', async () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' }, dta: {} };
    const { stderr } = await server.kubectl(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'],
      { input: JSON.stringify(manifest), exitCodes: [1] },
    );
    expect(stderr).toContain('dta');
  });
});

suite('helm', ['helm'], () => {
  test('answers', async () => {
    const { stdout } = await helm(['version', '--template', '{{.Version}}']);
    expect(stdout).toMatch(/^v3\./);
  });
});
