import fs, { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ALIAS, KEY, World } from './world';

let world: World;

beforeEach(() => {
  world = new World();
  world.synthesized();
  world.environment = {
    ...world.environment,
    OLLAMA_EKS_URL: 'https://1234567890.gateways.konggateway.com',
    OLLAMA_EKS_API_KEY: KEY,
  };
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
  const settings = join(world.home, '.claude/settings.json');
  mkdirSync(dirname(settings));
  writeFileSync(settings, '{}');
  expect((await world.run('client', 'claude')).code).toBe(0);
  expect(given).toEqual(['.local', 'state', 'ollama-eks', 'client.json', 'settings.json']);
  given.length = 0;
  expect((await world.run('client', 'off')).code).toBe(0);
  expect(given).toEqual(['settings.json']);
});

test('OpenCode: the values are in opencode.jsonc if it exists, because they win there', async () => {
  const file = join(world.home, '.config/opencode/opencode.jsonc');
  const text = '{ "model": "anthropic/claude" } // mine\n';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  expect((await world.run('client', 'opencode')).out).toContain(`wrote ${file}\n`);
  expect(readFileSync(file, 'utf8')).toContain(`"model": "ollama-eks/${ALIAS}"`);
  await world.run('client', 'off');
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a command for the key that is empty is refused', async () => {
  expect(await world.run('client', 'claude', '--key-command', ' ')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--key-command must not be empty/),
  });
});
