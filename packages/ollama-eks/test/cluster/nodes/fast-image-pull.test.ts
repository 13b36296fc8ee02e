import type { GpuPoolProps } from '../../../src/cluster/nodes/gpu-pool';
import type { Properties } from '../../../src/testing';
import { refusal } from '../../refusal';
import { gpuTemplate, templateWith } from '../given';

const FAST: GpuPoolProps = { instanceType: 'g6.4xlarge', fastImagePull: true };

const nodesOf = (gpu: GpuPoolProps) => {
  const { user_data: userData, block_device_mappings: devices } = gpuTemplate(templateWith({ gpu }));
  const [root] = devices as { readonly ebs: Properties }[];
  return { userData: Buffer.from(String(userData), 'base64').toString(), root: root?.ebs };
};

test('nodeadm gets the feature gate, and the root volume what the feature can use', () => {
  const { userData, root } = nodesOf(FAST);
  expect(userData).toContain('spec:\n  featureGates:\n    FastImagePull: true\n  kubelet:');
  expect(root).toMatchObject({ throughput: 953, iops: 3812 });
  expect(nodesOf({ ...FAST, instanceType: 'g6.12xlarge' }).root).toMatchObject({ throughput: 1000, iops: 4000 });
});

test('the root volume has no more throughput than its own iops support', () => {
  const { root } = nodesOf({ ...FAST, rootVolume: { iops: 3000 } });
  expect(root).toMatchObject({ throughput: 750, iops: 3000 });
});

test('without it, neither', () => {
  const { userData, root } = nodesOf({ ...FAST, fastImagePull: undefined });
  expect(userData).not.toContain('featureGates');
  expect(root).toMatchObject({ throughput: 500 });
});

test('containers on the instance’s own disks need no fast root volume', () => {
  const { userData, root } = nodesOf({ ...FAST, instanceType: 'g5.12xlarge', localStorage: 'RAID0' });
  expect(userData).toContain('FastImagePull: true');
  expect(root).toMatchObject({ throughput: 500 });
  expect(nodesOf({ ...FAST, instanceType: 'g5.xlarge', localStorage: 'RAID0' }).root).toMatchObject({
    throughput: 417,
  });
});

test.each<[string, Partial<GpuPoolProps>, string]>([
  ['Bottlerocket', { amiFamily: 'BOTTLEROCKET' }, 'gpu.fastImagePull = true: is a feature of nodeadm'],
  [
    'a slow root volume',
    { rootVolume: { throughput: 599 } },
    'may make pulls slower: the root volume has 599 MiB/s; allowed: a root volume with at least 600 MiB/s, or ' +
      "localStorage: 'RAID0'; omit it, or raise rootVolume.throughput",
  ],
  [
    'a type with less EBS throughput',
    { instanceType: 'g5.xlarge' },
    'omit it, or choose another type: g5.xlarge has at most 417 MiB/s to and from EBS',
  ],
  [
    'disks that hold no containers',
    { instanceType: 'g5.xlarge', localStorage: 'Mount' },
    'the root volume has 417 MiB/s',
  ],
])('is refused with %s', (_, props, text) => {
  expect(refusal(() => templateWith({ gpu: { ...FAST, ...props } })).message).toContain(text);
});

test('600 MiB/s are enough', () => {
  expect(nodesOf({ ...FAST, rootVolume: { throughput: 600 } }).root).toMatchObject({ throughput: 600 });
});
