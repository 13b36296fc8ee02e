/** What a pool is does not depend on its place in the list. */
import type { GpuPoolProps } from '../../../src/cluster/nodes/gpu-pool';
import type { Manifest } from '../../../src/gitops/application';
import { Template } from '../../../src/testing';
import { clusterWith } from '../given';

const pool = (name: string, props: Partial<GpuPoolProps> = {}): GpuPoolProps => ({
  name,
  instanceType: 'g5.xlarge',
  replicas: 1,
  initialSize: 1,
  ...props,
});
const a = pool('a');
const b = pool('b', { instanceType: 'g6.xlarge', zone: 'us-west-2b' });
const c = pool('c', { cache: { throughput: 300 } });

/** Servers; their queue depends on how many of them all pools have together. */
const SERVERS = ['Deployment', 'StatefulSet'];

/** What a cluster with these pools synthesizes to. */
function synthesize(gpu: readonly GpuPoolProps[], createNetwork?: { readonly zones: string[] }) {
  const { stack, cluster } = clusterWith({ gpu, createNetwork, nightSchedule: { stop: 'cron(0 20 ? * * *)' } });
  const { resource = {} } = Template.fromStack(stack).json;
  const manifests = cluster.applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
  return { resource, manifests };
}

/** Everything of a pool: its Terraform blocks by address, the names of its servers, and its other objects in Kubernetes. */
function everythingOf(name: string, { resource, manifests }: ReturnType<typeof synthesize>) {
  const blocks = Object.entries(resource).flatMap(([type, ids]) =>
    Object.entries(ids)
      .filter(([id]) => id.includes(`-${name}_`) || id.endsWith(`-${name}`))
      .map(([id, block]) => [`${type}.${id}`, withoutChecks(block)]),
  );
  const isOfPool = ({ metadata }: Manifest) => metadata.labels?.['ollama-eks/pool'] === name;
  const objects = manifests
    .filter(isOfPool)
    .map((object) => (SERVERS.includes(object.kind) ? { kind: object.kind, name: object.metadata.name } : object));
  return { blocks: Object.fromEntries(blocks) as object, objects };
}

/** Checks at plan name all pools that share a quota. */
function withoutChecks(block: object): object {
  const { lifecycle, ...rest } = block as { readonly lifecycle?: object };
  return { ...rest, lifecycle: { ...lifecycle, precondition: undefined } };
}

describe.each([
  ['found at plan', undefined],
  ['known at synth', { zones: ['us-west-2a', 'us-west-2b'] }],
])('with zones %s', (_, createNetwork) => {
  test.each<[string, readonly GpuPoolProps[], readonly GpuPoolProps[]]>([
    ['added in front', [a], [b, a]],
    ['added behind', [a], [a, b]],
    ['removed in front', [b, c, a], [c, a]],
    ['reordered', [a, b, c], [c, b, a]],
  ])('pools %s move no other', (__, before, after) => {
    const [old, changed] = [synthesize(before, createNetwork), synthesize(after, createNetwork)];
    for (const { name = '' } of before.filter((kept) => after.includes(kept))) {
      const was = everythingOf(name, old);
      expect(Object.keys(was.blocks).length).toBeGreaterThanOrEqual(3);
      expect(was.objects.length).toBeGreaterThanOrEqual(3);
      expect(everythingOf(name, changed)).toEqual(was);
    }
  });
});

test('a single pool without a name is the pool gpu of a list', () => {
  const before = synthesize([{ ...a, name: undefined }]);
  expect(everythingOf('gpu', synthesize([b, { ...a, name: 'gpu' }]))).toEqual(everythingOf('gpu', before));
});
