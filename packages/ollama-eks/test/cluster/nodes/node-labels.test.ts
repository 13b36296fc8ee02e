import { checkNodeLabels, checkStartupTaints, GPU_TAINT } from '../../../src/cluster/nodes/node-labels';
import { refusal } from '../../refusal';
import { clusterWith, gpuGroup, templateWith, token } from '../given';

const taint = { key: 'cni.istio.io/not-ready', value: 'true', effect: 'NO_SCHEDULE' } as const;

describe('labels of nodes', () => {
  test.each<Readonly<Record<string, string>>>([
    { team: 'ml' },
    { 'example.com/team': 'ml' },
    { 'a.b-c.example.com/Team_1.x': 'A_1.b-c' },
    { empty: '' },
    { later: token('later') },
  ])('can be %j', (labels) => {
    expect(() => checkNodeLabels('gpu.labels', labels)).not.toThrow();
  });

  test.each([
    '',
    'my team',
    '-team',
    'team.',
    'Example.com/team',
    'example..com/team',
    '/team',
    'a/b/c',
    'x'.repeat(64),
  ])('must not have the key "%s"', (key) => {
    expect(refusal(() => checkNodeLabels('gpu.labels', { [key]: 'ml' })).message).toContain(
      `gpu.labels = "${key}": is not valid in Kubernetes; allowed: at most 63 letters, digits and -_.`,
    );
  });

  test.each(['me & you', '-', 'x'.repeat(64)])('must not have the value "%s"', (value) => {
    expect(refusal(() => checkNodeLabels('gpu.labels', { team: value })).message).toContain(
      `gpu.labels["team"] = "${value}": is not valid in Kubernetes; allowed: at most 63`,
    );
  });
});

describe('startup taints', () => {
  const refused = (...taints: Parameters<typeof checkStartupTaints>[1]) =>
    refusal(() => checkStartupTaints('gpu.startupTaints', taints)).message;

  test('can have one key with several effects, or be known only at apply', () => {
    const later = { ...taint, key: token('key'), value: token('value') };
    expect(() =>
      checkStartupTaints('gpu.startupTaints', [taint, { ...taint, effect: 'NO_EXECUTE' }, later]),
    ).not.toThrow();
  });

  test('have an effect in the notation of EKS', () => {
    expect(refused({ ...taint, effect: 'NoSchedule' as 'NO_SCHEDULE' })).toContain(
      'gpu.startupTaints[0].effect = "NoSchedule": is not a supported value; allowed: NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE',
    );
  });

  test('have a key and value that Kubernetes accepts', () => {
    expect(refused({ ...taint, key: 'not ready' })).toContain('gpu.startupTaints[0].key = "not ready": is not valid');
    expect(refused(taint, { ...taint, value: '?' })).toContain('gpu.startupTaints[1].value = "?": is not valid');
  });

  test('repeat neither the GPU taint nor each other', () => {
    expect(refused({ ...GPU_TAINT, value: 'false' })).toContain(
      'is the taint that every GPU node has; allowed: keys other than nvidia.com/gpu, each at most once per effect',
    );
    expect(refused(taint, { ...taint, value: 'false' })).toMatch(/^gpu\.startupTaints\[1\] = .*: is a duplicate;/);
  });
});

test('both are checked for each pool, and reach its nodes', () => {
  const gpu = { instanceType: 'g5.xlarge', labels: { 'example.com/team': token('team') }, startupTaints: [taint] };
  expect(gpuGroup(templateWith({ gpu }))).toMatchObject({
    labels: { 'example.com/team': '${local.team}' },
    taint: [GPU_TAINT, taint],
  });
  const { property } = refusal(() =>
    clusterWith({
      gpu: [
        { ...gpu, name: 'a' },
        { ...gpu, name: 'b', startupTaints: [GPU_TAINT] },
      ],
    }),
  );
  expect(property).toBe('gpu[1].startupTaints[0]');
});
