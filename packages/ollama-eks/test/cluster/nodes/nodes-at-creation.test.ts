import { planGpuPools } from '../../../src/cluster/nodes/gpu-pool-plan';
import { DEFERRED_NODES_CONTEXT, nodesAtCreation } from '../../../src/cluster/nodes/nodes-at-creation';
import { OllamaGpuCluster } from '../../../src/cluster/ollama-gpu-cluster';
import { App, type Construct } from '../../../src/framework';
import { InfrastructureStack } from '../../../src/stacks/infrastructure-stack';
import { Template } from '../../../src/testing';
import { gpuGroup, MINIMAL } from '../given';

const appWith = (deferred: unknown): Construct => new App({ context: { [DEFERRED_NODES_CONTEXT]: deferred } });

/** Nodes of a pool of one server with a minimum of nodes. */
function sizeWith(deferred: unknown, minSize = 0): number {
  const gpu = { instanceType: 'g5.xlarge', minSize, maxSize: 2 };
  const [pool] = planGpuPools(gpu, {
    models: MINIMAL.models,
    region: 'us-west-2',
    kubernetesVersion: '1.35',
    zoneCount: 2,
    networkNamesZones: true,
  });
  if (pool === undefined) throw new Error('no pool');
  return nodesAtCreation(appWith(deferred), 'ollama', pool);
}

test('GPU nodes are created at once, unless deploy starts those of this cluster later', () => {
  expect([undefined, [], ['other'], ['other', 'ollama']].map((deferred) => sizeWith(deferred))).toEqual([1, 1, 1, 0]);
});

test('a minimum of nodes is not deferred: EKS starts it', () => {
  expect(sizeWith(['ollama'], 1)).toBe(1);
});

test('only the number of nodes differs, which Terraform ignores once the group exists', () => {
  const [now, later] = [undefined, ['ollama']].map((deferred) => {
    const stack = new InfrastructureStack(appWith(deferred), 'infra', { region: 'us-west-2' });
    new OllamaGpuCluster(stack, 'cluster', MINIMAL);
    return Template.fromStack(stack);
  });
  if (now === undefined || later === undefined) throw new Error('two templates');
  expect(gpuGroup(later)).toMatchObject({
    scaling_config: { desired_size: 0, max_size: 1, min_size: 0 },
    lifecycle: { ignore_changes: ['scaling_config[0].desired_size'] },
  });
  const text = (template: Template) => JSON.stringify(template.json.resource).replace(/"desired_size":[01],/g, '');
  expect(text(later)).toBe(text(now));
});

test.each([{ list: { ollama: true } }, { list: [1] }, { list: 0 }, { list: 'ollama' }])(
  'refuses a context that is not a list of names: %j',
  ({ list }) => {
    expect(() => sizeWith(list)).toThrow(
      /^ollama-eks:deferredNodes = .*: must be a list of texts; allowed: a list of names of clusters/,
    );
  },
);
