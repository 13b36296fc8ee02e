import { developers, modelFigures } from '@org/ollama-eks/pure';
import { tokensPerSecond } from '@org/ollama-eks-tools/developer-table';

test.each([
  [20, 2],
  [19.9, 1],
  [0, 0],
])('%d tokens/s are enough for %d developers', (rate, expected) => {
  expect(developers(rate)).toBe(expected);
});

test('a dense model reads all of its weights for a token, and one with experts a share of them', () => {
  const { bytes } = modelFigures('llama3.1:8b');
  expect(tokensPerSecond('llama3.1:8b', 'g5.xlarge')).toBeCloseTo((0.4 * 600e9) / bytes);
  const experts = modelFigures('qwen3-coder:30b').bytes * (3.3 / 30.5);
  expect(tokensPerSecond('qwen3-coder:30b', 'g5.12xlarge')).toBeCloseTo((0.15 * 600e9) / experts);
});

test.each([
  ['qwen3:8b', 'g5.xlarge', 'the figures of qwen3:8b and A10G'],
  ['llama3.1:8b', 'g4dn.xlarge', 'the figures of llama3.1:8b and T4'],
])('an example with %s on %s needs figures', (model, type, message) => {
  expect(() => tokensPerSecond(model, type)).toThrow(message);
});
