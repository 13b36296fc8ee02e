import { gpuInstanceType, gpuInstanceTypeNames } from '../../src/catalogue/gpu-instance-type';
import { modelNames } from '../../src/catalogue/model';
import { checkGp3, ebsThroughput, type Gp3Volume } from '../../src/sizing/gp3';
import { fit } from '../../src/sizing/fit';
import { modelStoreGiB, modelVolume, type ModelVolumeOverrides } from '../../src/sizing/model-volume';
import type { OllamaModel } from '../../src/sizing/served-model';
import { refusal } from '../refusal';

const CODER = { name: 'qwen3-coder:30b', contextLength: 8192 };

test.each([
  ['g5.xlarge', 417],
  ['g5.4xlarge', 566],
  ['g6e.2xlarge', 596],
  ['g6.4xlarge', 953],
  ['g5.12xlarge', 1907],
  ['p4d.24xlarge', 2264],
])('%s reaches %i MiB/s to and from EBS', (name, mibps) => {
  expect(ebsThroughput(gpuInstanceType(name))).toBe(mibps);
});

describe('model volume', () => {
  test.each<[string, string, Gp3Volume]>([
    // 2.2 × 96 GiB
    ['qwen3-coder:30b', 'g5.12xlarge', { sizeGiB: 256, iops: 4000, throughput: 1000 }],
    ['qwen3-coder:30b', 'g5.xlarge', { sizeGiB: 64, iops: 3000, throughput: 417 }],
    ['llama3.2:3b', 'g6e.xlarge', { sizeGiB: 128, iops: 3000, throughput: 596 }],
    ['llama3.1:405b', 'p4d.24xlarge', { sizeGiB: 1024, iops: 8000, throughput: 2000 }],
    // more than fits the GPU: 2 × 226 GiB and 10 %
    ['llama3.1:405b', 'g5.xlarge', { sizeGiB: 512, iops: 3000, throughput: 417 }],
  ])('%s on %s', (name, instance, volume) => {
    expect(modelVolume({ name, contextLength: 2048 }, instance)).toEqual(volume);
  });

  test('is the same for all models that fit the GPUs, which it has room for twice', () => {
    for (const instance of gpuInstanceTypeNames()) {
      const fitting = modelNames().filter((name) => fit({ name, contextLength: 2048 }, instance).fits);
      const sizes = fitting.map((name) => modelVolume({ name, contextLength: 2048 }, instance).sizeGiB);
      expect(new Set(sizes).size).toBeLessThanOrEqual(1);
    }
  });

  test('several models need their sum and the largest once more of a node’s own disks', () => {
    const gptOss = { name: 'gpt-oss:20b', contextLength: 2048 };
    expect(modelStoreGiB({ name: 'llama3.2:3b', contextLength: 2048 }, undefined, 'cache')).toBe(20);
    expect(modelStoreGiB([CODER, { name: 'nomic-embed-text', contextLength: 2048 }], undefined, 'cache')).toBe(40);
    expect(modelStoreGiB([CODER, gptOss], undefined, 'cache')).toBe(60);
    expect(modelStoreGiB([CODER, gptOss], 100, 'cache')).toBe(100);
    expect(refusal(() => modelStoreGiB([CODER, gptOss], 30, 'cache')).property).toBe('cache.sizeGiB');
  });

  test('the throughput is at most what the given iops support', () => {
    expect(modelVolume(CODER, 'g5.12xlarge', { iops: 3000 })).toMatchObject({ iops: 3000, throughput: 750 });
    expect(modelVolume(CODER, 'g5.12xlarge', { iops: 5000 })).toMatchObject({ iops: 5000, throughput: 1000 });
  });

  test('iops are derived from the throughput, and undefined values are derived', () => {
    expect(modelVolume(CODER, 'g5.12xlarge', { throughput: 1500 })).toEqual({
      sizeGiB: 256,
      iops: 6000,
      throughput: 1500,
    });
    expect(modelVolume(CODER, 'g5.12xlarge', { iops: undefined, sizeGiB: 200 })).toEqual({
      sizeGiB: 200,
      iops: 4000,
      throughput: 1000,
    });
  });

  test('the default volume is valid for every type and model', () => {
    const volumes = gpuInstanceTypeNames().flatMap((instance) =>
      modelNames().map((name) => modelVolume({ name, contextLength: 2048 }, instance)),
    );
    expect(volumes.length).toBeGreaterThan(1500);
  });

  test.each<[string, OllamaModel[], string]>([
    ['no models', [], 'models = []: must not be empty'],
    ['duplicate models', [CODER, CODER], 'must not list a model twice'],
    ['values that are not models', [CODER, undefined as unknown as OllamaModel], 'models[1]: is required'],
  ])('%s are refused', (_, models, text) => {
    expect(refusal(() => modelVolume(models, 'g5.12xlarge')).message).toContain(text);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'cache = null: has the wrong type; allowed: an object'],
    ['an unknown name', { size: 100 }, 'cache.size: is not a known property'],
    ['a number as text', { iops: '3000' }, 'cache.iops = "3000": has the wrong type; allowed: a number'],
  ])('%s instead of choices is refused', (_, overrides, text) => {
    const volume = () => modelVolume(CODER, 'g5.12xlarge', overrides as ModelVolumeOverrides, 'cache');
    expect(refusal(volume).message).toContain(text);
  });

  test.each<[string, ModelVolumeOverrides, string, string]>([
    ['a volume smaller than the models', { sizeGiB: 19 }, 'g5.12xlarge', 'at least 20 GiB'],
    ['throughput above 0.25 MiB/s per operation', { throughput: 1000, iops: 3000 }, 'g5.12xlarge', 'set iops to 4000'],
    [
      'throughput above the instance’s limit',
      { throughput: 1000 },
      'g5.xlarge',
      'is more than g5.xlarge can use: its limit is 417 MiB/s',
    ],
    ['throughput above gp3’s limit', { throughput: 2001 }, 'p5.48xlarge', 'an integer from 125 to 2000'],
    ['throughput below gp3’s minimum', { throughput: 100 }, 'g5.12xlarge', 'an integer from 125 to 2000'],
    [
      'more operations than gp3 supports',
      { iops: 80_001, sizeGiB: 200 },
      'g5.12xlarge',
      'an integer from 3000 to 80000',
    ],
    ['more operations than 500 per GiB', { iops: 20_001, sizeGiB: 40 }, 'g5.12xlarge', 'at most 20000'],
    ['half a GiB', { sizeGiB: 40.5 }, 'g5.12xlarge', 'an integer from 1 to 65536'],
  ])('%s is refused', (_, overrides, instance, text) => {
    const error = refusal(() => modelVolume(CODER, instance, overrides, 'cache'));
    expect(error.property).toMatch(/^cache\.(sizeGiB|iops|throughput)$/);
    expect(error.message).toContain(text);
  });
});

test('a root volume is checked without an instance type', () => {
  expect(() => checkGp3({ sizeGiB: 100, iops: 8000, throughput: 2000 }, undefined, 'rootVolume')).not.toThrow();
  expect(refusal(() => checkGp3({ sizeGiB: 0, iops: 3000, throughput: 125 }, undefined, 'rootVolume')).property).toBe(
    'rootVolume.sizeGiB',
  );
});
