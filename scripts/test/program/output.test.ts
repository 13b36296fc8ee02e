import { table } from '../../src/program/output';

test('the last column wraps between words, and a long word is not split', () => {
  const url = `https://example.com/${'x'.repeat(90)}`;
  const text = table(['check', 'found'], [['tool', `${'word '.repeat(40)}install it: ${url}`]]);
  expect(text).toContain(url);
  expect(text).not.toContain('…');
  const narrow = table(['check', 'found'], [['tool', 'word '.repeat(40)]]);
  expect(Math.max(...narrow.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});
