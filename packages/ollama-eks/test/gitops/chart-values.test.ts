import { withoutEmptyMaps } from '../../src/gitops/chart-values';

test.each([
  [{}, undefined],
  [{ a: {} }, undefined],
  [{ a: { b: {}, c: 1 }, d: {} }, { a: { c: 1 } }],
  [
    { a: null, b: '', c: [], d: false, e: 0 },
    { a: null, b: '', c: [], d: false, e: 0 },
  ],
  [{ volumes: [{ name: 'tmp', emptyDir: {} }] }, { volumes: [{ name: 'tmp', emptyDir: {} }] }],
])('%j is rendered as %j', (values, rendered) => {
  expect(withoutEmptyMaps(values)).toEqual(rendered);
});
