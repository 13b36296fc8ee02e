import { fit, type OllamaModel, podResources, serverNeeds } from '../../src';

const MODEL = { name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 };
/** Weights in MiB, and those of the smaller model. */
const [WEIGHTS, EMBEDDINGS] = [17_698, 1105];
const PROCESS = 1536;

/** MiB that a pod requests and may use, and the prompt cache of each llama-server. */
function memoryOf(models: OllamaModel | readonly OllamaModel[], instance: string, replicasPerNode = 1) {
  const sized = fit(models, instance);
  const { requests, limits } = podResources({ fit: sized, replicasPerNode });
  const mebibytes = ({ memory }: typeof limits) => Number(memory?.replace('Mi', ''));
  return {
    request: mebibytes(requests),
    limit: mebibytes(limits),
    cache: serverNeeds(sized, replicasPerNode).promptCacheMiB,
  };
}

test('prompt caches get what nine tenths of the memory leave next to weights and processes', () => {
  const { request, limit, cache } = memoryOf(MODEL, 'g5.12xlarge');
  expect(limit).toBe(172_126);
  expect(cache).toBe(Math.floor(0.9 * 172_126) - PROCESS - WEIGHTS);
  expect(request).toBe(Math.floor(0.9 * 172_126));
});

test('where that is less than 8 GiB, they displace weights from the page cache, but not processes', () => {
  expect(memoryOf({ ...MODEL, name: 'llama3.1:8b', contextLength: 16_384 }, 'g5.xlarge')).toMatchObject({
    request: 12_316,
    limit: 12_316,
    cache: 8192,
  });
  const small = memoryOf(
    [
      { name: 'llama3.2:3b', contextLength: 4096 },
      { name: 'qwen3:8b', contextLength: 4096 },
    ],
    'g5.xlarge',
  );
  expect(small.cache).toBe(Math.floor((Math.floor(0.9 * 12_316) - 2 * PROCESS) / 2));
});

test('servers of a node share its memory', () => {
  const one = { name: 'llama3.1:8b', contextLength: 16_384 };
  const [alone, four] = [memoryOf(one, 'g5.12xlarge'), memoryOf(one, 'g5.12xlarge', 4)];
  expect(four.limit).toBe(Math.floor(alone.limit / 4));
  expect(4 * (four.cache ?? 0)).toBeLessThan(alone.cache ?? 0);
});

test('embedding models have no conversations: the others share what is left', () => {
  const both = memoryOf([MODEL, { name: 'bge-m3:567m', contextLength: 2048 }], 'g5.12xlarge');
  expect(both.cache).toBe((memoryOf(MODEL, 'g5.12xlarge').cache ?? 0) - PROCESS - EMBEDDINGS);
  expect(memoryOf({ name: 'bge-m3:567m', contextLength: 2048 }, 'g5.xlarge')).toEqual({
    request: PROCESS + EMBEDDINGS,
    limit: 12_316,
    cache: undefined,
  });
});

test('checkpoints of windows and of recurrent states have room next to the caches', () => {
  const gemma = { name: 'gemma4:31b', contextLength: 65_536 };
  // 50 layers with a window of 1024 tokens: 800 MiB; one for each of 8 × 8192 tokens, and three more
  const weights = Math.ceil(19_868_981_791 / 1024 ** 2);
  const { limit, cache } = memoryOf(gemma, 'g6e.2xlarge');
  expect(cache).toBe(Math.floor(0.9 * limit) - PROCESS - weights - 11 * 800);
  // 30 layers with a state of 2.1 MiB
  const qwen = { name: 'qwen3.6:35b', contextLength: 65_536 };
  const checkpoints =
    Math.floor(0.9 * limit) -
    PROCESS -
    Math.ceil(23_938_333_577 / 1024 ** 2) -
    (memoryOf(qwen, 'g6e.2xlarge').cache ?? 0);
  expect(checkpoints).toBe(Math.ceil(11 * (30 * 2.09375)));
});

test('a server without room for a cache has none', () => {
  const gemma = { name: 'gemma4:31b', contextLength: 262_144, parallel: 1 };
  expect(memoryOf(gemma, 'g6e.xlarge').cache).toBe(0);
});
