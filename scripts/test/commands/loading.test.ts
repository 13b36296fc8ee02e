import { World } from '../day2/world';

test('help loads none of the commands', async () => {
  const world = new World();
  await world.run('--help');
  world.remove();
  const loaded = Object.keys(require.cache).flatMap((file) => /scripts\/src\/(\w+\/[\w-]+)/.exec(file)?.[1] ?? []);
  expect(loaded).toContain('commands/verify');
  expect(loaded).not.toContain('client/run');
  // The help of `client` lists the tools.
  expect([...new Set(loaded.map((file) => file.split('/')[0]))].sort()).toEqual(['client', 'commands', 'program']);
});
