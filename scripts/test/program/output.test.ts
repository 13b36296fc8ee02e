import { table } from '../../src/program/output';

test('the last column wraps between words, and a long word is not split', () => {
  const url = `https://example.com/${'x'.repeat(90)}`;
  const text = table(['check', 'found'], [['tool', `${'word '.repeat(40)}install it: ${url}`]]);
  expect(text).toContain(url);
  expect(text).not.toContain('…');
  const narrow = table(['check', 'found'], [['tool', 'word '.repeat(40)]]);
  expect(Math.max(...narrow.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test.each([
  ['a terminal', { isTTY: true, columns: 140 }, 140],
  ['a narrow terminal', { isTTY: true, columns: 20 }, 60],
  ['a file', { columns: 140 }, 100],
])('a table is as wide as %s allows', (_, stream, width) => {
  const lines = table(['id', 'what'], [['a', 'word '.repeat(60)]], stream).split('\n');
  const longest = Math.max(...lines.map(({ length }) => length));
  expect(longest).toBeLessThanOrEqual(width);
  expect(longest).toBeGreaterThan(width - 12);
});
