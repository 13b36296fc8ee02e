import fc from 'fast-check';
import { parse } from 'yaml';
import { objectToYaml, toYaml } from '../src/yaml';
import { escapeTerraform } from '../src/gitops/templates';

describe('toYaml', () => {
  it.each([
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'n',
    'true',
    'null',
    '~',
    '0123',
    '0x1f',
    '0o17',
    '1_000',
    '1e3',
    '.5',
    '12:30:45',
    '2026-11-23',
    '',
    ' a',
    'a: b',
    '- a',
    '*a',
    '&a',
    '{{ a }}',
    '%{',
    '@a',
    '`a',
  ])('keeps the string "%s" a string in YAML 1.1 and 1.2', (text) => {
    const yaml = toYaml({ value: text });
    expect(parse(yaml, { version: '1.1' })).toEqual({ value: text });
    expect(parse(yaml, { version: '1.2' })).toEqual({ value: text });
  });

  it('writes scripts as block scalars', () => {
    expect(toYaml({ script: 'set -eu\necho "a: b"\n' })).toBe('script: |\n  set -eu\n  echo "a: b"\n');
  });

  it('writes no anchors', () => {
    const shared = { a: [1] };
    expect(toYaml({ one: shared, two: shared })).toBe('one:\n  a:\n    - 1\ntwo:\n  a:\n    - 1\n');
  });

  it('does not fold long lines, and leaves out what is undefined', () => {
    const long = 'word '.repeat(60).trim();
    expect(toYaml({ a: long, b: undefined })).toBe(`a: ${long}\n`);
  });

  it('round-trips', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ':', ' ', '\n', '#', '{', '}', '"', "'", '$', '%', '-', '0', 'é'),
    });
    const json = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.constant(null)));
    fc.assert(
      fc.property(json, (value) => {
        expect(parse(toYaml(value), { version: '1.1' })).toEqual(value);
        expect(parse(toYaml(value))).toEqual(value);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('objectToYaml', () => {
  it('puts the usual keys first, whatever their original order', () => {
    const object = {
      spec: { b: 1, a: 2 },
      data: {},
      metadata: { labels: {}, name: 'name' },
      kind: 'K',
      apiVersion: 'v1',
    };
    expect(Object.keys(parse(objectToYaml(object)) as object)).toEqual([
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'data',
    ]);
    expect(objectToYaml(object)).toContain('metadata:\n  name: name\n  labels: {}\nspec:\n  b: 1\n  a: 2\n');
  });
});

describe('escapeTerraform', () => {
  it.each([
    ['${HOME}', '$${HOME}'],
    ['%{if}', '%%{if}'],
    ['$HOME 100%', '$HOME 100%'],
    ['$${x}', '$$${x}'],
  ])('%s', (text, escaped) => {
    expect(escapeTerraform(text)).toBe(escaped);
  });
});

test.each(['711e265212', '1e5', '-12E7'])('quotes %s, which parsers read as a number or as infinity', (value) => {
  expect(toYaml({ value })).toBe(`value: '${value}'\n`);
});
