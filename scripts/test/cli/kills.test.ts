import { COURSES, killAfterEvery } from './kills';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(60_000);

/** The acceptance tests kill at every call; these only at some. */
const STRIDE = 29;

test.each(COURSES)('$name ends in the same state after it was killed', async (course) => {
  const { points, differences } = await killAfterEvery(course, STRIDE);
  expect(differences).toEqual([]);
  expect(points).toBeGreaterThan(1);
});
