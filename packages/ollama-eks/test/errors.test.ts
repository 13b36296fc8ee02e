import { refuser, ValidationError } from '../src/errors';
import { refusal } from './refusal';

function message(value: unknown): string {
  return new ValidationError({ property: 'p', value, problem: 'is wrong', allowed: 'less', remedy: 'lower it' })
    .message;
}

class Cluster {
  public readonly itself = this;
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
  [[new Cluster()], '[Cluster]'],
  [Object.create(null), '{}'],
])('%p is shown as %s', (value, text) => {
  expect(message(value)).toBe(`p = ${text}: is wrong; allowed: less; lower it`);
});

test('without a value there is no equals sign', () => {
  expect(message(undefined)).toBe('p: is wrong; allowed: less; lower it');
});

test('a refuser adds what its refusals have in common', () => {
  const refuse = refuser({ property: 'p', remedy: 'lower it' });
  const error = refusal(() => refuse({ value: 5, problem: 'is wrong', allowed: 'less' }));
  expect([error.property, error.message]).toEqual(['p', message(5)]);
});
