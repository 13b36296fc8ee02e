import { Testing } from 'cdktf';
import {
  AmbientMesh,
  InfrastructureStack,
  InternalExposure,
  OllamaGpuCluster,
  type OllamaGpuClusterProps,
} from '../../src';
import type { Application } from '../../src/gitops/application';
import { refusal } from '../refusal';
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

  it('has 16 GiB of system nodes', () => {
    const metrics = { observability: { metrics: 'prometheus' } } as const;
    expect(refusal(() => clusterWith({ ...metrics, system: { size: 1 } })).property).toBe('system.size');
    expect(() => clusterWith({ ...metrics, system: { size: 1, instanceType: 'm8g.xlarge' } })).not.toThrow();
    expect(() => clusterWith({ observability: OBSERVABILITY, system: { size: 1 } })).not.toThrow();
  });
});
