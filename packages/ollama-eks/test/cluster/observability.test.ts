import { TerraformStack, Testing } from 'cdktf';
import {
  AmbientMesh,
  ExistingEksCluster,
  InfrastructureStack,
  InternalExposure,
  Network,
  OllamaGpuCluster,
  type OllamaGpuClusterProps,
  OllamaGpuPools,
} from '../../src';
import type { Application } from '../../src/gitops/application';
import { aws } from '../../src/providers/aws';
import { Template } from '../../src/testing';
import { refusal } from '../refusal';
import { withoutProvider } from './given';
import { clusterOf } from '../exposure/support/exposed-stack';

const OBSERVABILITY: OllamaGpuClusterProps['observability'] = {
  metrics: 'existing',
  prometheus: { namespace: 'monitoring', serviceAccount: 'prometheus' },
};

/** Everything that cluster, mesh and exposure contribute, as text. */
function contributed(observability?: OllamaGpuClusterProps['observability']): ReadonlyMap<string, string> {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  const cluster = new OllamaGpuCluster(stack, 'cluster', {
    clusterName: 'ollama',
    createNetwork: { zones: ['us-west-2a', 'us-west-2b'] },
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
    ...(observability && { observability }),
  });
  const sources = [
    cluster,
    new AmbientMesh(stack, 'mesh', { cluster }),
    new InternalExposure(stack, 'internal', { cluster, callerCidrs: ['10.1.0.0/16'] }),
  ];
  const applications = sources.flatMap((source): readonly Application[] => source.applications);
  return new Map(applications.map(({ name, source }) => [name, JSON.stringify(source)]));
}

const [without, observed] = [contributed(), contributed(OBSERVABILITY)];

test('without the property nothing runs, and nothing is admitted', () => {
  expect([...without.keys()]).not.toContain('ollama-observability');
  expect([...without.values()].join()).not.toMatch(
    /monitoring|"metrics\.pl":|proxyStatsMatcher|LLAMA_ARG_ENDPOINT_METRICS/,
  );
});

test('with it, servers, mesh and gateway admit the same Prometheus', () => {
  expect(observed.get('ollama-foundation')).toContain('"kubernetes.io/metadata.name":"monitoring"');
  expect(observed.get('mesh-ollama')).toContain(
    '"principals":["cluster.local/ns/monitoring/sa/prometheus"]}}],"to":[{"operation":{"ports":["11435","9400"]}}]',
  );
  expect(observed.get('mesh-policies')).toContain('"port":15014');
  expect(observed.get('gateway')).toContain('"port":15020');
  expect(observed.get('gateway')).toContain('inclusionSuffixes: [upstream_rq_active, expiration_unix_time_seconds]');
});

