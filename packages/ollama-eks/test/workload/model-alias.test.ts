import fc from 'fast-check';
import { manifestPath, modelAlias, parseModelAlias, shortModelName } from '../../src/workload/model-alias';
import { refusal } from '../refusal';

describe('model alias', () => {
  it.each([
    ['qwen3-coder:30b', 65_536, 'qwen3-coder:30b-ctx64k'],
    ['qwen3-coder:30b', 40_000, 'qwen3-coder:30b-ctx40000'],
    ['nomic-embed-text', 2048, 'nomic-embed-text:latest-ctx2k'],
    ['acme/coder:v1', 1024, 'acme/coder:v1-ctx1k'],
    ['registry.ollama.ai/library/llama3.2:3b', 8192, 'llama3.2:3b-ctx8k'],
    ['hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M', 131_072, 'hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M-ctx128k'],
    ['mirror.example.com:5000/library/llama3.2:3b', 8192, 'mirror.example.com:5000/library/llama3.2:3b-ctx8k'],
  ])('of %s with %d tokens is %s', (name, contextLength, alias) => {
    expect(modelAlias(name, contextLength)).toBe(alias);
  });

  it('is parsed to the name and context that it was created from', () => {
    const length = fc.oneof(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 1, max: 2000 }).map((kibi) => kibi * 1024),
    );
    const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/);
    fc.assert(
      fc.property(tag, length, (tagged, contextLength) => {
        const alias = modelAlias(`m:${tagged}`, contextLength);
        expect(parseModelAlias(alias)).toEqual({ name: `m:${tagged}`, contextLength });
      }),
      { seed: 3 },
    );
  });

  it.each(['qwen3-coder:30b', 'm:t-ctx', 'm:t-ctxk', 'm:t-ctx8m', '-ctx8k'])('is not found in %j', (name) => {
    expect(parseModelAlias(name)).toBeUndefined();
  });

  it.each(['', 'a b:1', 'model:', ':tag', 'a/b/c/d:1', '../x:1', 'x:$(id)', "x:'"])('refuses %j', (name) => {
    expect(refusal(() => modelAlias(name, 8192)).message).toContain('must be the name of a model');
  });

  it('refuses a tag that leaves no room for the context', () => {
    const name = `model:${'x'.repeat(75)}`;
    expect(refusal(() => modelAlias(name, 65_536)).message).toContain('the tag is too long');
  });

  it('differs for a different context', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 2_000_000 }), (a, b) => {
        expect(modelAlias('m:t', a) === modelAlias('m:t', b)).toBe(a === b);
      }),
      { seed: 1 },
    );
  });

  it.each(['qwen3-coder:30b', 'acme/coder:v1-ctx4k', 'mirror.example.com:5000/library/llama3.2:3b'])(
    'of %s is read back',
    (name) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2_000_000 }), (contextLength) => {
          expect(parseModelAlias(modelAlias(name, contextLength))).toEqual({ name, contextLength });
        }),
        { seed: 1 },
      );
    },
  );

  it.each(['qwen3-coder:30b', 'qwen3-coder:30b-ctx', '-ctx64k', 'm:t-ctx64m'])('does not match %s', (name) => {
    expect(parseModelAlias(name)).toBeUndefined();
  });

  it('contains nothing special to a shell or JSON', () => {
    fc.assert(
      fc.property(fc.string(), (tag) => {
        try {
          expect(modelAlias(`m:${tag}`, 8192)).toMatch(/^[\w.:/-]+$/);
        } catch (error) {
          expect((error as Error).name).toBe('ValidationError');
        }
      }),
      { seed: 1 },
    );
  });
});

it.each([
  ['llama3.2:3b', 'registry.ollama.ai/library/llama3.2/3b'],
  ['acme/coder:v1', 'registry.ollama.ai/acme/coder/v1'],
  ['hf.co/unsloth/gpt-oss:Q4', 'hf.co/unsloth/gpt-oss/Q4'],
])('manifest of %s is at %s', (name, path) => {
  expect(manifestPath(name)).toBe(path);
});

it('short names match what Ollama shows', () => {
  expect(shortModelName('registry.ollama.ai/acme/coder:v1')).toBe('acme/coder:v1');
});
