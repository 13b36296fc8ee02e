import { World } from '../day2/world';

test('help loads none of the commands', async () => {
  const world = new World();
  await world.run('--help');
  world.remove();
  const loaded = Object.keys(require.cache);
  expect(loaded.some((file) => file.includes('/src/commands/verify'))).toBe(true);
  expect(
    loaded.filter((file) => /src\/(client\/run|(models|scale|audit|diagnose|init|open|render|verify)\/)/.test(file)),
  ).toEqual([]);
});
