import { modelFigures, modelNames } from '../../src/catalogue/model';
import type { ModelFigures } from '../../src/catalogue/model-figures';
import { fit } from '../../src/sizing/fit';
import { headsWithoutFlashAttention } from '../../src/sizing/flash-attention';

test.each(modelNames())('CUDA has flash attention for all heads of %s', (name) => {
  expect(headsWithoutFlashAttention(modelFigures(name))).toEqual([]);
});

const heads = (headCount: number, headCountKv: number, keyLength: number, valueLength: number): ModelFigures => ({
  ...modelFigures('llama3.1:8b'),
  ...{ headCount, headCountKv, keyLength, valueLength },
});

test.each([
  // deepseek-v2:16b (ollama issue 5136): 2 GiB of scores on the GPU without flash attention
  [heads(16, 16, 192, 128), ['192 and 128']],
  [heads(64, 8, 192, 128), []],
  [heads(64, 16, 192, 128), ['192 and 128']],
  [heads(32, 32, 128, 128), []],
  [heads(32, 8, 128, 64), ['128 and 64']],
  [heads(32, 1, 320, 256), []],
  [heads(16, 4, 512, 512), []],
  [heads(4, 4, 512, 512), ['512 and 512']],
  [heads(20, 1, 576, 0), []],
  [heads(20, 1, 576, 512), []],
  [heads(32, 8, 100, 100), ['100 and 100']],
  [{ ...heads(32, 8, 100, 100), cachedLayers: [] }, []],
  [{ ...heads(32, 8, 128, 128), cachedLayers: [{ layers: 4 }, { layers: 2, keyLength: 48 }] }, ['48 and 128']],
])('%#: heads without flash attention are %j', (figures, expected) => {
  expect(headsWithoutFlashAttention(figures)).toEqual(expected);
});

test('a fit warns of them', () => {
  const figures = heads(16, 16, 192, 128);
  expect(fit({ name: 'deepseek-v2:16b', contextLength: 8192, figures }, 'g6e.xlarge').warnings).toContain(
    'deepseek-v2:16b has heads of 192 and 128, for which CUDA has no flash attention: llama.cpp computes their attention on the CPU, which is slow.',
  );
});
