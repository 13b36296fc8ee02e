import { counted } from '../../src/program/words';

test.each([
  [0, '0 node groups'],
  [1, '1 node group'],
  [2, '2 node groups'],
])('%d is counted as %s', (count, words) => {
  expect(counted(count, 'node group')).toBe(words);
});
