import { ValidationError } from '../src/errors';

function message(value: unknown): string {
  return new ValidationError({ property: 'p', value, problem: 'is wrong', allowed: 'less', remedy: 'lower it' })
    .message;
}

test.each<[unknown, string]>([
  [5, '5'],
  ['NaN', '"NaN"'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [[{ count: Number.NaN, name: 'a' }], '[{"count":NaN,"name":"a"}]'],
  [10n, '10'],
  [null, 'null'],
  [() => 5, 'function'],
])('%p is shown as %s', (value, text) => {
  expect(message(value)).toBe(`p = ${text}: is wrong; allowed: less; lower it`);
});

test('no value, no equals sign', () => {
  expect(message(undefined)).toBe('p: is wrong; allowed: less; lower it');
});
