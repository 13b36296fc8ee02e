/** Synth warns about Applications that nothing delivers: without them, GPU nodes cost money and serve nothing. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AmbientMesh,
  HelmDelivery,
  type IApplicationSource,
  type IExposure,
  InfrastructureStack,
  InternalExposure,
  KongTransitExposure,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

interface Sources {
  readonly cluster: OllamaGpuCluster;
  readonly mesh: AmbientMesh;
  readonly exposure: IExposure;
}

const internal = (infra: InfrastructureStack, cluster: OllamaGpuCluster): IExposure =>
  new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/24'] });

/** Synthesizes a program, and returns the constructs whose Applications nothing delivers. */
function undelivered(deliver: (platform: PlatformStack, sources: Sources) => void, expose = internal): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'delivery-'));
  const app = new App({ outdir });
  const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
  const cluster = new OllamaGpuCluster(infra, 'cluster', {
    clusterName: 'ollama',
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'qwen3:8b', contextLength: 16_384 }],
  });
  const exposure = expose(infra, cluster);
  const platform = new PlatformStack(app, 'platform', { cluster });
  deliver(platform, { cluster, mesh: new AmbientMesh(platform, 'mesh', { cluster }), exposure });
  app.synth();
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { annotations: { level: string; message: string }[] }>;
  };
  const messages = Object.values(stacks).flatMap(({ annotations }) => annotations.map(({ message }) => message));
  return messages.flatMap(
    (message) => /^Nothing delivers the Applications of (\S+) to the cluster/.exec(message)?.[1] ?? [],
  );
}

test('of every source, if there is no delivery', () => {
  expect(undelivered(() => undefined)).toEqual(['infra/cluster', 'infra/internal', 'platform/mesh']);
});

test('of a source that the delivery was not given', () => {
  const deliver = (sources: readonly IApplicationSource[]) => (platform: PlatformStack) =>
    new HelmDelivery(platform, 'helm', { sources });
  expect(undelivered((platform, { cluster, mesh }) => deliver([cluster, mesh])(platform))).toEqual(['infra/internal']);
  expect(undelivered((platform, { cluster, mesh, exposure }) => deliver([cluster, mesh, exposure])(platform))).toEqual(
    [],
  );
});

test("not of a source whose Applications the user's own code reads", () => {
  const read: number[] = [];
  const deliver = (_: PlatformStack, { cluster, mesh, exposure }: Sources) =>
    [cluster, mesh, exposure].forEach(({ applications }) => read.push(applications.length));
  expect(undelivered(deliver)).toEqual([]);
  expect(Math.min(...read)).toBeGreaterThan(0);
});

test('of what Kong calls, by the construct that contributes it', () => {
  const kong = (infra: InfrastructureStack, cluster: OllamaGpuCluster) =>
    new KongTransitExposure(infra, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
  const deliver = (platform: PlatformStack, { cluster, mesh, exposure }: Sources) =>
    new HelmDelivery(platform, 'helm', { sources: [cluster, mesh, exposure] });
  expect(undelivered(deliver, kong)).toEqual([]);
  expect(undelivered(() => undefined, kong)).toContain('infra/kong/internal');
});
