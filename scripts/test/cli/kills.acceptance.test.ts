import { COURSES, killAfterEvery } from './kills';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));

test.each(COURSES)('$name ends in the same state after it was killed at any call', async (course) => {
  const { points, differences } = await killAfterEvery(course, 1);
  process.stdout.write(`${course.name}: ${String(points)} kill points, ${String(differences.length)} differences\n`);
  expect(differences).toEqual([]);
});
