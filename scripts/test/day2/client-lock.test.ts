import { existsSync, mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClientWorld, JOURNAL } from './client-world';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});

afterEach(() => {
  world.remove();
});

const lock = () => world.inHome('.local/state/ollama-eks/client.lock');

describe('two runs at once', () => {
  test.each([['claude'], ['off']])('%s waits until the other one ends', async (command) => {
    await world.run('client', 'codex');
    mkdirSync(lock());
    const before = world.read(JOURNAL);
    let waits = 0;
    world.onWait = () => {
      expect(world.read(JOURNAL)).toBe(before);
      waits += 1;
      if (waits === 3) rmdirSync(lock());
    };
    expect(await world.run('client', command)).toMatchObject({ code: 0, err: '' });
    expect(waits).toBe(3);
    expect(existsSync(lock())).toBe(false);
  });

  test('the lock of a run that was killed is taken after 10 seconds', async () => {
    mkdirSync(lock(), { recursive: true });
    const taken = statSync(lock()).mtimeMs;
    world.now = () => taken; // whatever else a busy machine takes time for
    let waited = 0;
    world.onWait = (milliseconds) => (waited += milliseconds);
    expect(await world.run('client', 'claude')).toMatchObject({ code: 0, err: '' });
    expect(waited).toBeGreaterThan(10_000);
    expect(waited).toBeLessThanOrEqual(10_100);
    expect(existsSync(lock())).toBe(false);
  });

  test('a lock that cannot be created is reported in words', async () => {
    mkdirSync(dirname(lock()), { recursive: true });
    writeFileSync(lock(), 'mine');
    expect(await world.run('client', 'claude')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/client.lock cannot be written: something else is in its place; move it away/),
    });
  });
});
