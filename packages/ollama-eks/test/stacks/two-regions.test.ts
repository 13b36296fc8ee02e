/** A whole installation in each of two regions, from one program: nothing of one is in the other. */
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { InternalExposure } from '../../src/exposure/internal-exposure';
import { Testing } from '../../src/framework';
import { HelmDelivery } from '../../src/gitops/helm-delivery';
import { AmbientMesh } from '../../src/mesh/ambient-mesh';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { Template } from '../../src/testing';
import { MINIMAL } from '../cluster/given';

const REGIONS = ['us-west-2', 'eu-central-1'] as const;

/** Returns the JSON of both stacks in each region, by the region. */
function synthesize() {
  const app = Testing.app();
  const created = REGIONS.map((region) => {
    const infra = new InfrastructureStack(app, `infra-${region}`, { region });
    const cluster = new OllamaGpuCluster(infra, 'cluster', MINIMAL);
    const exposure = new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/16'] });
    const platform = new PlatformStack(app, `platform-${region}`, { cluster });
    const mesh = new AmbientMesh(platform, 'mesh', { cluster });
    new HelmDelivery(platform, 'helm', { sources: [cluster, mesh, exposure] });
    return [region, [infra, platform]] as const;
  });
  return created.map(([region, stacks]) => [region, stacks.map((stack) => Template.fromStack(stack).json)] as const);
}

const installations = synthesize();

test.each(installations)('an installation in %s has providers there, and nothing of the other', (region, stacks) => {
  expect(stacks.map(({ provider }) => provider?.aws)).toEqual([[{ region }], [{ region }]]);
  const other = REGIONS.filter((name) => name !== region);
  expect(other.filter((name) => JSON.stringify(stacks).includes(name))).toEqual([]);
});

test('both have the same resources', () => {
  const [one, other] = installations.map(([, stacks]) =>
    stacks.flatMap(({ resource = {} }) =>
      Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`)),
    ),
  );
  expect(one).toEqual(other);
  expect(one?.length).toBeGreaterThan(50);
});