test('the memory of the exporters is taken from the server', () => {
  const memory = (applications: ReadonlyMap<string, string>) =>
    Number(/"limits":\{"memory":"(\d+)Mi","nvidia/.exec(applications.get('ollama') ?? '')?.[1]);
  expect(memory(without) - memory(observed)).toBe(16 + 64);
});

test('policies of an existing mesh admit the Prometheus of the cluster', () => {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  const cluster = clusterOf({ scraper: { namespace: 'monitoring', serviceAccount: 'prometheus' } });
  const mesh = AmbientMesh.fromAttributes(stack, 'mesh', { trustDomain: 'mesh.example.com', cluster });
  expect(JSON.stringify(mesh.applications)).toContain('mesh.example.com/ns/monitoring/sa/prometheus');
});

describe('an installed Prometheus', () => {
  const installed = contributed({ metrics: 'prometheus' });

  it('is admitted by servers, mesh and gateway, and its namespace is part of the mesh', () => {
    expect(installed.get('mesh-ollama')).toContain(
      '"cluster.local/ns/ollama-monitoring/sa/ollama-monitoring-prometheus"',
    );
    expect(installed.get('mesh-ollama-monitoring')).toContain('"mode":"STRICT"');
    expect(installed.get('gateway')).toContain('"kubernetes.io/metadata.name":"ollama-monitoring"');
    expect(observed.has('mesh-ollama-monitoring')).toBe(false);
  });

  it.each<[string, object, string]>([
    ['props of an existing one', { metrics: 'prometheus', prometheus: {} }, 'observability.prometheus'],
    ['props of an installed one', { ...OBSERVABILITY, storageGiB: 20 }, 'observability.storageGiB'],
    ['a size that is text', { metrics: 'prometheus', storageGiB: '20' }, 'observability.storageGiB'],
    ['no collector', {}, 'observability.metrics'],
    ['a flag', true as unknown as object, 'observability'],
  ])('%s: refused for callers without types, too', (_, observability, property) => {
    expect(refusal(() => contributed(observability as OllamaGpuClusterProps['observability'])).property).toBe(property);
  });
});

describe('a collector of AWS', () => {
  const SUBNETS = [
    { subnetId: 'subnet-a', cidr: '10.0.240.128/28' },
    { subnetId: 'subnet-b', cidr: '10.0.240.144/28' },
  ];
  const collected = contributed({ metrics: 'amp', subnets: SUBNETS });

  it('reads in cleartext, from its subnets only, on the ports of metrics only', () => {
    expect(collected.get('mesh-ollama')).toContain(
      '"source":{"ipBlocks":["10.0.240.128/28","10.0.240.144/28"]}}],"to":[{"operation":{"ports":["11435","9400"]}}]',
    );
    expect(collected.get('mesh-ollama')).toContain('"portLevelMtls":{"11435":{"mode":"PERMISSIVE"}}');
    expect(collected.get('mesh-ollama')).toContain('"portLevelMtls":{"9400":{"mode":"PERMISSIVE"}}');
    expect(observed.get('mesh-ollama')).not.toContain('PERMISSIVE');
    for (const name of ['ollama-foundation', 'ollama-observability', 'mesh-policies', 'gateway']) {
      expect(collected.get(name)).toContain('{"ipBlock":{"cidr":"10.0.240.144/28"}}');
    }
  });

  it('is created with a workspace and rules, and without an access entry', () => {
    const { template } = managed({ metrics: 'amp' });
    const [collector] = Object.values(template.resources('aws_prometheus_scraper'));
    expect(collector).toMatchObject({
      alias: 'ollama',
      source: [
        {
          eks: [
            {
              cluster_arn: expect.stringMatching(/^arn:\S+:eks:us-west-2:\S+:cluster\/ollama$/),
              subnet_ids: expect.any(Array),
              security_group_ids: [expect.stringContaining('cluster_security_group_id')],
            },
          ],
        },
      ],
      depends_on: [expect.stringContaining('aws_eks_cluster.')],
    });
    const [workspace] = Object.values(template.resources('aws_prometheus_workspace'));
    expect(workspace?.['tags']).toMatchObject({ AMPAgentlessScraper: '', 'ollama-eks/cluster': 'ollama' });
    expect(Object.keys(template.resources('aws_prometheus_rule_group_namespace'))).toHaveLength(1);
    expect(template.resources('aws_prometheus_alert_manager_definition')).toEqual({});
    expect(template.resources('aws_eks_access_entry')).toEqual({});
  });

  it('has all props, and the given provider', () => {
    const alertTopicArn = 'arn:aws:sns:us-west-2:111122223333:alerts';
    const { template, cluster } = managed({ metrics: 'amp', subnets: SUBNETS, alertTopicArn }, 'west');
    expect(withoutProvider(template, 'aws.west')).toEqual([]);
    const [collector] = Object.values(template.resources('aws_prometheus_scraper'));
    expect(JSON.stringify(collector)).toContain('"subnet_ids":["subnet-a","subnet-b"]');
    const [manager] = Object.values(template.resources('aws_prometheus_alert_manager_definition'));
    expect(manager?.['definition']).toContain(`topic_arn: ${alertTopicArn}`);
    expect(cluster.managedPrometheus?.node.defaultChild).toBe(cluster.managedPrometheus?.workspace);
  });

  it('of an existing cluster has the groups of its control plane and of its nodes', () => {
    const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
    const network = Network.fromAttributes(stack, 'network', {
      vpcId: 'vpc-1',
      vpcCidr: '10.0.0.0/16',
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    const cluster = new ExistingEksCluster(stack, 'cluster', {
      clusterName: 'platform',
      network,
      nodeSecurityGroupIds: ['sg-1'],
    });
    new OllamaGpuPools(stack, 'pools', {
      cluster,
      gpu: { instanceType: 'g5.xlarge' },
      models: [{ name: 'llama3.1:8b', contextLength: 32_768 }],
      observability: { metrics: 'amp' },
    });
    const [collector] = Object.values(Template.fromStack(stack).resources('aws_prometheus_scraper'));
    expect(collector).toMatchObject({
      source: [
        {
          eks: [
            {
              subnet_ids: ['subnet-1', 'subnet-2'],
              security_group_ids: [expect.stringContaining('data.aws_eks_cluster.cluster'), 'sg-1'],
            },
          ],
        },
      ],
    });
  });

  it('is a line of the bill', () => {
    const { cluster } = managed({ metrics: 'amp' });
    expect(cluster.summary.costLines.find(({ name }) => name.includes('metrics'))).toMatchObject({
      name: '1 × managed collector of metrics',
      hourly: 0.04,
    });
  });

  it.each<[string, object, string]>([
    ['props of an installed one', { storageGiB: 20 }, 'storageGiB'],
    ['a subnet without a range', { subnets: [{ subnetId: 'subnet-a' }] }, 'subnets[0].cidr'],
    ['a name in place of an id', { subnets: [SUBNETS[0], { ...SUBNETS[1], subnetId: 'b' }] }, 'subnets[1].subnetId'],
    ['a FIFO topic', { alertTopicArn: 'arn:aws:sns:us-west-2:111122223333:alerts.fifo' }, 'alertTopicArn'],
    ['a topic of another region', { alertTopicArn: 'arn:aws:sns:us-east-1:111122223333:alerts' }, 'alertTopicArn'],
  ])('%s: refused', (_, change, property) => {
    const observability = { metrics: 'amp', ...change } as OllamaGpuClusterProps['observability'];
    expect(refusal(() => contributed(observability)).property).toBe(`observability.${property}`);
  });

  function managed(observability: OllamaGpuClusterProps['observability'], alias?: string) {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const provider = new aws.AwsProvider(stack, 'aws', { region: 'us-west-2', ...(alias && { alias }) });
    const cluster = new OllamaGpuCluster(stack, 'cluster', {
      clusterName: 'ollama',
      region: 'us-west-2',
      gpu: { instanceType: 'g5.xlarge' },
      models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
      ...(observability && { observability }),
      provider,
    });
    return { cluster, template: Template.fromStack(stack) };
  }
});

describe('the cluster of an installed Prometheus', () => {
  const clusterWith = (props: Partial<OllamaGpuClusterProps>) =>
    new OllamaGpuCluster(new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' }), 'cluster', {
      clusterName: 'ollama',
      gpu: { instanceType: 'g5.xlarge' },
      models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
      ...props,
    });

  it('pays for the volume of metrics', () => {
    const lineOf = (observability: OllamaGpuClusterProps['observability']) =>
      clusterWith({ ...(observability && { observability }) }).summary.costLines.find(({ name }) =>
        name.includes('metrics'),
      );
    expect(lineOf(undefined)).toBeUndefined();
    expect(lineOf(OBSERVABILITY)).toBeUndefined();
    expect(lineOf({ metrics: 'prometheus', storageGiB: 50 })?.monthlyAlwaysOn).toBeCloseTo(50 * 0.08);
  });

  it.each([
    ['prometheus', { metrics: 'prometheus' }, 190, 848, /volume in the cluster/],
    ['without Grafana', { metrics: 'prometheus', grafana: false }, 170, 720, /volume in the cluster/],
    ['existing', OBSERVABILITY, 30, 80, /^the Prometheus in monitoring$/],
    ['amp', { metrics: 'amp' }, 30, 80, /in the same account; alerts to nobody/],
  ] as const)('reports what is measured, and what it requests: %s', (_, observability, cpu, memory, destination) => {
    expect(clusterWith({ observability }).summary.telemetry).toEqual({
      metrics: observability.metrics,
      jobs: expect.arrayContaining(['ollama/ollama-servers', 'ollama/ollama-gpus', 'ollama/ztunnel']),
      destination: expect.stringMatching(destination),
      requestedCpuMillis: cpu,
      requestedMemoryMiB: memory,
    });
    expect(clusterWith({}).summary).not.toHaveProperty('telemetry');
  });

  it('has 16 GiB of system nodes', () => {
    const metrics = { observability: { metrics: 'prometheus' } } as const;
    expect(refusal(() => clusterWith({ ...metrics, system: { size: 1 } })).property).toBe('system.size');
    expect(() => clusterWith({ ...metrics, system: { size: 1, instanceType: 'm8g.xlarge' } })).not.toThrow();
    expect(() => clusterWith({ observability: OBSERVABILITY, system: { size: 1 } })).not.toThrow();
  });
});
