/** A workspace of metrics with its collector: the real AWS provider creates it, finds nothing to change, and would leave nothing. */
import { InfrastructureStack } from '@org/ollama-eks';
import { App } from 'cdktf';
import { join } from 'node:path';
import { ManagedPrometheus } from '../../packages/ollama-eks/src/cluster/telemetry/managed-prometheus';
import { AwsEmulator } from '../emulators/aws/aws-emulator';
import { suite, terraform, tool, workDir } from './support';
import { useOldestAwsProvider } from './support/stack-json';

suite('metrics at AWS', ['terraform', 'real-providers', 'moto_server'], () => {
  const dir = workDir();
  const stack = join(dir, 'stacks', 'infra');
  let aws: AwsEmulator;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const place = { account: '111122223333', region: 'us-west-2' };
    aws = new AwsEmulator({ moto: tool('moto_server'), ...place, guest: '444455556666' });
    env = { AWS_ENDPOINT_URL: await aws.start(), ...(await aws.credentials('deployer')) };
    synthesize();
    await terraform(stack, ['init'], { env });
  });

  afterAll(async () => {
    await aws.stop();
  });

  test('are collected after one apply, and a second plan is empty', async () => {
    await terraform(stack, ['apply', '-auto-approve'], { env });
    const { stdout } = await terraform(stack, ['plan'], { env });
    expect(stdout).toContain('No changes.');
    expect(aws.aps.size).toBe(2);
    expect(aws.unanswered).toEqual([]);
  });

  // The end of the collector is planned only: after it has deleted one, the provider waits 8 minutes before it looks for the first time.
  test('rules and receivers of alerts are deleted, and the rest would be', async () => {
    const alerts = ['aws_prometheus_alert_manager_definition', 'aws_prometheus_rule_group_namespace'];
    const { stdout: addresses } = await terraform(stack, ['state', 'list'], { env });
    const targets = addresses.split('\n').filter((address) => alerts.some((type) => address.startsWith(`${type}.`)));
    expect(targets).toHaveLength(2);
    await terraform(stack, ['destroy', '-auto-approve', ...targets.map((target) => `-target=${target}`)], { env });
    expect(aws.aps.size).toBe(1);
    const { stdout } = await terraform(stack, ['plan', '-destroy'], { env });
    expect(stdout).toContain('Plan: 0 to add, 0 to change, 2 to destroy.');
    expect(aws.unanswered).toEqual([]);
  });

  function synthesize(): void {
    const app = new App({ outdir: dir });
    const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
    new ManagedPrometheus(infra, 'metrics', {
      props: { metrics: 'amp', alertTopicArn: 'arn:aws:sns:us-west-2:111122223333:alerts' },
      cluster: {
        clusterName: 'ollama',
        region: 'us-west-2',
        kubernetesVersion: '1.35',
        network: {
          vpcId: 'vpc-1',
          vpcCidr: '10.0.0.0/16',
          zoneCount: 2,
          privateSubnetIds: ['subnet-a', 'subnet-b'],
          transitSubnetIds: [],
          privateRouteTableIds: [],
          egress: [],
        },
        serviceCidr: '172.20.0.0/16',
        clusterSecurityGroupId: 'sg-1',
        ready: [],
      },
      rules: { pools: [{ name: 'gpu', pricePerHour: 2 }], systemNodesPerHour: 0.2, monthlyUsd: 3000 },
      tags: { 'ollama-eks/cluster': 'ollama' },
    });
    app.synth();
    useOldestAwsProvider(stack);
  }
});
