import { Testing } from 'cdktf';
import {
  AmbientMesh,
  InfrastructureStack,
  InternalExposure,
  OllamaGpuCluster,
  type OllamaGpuClusterProps,
} from '../../src';
import type { Application } from '../../src/gitops/application';
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
  expect(observed.get('gateway')).toContain('inclusionSuffixes: [upstream_rq_active]');
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
