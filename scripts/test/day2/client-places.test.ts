import fs, { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ClientWorld, OPENCODE, SETTINGS } from './client-world';
import { ALIAS } from './world';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});

afterEach(() => {
  jest.restoreAllMocks();
  world.remove();
});

test('with sudo, files and folders in the home of the user stay those of the user', async () => {
  jest.spyOn(process, 'getuid').mockReturnValue(0);
  const given: string[] = [];
  jest.spyOn(fs, 'chownSync').mockImplementation((file, uid, gid) => {
    const { uid: owner, gid: group } = statSync(world.home);
    expect([uid, gid]).toEqual([owner, group]);
    given.push(basename(String(file)).replace(/\.[\da-f-]{36}$/, ''));
  });
  world.put(SETTINGS, '{}');
  expect((await world.run('client', 'claude')).code).toBe(0);
  expect(given).toEqual(['.local', 'state', 'ollama-eks', 'client.json', 'settings.json']);
  given.length = 0;
  expect((await world.run('client', 'off')).code).toBe(0);
  expect(given).toEqual(['settings.json']);
});

test('OpenCode: the values are in opencode.jsonc if it exists, because they win there', async () => {
  const file = `${OPENCODE}c`;
  const text = '{ "model": "anthropic/claude" } // mine\n';
  world.put(file, text);
  expect((await world.run('client', 'opencode')).out).toContain(`wrote ${world.inHome(file)}\n`);
  expect(world.read(file)).toContain(`"model": "ollama-eks/${ALIAS}"`);
  await world.run('client', 'off');
  expect(world.read(file)).toBe(text);
});

test('a command for the key that is empty is refused', async () => {
  expect(await world.run('client', 'claude', '--key-command', ' ')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--key-command must not be empty/),
  });
});
