import type { OllamaGpuClusterProps } from '../../../src/cluster/ollama-gpu-cluster-props';
import { refusal } from '../../refusal';
import { clusterWith, token } from '../given';

const g5 = { instanceType: 'g5.xlarge' };
/** Properties that take a key, and how to set them. */
const KEYS: readonly [string, (arn: string) => Partial<OllamaGpuClusterProps>][] = [
  ['secretsKeyArn', (secretsKeyArn) => ({ secretsKeyArn })],
  ['logs.kmsKeyArn', (kmsKeyArn) => ({ logs: { kmsKeyArn } })],
  ['gpu.cache.kmsKeyArn', (kmsKeyArn) => ({ gpu: { ...g5, cache: { kmsKeyArn } } })],
  [
    'gpu[1].cache.kmsKeyArn',
    (kmsKeyArn) => ({
      gpu: [
        { ...g5, name: 'a' },
        { ...g5, name: 'b', cache: { kmsKeyArn } },
      ],
    }),
  ],
];

describe.each(KEYS)('%s', (property, propsWith) => {
  test.each([
    'alias/mine',
    'arn:aws:kms:us-west-2:111122223333:alias/mine',
    'arn:aws:kms:us-east-1:111122223333:key/1',
  ])('must not be %s', (arn) => {
    expect(refusal(() => clusterWith(propsWith(arn))).message).toContain(
      `${property} = "${arn}": has the wrong form; allowed: the ARN of a KMS key in the region, such as ` +
        'arn:aws:kms:us-west-2:111122223333:key/…',
    );
  });

  test('can be a key in the region', () => {
    expect(() => clusterWith(propsWith('arn:aws:kms:us-west-2:111122223333:key/mrk-1a'))).not.toThrow();
  });

  test('is in the partition of the region', () => {
    const inGovCloud = { region: 'us-gov-west-1', ...propsWith('arn:aws:kms:us-gov-west-1:111122223333:key/1') };
    expect(refusal(() => clusterWith(inGovCloud)).message).toContain('such as arn:aws-us-gov:kms:us-gov-west-1:');
  });
});

test('the key of model volumes is rendered to Git, so it must be known at synth; other keys may be tokens', () => {
  const [secrets, logs, cache] = KEYS.map(([, propsWith]) => propsWith);
  expect(() => clusterWith({ ...secrets?.(token('a')), ...logs?.(token('b')) })).not.toThrow();
  expect(refusal(() => clusterWith(cache?.(token('c')))).message).toContain('is known only at apply');
});
