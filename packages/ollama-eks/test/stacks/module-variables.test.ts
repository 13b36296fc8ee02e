import { TerraformVariable } from 'cdktf';
import { Network } from '../../src/cluster/network/network';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { LoadBalancerController } from '../../src/exposure/load-balancer-controller';
import { Testing } from '../../src/framework';
import { HelmDelivery } from '../../src/gitops/helm-delivery';
import { AmbientMesh } from '../../src/mesh/ambient-mesh';
import { ModuleStack } from '../../src/stacks/module-stack';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { Template } from '../../src/testing';
import { MINIMAL } from '../cluster/given';
import { refusal } from '../refusal';

const stack = new ModuleStack(Testing.app(), 'module', {
  region: 'us-west-2',
  providers: ['aws', 'tls', 'helm', 'kubernetes'],
});
const variable = (name: string) => new TerraformVariable(stack, name, { type: 'string' }).stringValue;
const cluster = new OllamaGpuCluster(stack, 'cluster', {
  ...MINIMAL,
  clusterName: variable('cluster_name'),
  nightSchedule: { stop: 'cron(0 20 * * ? *)' },
  guardrails: { budget: { monthlyUsd: 2000, emails: ['platform@example.com'] } },
});
const mesh = new AmbientMesh(stack, 'mesh', { cluster });
new HelmDelivery(stack, 'helm', { sources: [cluster, mesh] });
const template = Template.fromStack(stack);
const text = JSON.stringify(template.json);

describe('a module whose cluster name is a variable', () => {
  test('names everything in AWS after it, shortened by Terraform where AWS limits the length', () => {
    expect(template.resource('aws_eks_cluster').name).toBe('${var.cluster_name}');
    expect(template.resource('aws_scheduler_schedule').name_prefix).toBe(
      '${substr(var.cluster_name, 0, 20)}-gpu-stop-',
    );
    expect(template.resource('aws_budgets_budget')).toMatchObject({
      name: '${substr(var.cluster_name, 0, 82)}-us-west-2-monthly',
      cost_filter: [{ values: ['${join("$", ["user:ollama-eks/cluster", var.cluster_name])}'] }],
    });
    expect(text).not.toContain('$${var.');
    expect(text).not.toContain('TfToken');
  });

  test('delivers servers and mesh with Helm, from charts next to the module', () => {
    const releases = Object.values(template.resources('helm_release'));
    const charts = releases.flatMap(({ chart, repository }) => (repository === undefined ? [chart] : []));
    expect(charts.length).toBeGreaterThan(2);
    charts.forEach((chart) => expect(chart).toMatch(/^\$\{path\.module\}\/assets\//));
  });

  test.each<[string, () => unknown, string]>([
    [
      'an exposure',
      () => new InternalExposure(stack, 'internal', { cluster, callerCidrs: ['10.8.0.0/16'] }),
      'cluster.clusterName: is known only at apply, but the gateway finds its load balancer by a name that contains it',
    ],
    [
      'a load balancer controller',
      () => new LoadBalancerController(stack, 'controller', { cluster, targetGroupArn: 'arn' }),
      'cluster.clusterName: is known only at apply, but the settings of the load balancer controller contain it',
    ],
    ['a PlatformStack', () => new PlatformStack(stack, 'platform', { cluster }), 'cluster.clusterName: is not known'],
  ])('refuses %s, which needs the name when the program runs', (_, create, words) => {
    expect(refusal(create).message).toContain(words);
  });

  test('refuses a variable range, with the reason', () => {
    const network = () =>
      Network.fromAttributes(stack, 'variable', {
        vpcId: 'vpc-1',
        vpcCidr: variable('range'),
        privateSubnetIds: ['subnet-1', 'subnet-2'],
      });
    expect(refusal(network).message).toMatch(
      /^network\.vpcCidr: is known only at apply, but network policies contain it/,
    );
  });
});

test('two regions are two modules in one program', () => {
  const app = Testing.app();
  const regions = ['us-west-2', 'eu-central-1'].map((region) => {
    const module = new ModuleStack(app, `ollama-${region}`, { region });
    new OllamaGpuCluster(module, 'cluster', { ...MINIMAL, clusterName: 'ollama' });
    return JSON.stringify(Template.fromStack(module).json);
  });
  expect(regions[0]).not.toContain('eu-central-1');
  expect(regions[1]).not.toContain('us-west-2');
});
