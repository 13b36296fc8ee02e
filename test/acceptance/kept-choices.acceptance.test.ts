/** What a cluster and a network keep for life: changes are refused before anything is deleted. */
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import {
  InfrastructureStack,
  Network,
  OllamaGpuCluster,
  type NetworkProps,
  type OllamaGpuClusterProps,
} from '@org/ollama-eks';
import { Testing } from 'cdktf';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStubLog, suite, terraform, workDir, type Engine } from './support';
import { dropAccountChecks } from './support/stack-json';

interface StackJson {
  readonly terraform: { backend?: object };
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

    test('the range of Services, the name and the region are refused, unless the cluster may be replaced', async () => {
      const moved: Change = { serviceCidr: '10.96.0.0/16', clusterName: 'other' };
      const refusals: readonly [Change, string][] = [
        [
          { serviceCidr: '10.96.0.0/16' },
          'serviceCidr: the range of Services of a cluster cannot be changed; allowed: 172.20.0.0/16, as at the creation of ollama',
        ],
        [
          { serviceCidr: '10.96.0.0/16', allowReplacement: true },
          'serviceCidr: the range of Services of a cluster cannot be changed; allowed: 172.20.0.0/16, as at the creation of ollama',
        ],
        [moved, 'clusterName: a change replaces the cluster, and loses everything that runs in it'],
        [{ region: 'eu-west-1' }, 'region: a change creates everything again in the other region'],
        [
          { region: 'eu-west-1', clusterName: 'other', allowReplacement: true },
          'allowed: us-west-2, as at creation; restore it, or destroy the stack',
        ],
      ];
      for (const [change, message] of refusals) {
        write(dir, 'own', change);
        const { steps, stderr } = await apply(1);
        expect(stderr).toContain(message);
        expect(steps).toEqual([]);
      }
      write(dir, 'own', { ...moved, allowReplacement: true });
      await apply(); // a stand-in replaces nothing
      write(dir, 'own', moved);
      await terraform(dir, ['plan', '-detailed-exitcode'], options);
    });

    test('the range of a network is refused, unless it may be replaced', async () => {
      const networkDir = join(dir, 'network');
      mkdirSync(networkDir);
      writeNetwork(networkDir, {});
      await terraform(networkDir, ['init'], options);
      await terraform(networkDir, ['apply', '-auto-approve'], options);
      writeNetwork(networkDir, { cidr: '10.1.0.0/16', networkName: 'other' });
      const { stderr } = await terraform(networkDir, ['plan'], { ...options, exitCodes: [1] });
      expect(stderr.replaceAll(/[\s│╷╵]+/g, ' ')).toContain(
        'network.cidr: the range of a VPC cannot be changed; allowed: 10.0.0.0/16',
      );
      writeNetwork(networkDir, { cidr: '10.1.0.0/16', allowReplacement: true });
      await terraform(networkDir, ['apply', '-auto-approve'], options);
      writeNetwork(networkDir, { cidr: '10.1.0.0/16' });
      await terraform(networkDir, ['plan', '-detailed-exitcode'], options);
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

interface Change extends Partial<Pick<OllamaGpuClusterProps, 'clusterName' | 'serviceCidr' | 'allowReplacement'>> {
  readonly region?: string;
  readonly vpcId?: string;
  readonly beforeChecks?: boolean;
}

function write(
  dir: string,
  key: Key,
  { vpcId = VPC, region = 'us-west-2', beforeChecks = false, ...props }: Change = {},
): void {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region });
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
    ...props,
    secretsKeyArn: key === 'own' ? undefined : key === ARN ? ARN : new KmsKey(stack, key, {}).arn,
  });
  const json = synthesize(stack);
  if (beforeChecks) dropChecks(json);
  writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(json));
  dropAccountChecks(dir);
}

function writeNetwork(dir: string, props: Partial<NetworkProps>): void {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  new Network(stack, 'network', { networkName: 'shared', zones: ['us-west-2a', 'us-west-2b'], ...props });
  writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(synthesize(stack)));
}

function synthesize(stack: InfrastructureStack): StackJson {
  stack.prepareStack();
  const json = JSON.parse(Testing.synth(stack, true)) as StackJson;
  delete json.terraform.backend; // the state stays in the folder of the test
  return json;
}

/** Turns a stack into what the library synthesized before it kept choices. */
function dropChecks({ resource }: StackJson): void {
  delete resource.terraform_data;
  for (const block of Object.values(resource).flatMap((blocks) => Object.values(blocks))) {
    block.depends_on = block.depends_on?.filter((address) => !address.startsWith('terraform_data.'));
  }
}
