import { gpuInstanceType } from '../../src/catalogue/gpu-instance-type';
import { modelFigures } from '../../src/catalogue/model';
import { fit, type FitOptions, requireFit } from '../../src/sizing/fit';
import type { KvCacheType } from '../../src/sizing/kv-cache';
import type { ModelDisk } from '../../src/sizing/load-time';
import type { OllamaModel } from '../../src/sizing/served-model';
import { refusal } from '../refusal';

const CODER: OllamaModel = { name: 'qwen3-coder:30b', contextLength: 32_768, parallel: 4 };

describe('options', () => {
  test('errors name the properties that the user set', () => {
    const properties = { instance: 'gpu.instanceType', gpus: 'gpu.gpusPerReplica', volume: 'gpu.cache' };
    const refused = (options: FitOptions, instance = 'g5.12xlarge'): string =>
      refusal(() => fit(CODER, instance, { ...options, properties })).message;
    expect(refused({ gpus: 5 })).toBe(
      'gpu.gpusPerReplica = 5: is not a valid number of GPUs for a server on g5.12xlarge; allowed: an integer from 1 to 4, known at synth; ' +
        'leave it out for the smallest number that fits the models',
    );
    expect(refused({}, 'g5.huge')).toContain('gpu.instanceType = "g5.huge"');
    expect(refused({ volume: { iops: 0, throughput: 125 } })).toContain('gpu.cache.iops = 0');
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'options = null: is not an object; allowed: an object with gpus'],
    ['an unknown name', { kvCache: 'q8_0' }, 'kvCache: is not a known property'],
    ['a number as text', { gpus: '2' }, 'gpus = "2": has the wrong type; allowed: a number'],
    ['a list as volume', { volume: [] }, 'volume = []: has the wrong type'],
  ])('%s instead of options is refused', (_, options, text) => {
    expect(refusal(() => fit(CODER, 'g5.12xlarge', options as FitOptions)).message).toContain(text);
    expect(refusal(() => requireFit(CODER, 'g5.12xlarge', options as FitOptions)).message).toContain(text);
  });

  test.each<[string, unknown, string]>([
    ['negative iops', { iops: -1, throughput: 125 }, 'volume.iops = -1: is not supported by gp3'],
    ['no throughput', { iops: 3000, throughput: 0 }, 'volume.throughput = 0: is not supported by gp3'],
    ['throughput that is not a number', { iops: 3000, throughput: Number.NaN }, 'volume.throughput = NaN'],
    ['a name', 'ebs', 'volume = "ebs": is not an object; allowed: an object with iops and throughput'],
  ])('a volume with %s is refused', (_, volume, text) => {
    expect(refusal(() => fit(CODER, 'g5.12xlarge', { volume: volume as ModelDisk })).message).toContain(text);
  });

  test('an instance store is refused if the type has none', () => {
    const type = { ...gpuInstanceType('g5.12xlarge'), name: 'g5.diskless', instanceStoreGB: 0 };
    expect(refusal(() => fit(CODER, type, { volume: 'instance-store' })).message).toContain(
      'volume = "instance-store": is not supported: g5.diskless has no local NVMe disks',
    );
  });

  test.each<[string, unknown, unknown, string]>([
    [
      'a name instead of a model',
      'qwen3:8b',
      'g5.xlarge',
      'models = "qwen3:8b": is not an object; allowed: an object with name',
    ],
    ['no models', undefined, 'g5.xlarge', 'models: is required'],
    ['null among models', [null], 'g5.xlarge', 'models[0] = null: is not an object'],
    ['a model without a name', { contextLength: 1 }, 'g5.xlarge', 'models.name: is not the name of a model'],
    ['no figures', [{ ...CODER, figures: null }], 'g5.xlarge', 'models[0].figures = null: is not an object'],
    ['no instance', CODER, undefined, 'instance: is required; allowed: the name of a GPU instance type'],
    ['null instead of an instance', CODER, null, 'instance = null: is not an object'],
  ])('%s is refused with a ValidationError', (_, models, instance, text) => {
    expect(refusal(() => fit(models as OllamaModel, instance as string)).message).toContain(text);
  });

  test('a quantized cache is refused if head sizes are not multiples of its blocks', () => {
    const figures = { ...modelFigures('llama3.1:8b'), keyLength: 80 };
    const model: OllamaModel = { name: 'odd:8b', contextLength: 4096, figures };
    expect(refusal(() => fit(model, 'g5.xlarge', { kvCacheType: 'q8_0' })).message).toBe(
      'kvCacheType = "q8_0": requires head sizes that are multiples of 32, but those of odd:8b are 80 and 128; allowed: f16; leave it out for f16',
    );
    expect(fit(model, 'g5.xlarge').fits).toBe(true);
    const embedding = { ...model, figures: { ...figures, architecture: 'nomic-bert', embedding: true } };
    expect(fit(embedding, 'g5.xlarge', { kvCacheType: 'q8_0' }).fits).toBe(true);
  });

  test.each([0, 1.5, 5, Number.NaN])('%d GPUs of g5.12xlarge are refused', (gpus) => {
    expect(refusal(() => fit(CODER, 'g5.12xlarge', { gpus })).property).toBe('gpus');
  });

  test('a KV cache type that Ollama does not support is refused', () => {
    expect(refusal(() => fit(CODER, 'g5.12xlarge', { kvCacheType: 'q5_1' as KvCacheType })).message).toContain(
      'allowed: f16, q8_0, q4_0',
    );
  });
});

