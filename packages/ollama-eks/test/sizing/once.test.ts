import { once } from '../../src/sizing/once';

test.each([[1], [undefined], [false]])('computes %s at the first call, and only then', (value) => {
  const compute = jest.fn(() => value);
  const read = once(compute);
  expect(compute).not.toHaveBeenCalled();
  expect([read(), read()]).toEqual([value, value]);
  expect(compute).toHaveBeenCalledTimes(1);
});
