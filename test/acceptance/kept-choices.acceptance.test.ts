/** What a cluster keeps for life, the key of its Secrets and its VPC: changes are refused before anything is deleted. */
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { InfrastructureStack, Network, OllamaGpuCluster } from '@org/ollama-eks';
import { Testing } from 'cdktf';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStubLog, suite, terraform, workDir, type Engine } from './support';
import { dropAccountChecks } from './support/stack-json';

interface StackJson {
  readonly resource: Record<string, Record<string, { depends_on?: string[] }>>;
}

/** The library's key, an existing key, or one that the same stack creates, whose ARN is known only at apply. */
type Key = 'own' | typeof ARN | 'blue' | 'green';

const ARN = 'arn:aws:kms:us-west-2:111122223333:key/1';
const VPC = 'vpc-0123456789abcdef0';
const REFUSAL = 'secretsKeyArn: the key that encrypts the Secrets of a cluster cannot be changed; allowed:';

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} and choices for life, with a stand-in for AWS`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') } as const;

    /** Applies what `write` wrote, and returns the changes: `create aws_kms_key`. */
    const apply = async (exitCode: 0 | 1 = 0) => {
      const before = readStubLog(options.stubLog).length;
      const { stderr } = await terraform(dir, ['apply', '-auto-approve'], { ...options, exitCodes: [exitCode] });
      const later = readStubLog(options.stubLog).slice(before);
      return {
        steps: later.filter(({ op }) => op !== 'read').map(({ op, type }) => `${op} ${type}`),
        stderr: stderr.replaceAll(/[\s│╷╵]+/g, ' '),
      };
    };

    beforeAll(async () => {
      write(dir, 'own');
      await terraform(dir, ['init'], options);
    });

    test('the key and the VPC cannot be changed after creation', async () => {
      write(dir, 'own', { beforeChecks: true });
      await apply();
      write(dir, 'own');
      expect((await apply()).steps).toEqual([]);
      await terraform(dir, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
      for (const key of [ARN, 'blue'] as const) {
        write(dir, key);
        const { steps, stderr } = await apply(1);
        expect(stderr).toContain(`${REFUSAL} no value, as at the creation of ollama; restore it`);
        expect(steps).toEqual([]);
      }
      write(dir, 'own', { vpcId: 'vpc-0fedcba9876543210' });
      const { steps, stderr } = await apply(1);
      expect(stderr).toContain(`network: the VPC of a cluster cannot be changed; allowed: ${VPC}, as at the creation`);
      expect(steps).toEqual([]);
    });

    test('the next cluster may have another key', async () => {
      write(dir, 'blue');
      await terraform(dir, ['destroy', '-auto-approve'], options);
      await apply();
      await terraform(dir, ['plan', '-detailed-exitcode'], options);
      for (const key of ['own', ARN] as const) {
        write(dir, key);
        const { steps, stderr } = await apply(1);
        expect(stderr).toContain(REFUSAL);
        expect(steps).toEqual([]);
      }
    });

    test('the key is kept if another one becomes known during an apply', async () => {
      write(dir, 'green');
      const { steps, stderr } = await apply(1);
      expect(stderr).toContain(REFUSAL);
      expect(steps).toEqual(['create aws_kms_key']);
      await terraform(dir, ['destroy', '-auto-approve'], options);
    });
  });
});

function write(dir: string, key: Key, { vpcId = VPC, beforeChecks = false } = {}): void {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  const network = Network.fromAttributes(stack, 'network', {
    vpcId,
    vpcCidr: '10.0.0.0/16',
    privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });
  new OllamaGpuCluster(stack, 'cluster', {
    clusterName: 'ollama',
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
    network,
    secretsKeyArn: key === 'own' ? undefined : key === ARN ? ARN : new KmsKey(stack, key, {}).arn,
  });
  stack.prepareStack();
  const json = JSON.parse(Testing.synth(stack, true)) as StackJson;
  if (beforeChecks) dropChecks(json);
  writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(json));
  dropAccountChecks(dir);
}

/** Turns a stack into what the library synthesized before it kept choices. */
function dropChecks({ resource }: StackJson): void {
  delete resource.terraform_data;
  for (const block of Object.values(resource).flatMap((blocks) => Object.values(blocks))) {
    block.depends_on = block.depends_on?.filter((address) => !address.startsWith('terraform_data.'));
  }
}