describe('several models', () => {
  test.each<[string, readonly OllamaModel[], string]>([
    ['an empty list', [], 'must not be empty'],
    ['the same model twice', [CODER, CODER], 'must not list a model twice'],
    [
      'the same model by its long name',
      [CODER, { ...CODER, name: 'library/qwen3-coder:30b', figures: modelFigures('qwen3-coder:30b') }],
      'must not list a model twice',
    ],
    [
      'the same model with its registry',
      [
        CODER,
        { ...CODER, name: 'registry.ollama.ai/library/Qwen3-Coder:30b', figures: modelFigures('qwen3-coder:30b') },
      ],
      'must not list a model twice',
    ],
    [
      'the same file under two names',
      [
        { ...CODER, digest: `sha256:${'a'.repeat(64)}` },
        {
          name: 'acme/coder:v1',
          contextLength: 4096,
          digest: `sha256:${'a'.repeat(64)}`,
          figures: modelFigures('qwen3-coder:30b'),
        },
      ],
      'must not list one model under two names',
    ],
    [
      'the same weights under two names, with different manifests',
      [
        {
          ...CODER,
          digest: `sha256:${'a'.repeat(64)}`,
          figures: { ...modelFigures('qwen3-coder:30b'), weightsDigest: `sha256:${'c'.repeat(64)}` },
        },
        {
          name: 'acme/coder:v1',
          contextLength: 4096,
          digest: `sha256:${'b'.repeat(64)}`,
          figures: { ...modelFigures('qwen3-coder:30b'), weightsDigest: `sha256:${'c'.repeat(64)}` },
        },
      ],
      'must not list one model under two names',
    ],
    ['different numbers in parallel', [CODER, { ...CODER, name: 'qwen3:8b', parallel: 2 }], 'OLLAMA_NUM_PARALLEL'],
  ])('%s is refused', (_, models, problem) => {
    const error = refusal(() => fit(models, 'g6e.xlarge', { properties: { models: 'gpu.models' } }));
    expect(error.property).toBe('gpu.models');
    expect(error.message).toContain(problem);
  });
});

describe('what does not fit', () => {
  test.each<[string, OllamaModel | OllamaModel[], string, FitOptions, string]>([
    ['weights alone too large', { name: 'llama3.3:70b', contextLength: 8192 }, 'g5.xlarge', {}, 'an hour)'],
    [
      'one request at a time',
      { name: 'llama3.1:8b', contextLength: 131_072 },
      'g5.xlarge',
      {},
      'lower contextLength, or set kvCacheType to q8_0 for half the KV cache',
    ],
    [
      'a quantized cache already',
      { name: 'codellama:7b', contextLength: 16_384, parallel: 4 },
      'g5.xlarge',
      { kvCacheType: 'q8_0' },
      'or lower contextLength or parallel',
    ],
    [
      'fewer GPUs than the node has',
      { name: 'qwen3:235b', contextLength: 8192 },
      'g6e.12xlarge',
      { gpus: 2 },
      'or use more GPUs per server',
    ],
    [
      'an estimate that is the same for any type of cache',
      [
        { name: 'gemma3:12b', contextLength: 65_536 },
        { name: 'gemma3:4b', contextLength: 65_536 },
      ],
      'g5.xlarge',
      {},
      'or lower contextLength',
    ],
  ])('only what would help is suggested: %s', (_, models, instance, options, remedy) => {
    const { message } = refusal(() => requireFit(models, instance, options));
    expect(message.endsWith(remedy)).toBe(true);
    expect(message.includes('lower contextLength')).toBe(remedy.includes('lower contextLength'));
  });
});
