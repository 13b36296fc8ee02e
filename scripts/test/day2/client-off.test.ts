import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, win32 } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { isBelow } from '../../src/program/user-file';
import { BLOCK, ClientWorld, CONFIG, JOURNAL, OPENCODE, OTHER, SETTINGS } from './client-world';
import { ALIAS } from './world';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});

afterEach(() => {
  jest.restoreAllMocks();
  world.remove();
});

function edit(name: string, from: string | RegExp, to: string): void {
  const text = world.read(name);
  expect(text).toMatch(from);
  world.put(name, text.replace(from, to));
}

test.each([
  ['claude', SETTINGS, '{"env":{"API_TIMEOUT_MS":"60000"},"model":"opus"}'],
  ['claude', SETTINGS, '{\n\t"env": {\n\t\t"API_TIMEOUT_MS": "60000",\n\t},\n}\n'],
  ['claude', SETTINGS, '{\r\n    "permissions": {}\r\n}\r\n'],
  ['claude', SETTINGS, '{}'],
  ['claude', SETTINGS, '{ "env": {} }'],
  ['opencode', OPENCODE, '{"model":"anthropic/claude","provider":{"ollama-eks":{"name":"mine"}}}'],
  ['codex', CONFIG, 'model = "gpt-5" # mine\nmodel_context_window = 272_000 # theirs\n'],
  ['codex', CONFIG, 'x = [\n  ["a"],\n]\nmodel = "gpt-5"\n'],
  ['codex', CONFIG, 'note = """\n[rules]\n"""\nmodel = "gpt-5"\n'],
  ['codex', CONFIG, '"model" = "gpt-5"\n'],
  ['codex', CONFIG, 'model = "gpt-5"\n\n# of the project\n[projects."/work"]\ntrust_level = "trusted"'],
  ['codex', CONFIG, ''],
])('%s: off restores %s to the byte: %j', async (tool, name, text) => {
  world.put(name, text);
  expect(await world.run('client', tool)).toMatchObject({ code: 0, err: '' });
  expect(world.read(name)).toContain(ALIAS);
  expect((await world.run('client', tool, '--model', OTHER)).code).toBe(0);
  expect(await world.run('client', 'off', tool)).toMatchObject({ code: 0, err: '' });
  expect(world.read(name)).toBe(text);
});

test('off removes the folders that were created for a file', async () => {
  const before = readdirSync(world.home);
  await world.run('client', 'continue');
  await world.run('client', 'off');
  expect(readdirSync(world.home)).toEqual([...before, '.local']);
  mkdirSync(world.inHome('.continue'));
  await world.run('client', 'continue');
  await world.run('client', 'off');
  expect(readdirSync(world.inHome('.continue'))).toEqual([]);
});

test('Codex: a key that the user added to our table stays, and our keys are removed', async () => {
  world.put(CONFIG, 'model = "gpt-5" # mine\n');
  await world.run('client', 'codex');
  edit(CONFIG, 'wire_api = "responses"\n', 'wire_api = "responses"\nquery_params = { team = "a" } # theirs\n');
  expect(await world.run('client', 'off', 'codex')).toMatchObject({ code: 0, err: '' });
  expect(world.read(CONFIG)).toBe(
    'model = "gpt-5" # mine\n\n[model_providers.ollama-eks]\nquery_params = { team = "a" } # theirs\n',
  );
  expect(existsSync(world.inHome(JOURNAL))).toBe(false);
});

test('OpenCode: a key that the user added to our provider stays, and our keys are removed', async () => {
  await world.run('client', 'opencode');
  edit(OPENCODE, '"name": "Ollama on EKS",', '"name": "Ollama on EKS",\n      "whitelist": ["a"],');
  expect(await world.run('client', 'off', 'opencode')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(world.read(OPENCODE))).toEqual({ provider: { 'ollama-eks': { whitelist: ['a'] } } });
});

test('configuring a tool again keeps what the user added, and off restores the state before the first time', async () => {
  world.put(CONFIG, 'model = "gpt-5" # mine\n');
  await world.run('client', 'codex');
  edit(CONFIG, 'wire_api = "responses"\n', 'wire_api = "responses"\nquery_params = { team = "a" }\n');
  await world.run('client', 'codex', '--model', OTHER);
  expect(parseToml(world.read(CONFIG))).toMatchObject({
    model: OTHER,
    model_providers: { 'ollama-eks': { wire_api: 'responses', query_params: { team: 'a' } } },
  });
  await world.run('client', 'off');
  expect(parseToml(world.read(CONFIG))).toEqual({
    model: 'gpt-5',
    model_providers: { 'ollama-eks': { query_params: { team: 'a' } } },
  });
});

test('the next off still knows what off left, and restores it with --force', async () => {
  world.put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1","MINE":"x"}}');
  await world.run('client', 'claude');
  edit(SETTINGS, /"API_TIMEOUT_MS": ?"900000"/, '"API_TIMEOUT_MS":"5"');
  for (const time of ['first', 'second']) {
    const { code, err } = await world.run('client', 'off');
    expect([time, code, err]).toEqual([time, 0, expect.stringMatching(/left unchanged: env.API_TIMEOUT_MS.*--force/)]);
    expect(JSON.parse(world.read(SETTINGS))).toEqual({ env: { API_TIMEOUT_MS: '5', MINE: 'x' } });
  }
  expect((await world.run('client', 'status')).out).toMatch(/claude +user +changed/);
  expect(await world.run('client', 'off', '--force')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(world.read(SETTINGS))).toEqual({ env: { API_TIMEOUT_MS: '1', MINE: 'x' } });
  expect((await world.run('client', 'off')).out).toMatch(/nothing to restore/);
});

test('off leaves a changed file that only we write, and restores it with --force', async () => {
  await world.run('client', 'continue');
  edit(BLOCK, 'maxTokens: 16384', 'maxTokens: 1');
  expect((await world.run('client', 'off')).err).toMatch(/left unchanged: .*ollama-eks.yaml/);
  expect(world.read(BLOCK)).toMatch('maxTokens: 1');
  await world.run('client', 'off', '--force');
  expect(existsSync(world.inHome(BLOCK))).toBe(false);
});

test('off has nothing to restore after a kill before the file was written', async () => {
  world.put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1"}}');
  await world.run('client', 'claude');
  world.put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1"}}');
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(world.read(SETTINGS)).toBe('{"env":{"API_TIMEOUT_MS":"1"}}');
  rmSync(world.inHome(SETTINGS));
  await world.run('client', 'claude');
  rmSync(world.inHome(SETTINGS));
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(existsSync(world.inHome(SETTINGS))).toBe(false);
});

test('off keeps the earlier text of a file that was removed since, and --force writes it again', async () => {
  const text = '{"env":{"ANTHROPIC_API_KEY":"sk-ant-mine"}}';
  world.put(SETTINGS, text);
  await world.run('client', 'claude');
  rmSync(world.inHome(SETTINGS));
  const { code, out, err } = await world.run('client', 'off');
  expect([code, out, err]).toEqual([
    0,
    `left unchanged: ${world.inHome(SETTINGS)}\n`,
    expect.stringMatching(/--force/),
  ]);
  expect(await world.run('client', 'off', '--force')).toMatchObject({ code: 0, err: '' });
  expect(world.read(SETTINGS)).toBe(text);
});

test('off --dry-run says what off would do, and writes nothing', async () => {
  for (const tool of ['claude', 'codex', 'continue']) await world.run('client', tool);
  world.put(SETTINGS, '{');
  world.put(BLOCK, 'mine');
  const before = world.read(JOURNAL);
  const { code, out, err } = await world.run('--dry-run', 'client', 'off');
  expect([code, out.trimEnd().split('\n')]).toEqual([
    2,
    [
      `dry run: left unchanged: ${world.inHome(BLOCK)}`,
      `dry run: removed: ${world.inHome(CONFIG)}`,
      `dry run: failed: ${world.inHome(SETTINGS)}`,
    ],
  ]);
  expect(err).toMatch(/^error: these files cannot be restored:\n.*is not valid JSON/m);
  expect([existsSync(world.inHome(CONFIG)), world.read(JOURNAL)]).toEqual([true, before]);
});

test('off finds the files of a project that was named by a symbolic link', async () => {
  const link = join(world.root, 'link');
  symlinkSync(world.directory, link);
  await world.run('--project', link, 'client', 'opencode', '--scope', 'project');
  expect((await world.run('client', 'off')).out).toMatch(/removed: .*project.opencode.json/);
});

test('a symbolic link stays a link, even if its target does not exist yet', async () => {
  const dotfiles = join(world.root, 'dotfiles');
  mkdirSync(dotfiles);
  mkdirSync(world.inHome('.claude'));
  symlinkSync('../../dotfiles/settings.json', world.inHome(SETTINGS));
  await world.run('client', 'claude');
  expect(lstatSync(world.inHome(SETTINGS)).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(dotfiles, 'settings.json'), 'utf8')).toContain(ALIAS);
  await world.run('client', 'off');
  expect(lstatSync(world.inHome(SETTINGS)).isSymbolicLink()).toBe(true);
  expect(readdirSync(dotfiles)).toEqual([]);
});

test("a file in place of a tool's folder is reported with exit code 2, and the journal stays empty", async () => {
  world.put('.claude', 'mine');
  const { code, err } = await world.run('client', 'claude');
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/\.claude must be a directory, but is a file; .*move it away first/),
  ]);
  expect(existsSync(world.inHome(JOURNAL))).toBe(false);
});

test('a file that cannot be written is reported with exit code 2, and the journal stays unchanged', async () => {
  await world.run('client', 'claude');
  const before = world.read(JOURNAL);
  const { renameSync: rename } = fs;
  jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (to !== world.inHome(SETTINGS)) {
      rename(from, to);
      return;
    }
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  });
  const { code, err } = await world.run('client', 'claude', '--model', OTHER);
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/settings.json cannot be written: permission denied; change the permissions/),
  ]);
  expect(world.read(JOURNAL)).toBe(before);
  expect(readdirSync(world.inHome('.claude'))).toEqual(['settings.json']);
});

test('the temporary file is never readable for more users than the final one', async () => {
  world.put(SETTINGS, '{}');
  chmodSync(world.inHome(SETTINGS), 0o600);
  const { writeFileSync: writeFile } = fs;
  const modes: number[] = [];
  jest.spyOn(fs, 'writeFileSync').mockImplementation((file, data, options) => {
    writeFile(file, data, options);
    if (dirname(String(file)) === world.inHome('.claude')) modes.push(statSync(String(file)).mode & 0o777);
  });
  await world.run('client', 'claude');
  expect(modes).toEqual([0o600]);
  expect(statSync(world.inHome(SETTINGS)).mode & 0o777).toBe(0o600);
});

test.each([
  [win32, 'C:\\work\\app', 'C:\\work\\app\\.claude\\settings.json', true],
  [win32, 'C:\\work\\app', 'C:\\work\\app2\\.claude\\settings.json', false],
  [win32, 'C:\\work\\app', 'D:\\work\\app\\opencode.json', false],
  [posix, '/work/app', '/work/app/..rc/opencode.json', true],
  [posix, '/work/app', '/work/opencode.json', false],
  [posix, '/work/app', '/work/app', false],
])('finds files below a project: %#', (platform, directory, file, expected) => {
  expect(isBelow(directory, file, platform)).toBe(expected);
});

test('off in a project restores only the files of this project', async () => {
  await world.run('client', 'opencode', '--scope', 'project');
  const other = join(world.root, 'other');
  mkdirSync(other);
  expect((await world.run('--project', other, 'client', 'off')).out).toMatch(/nothing to restore/);
  expect((await world.run('client', 'off')).out).toMatch(/removed: .*project.opencode.json/);
});

test.each(['', 'relative'])('finds again what it wrote with CLAUDE_CONFIG_DIR=%j', async (folder) => {
  world.environment = { ...world.environment, CLAUDE_CONFIG_DIR: folder };
  expect((await world.run('client', 'claude', '--model', ALIAS)).code).toBe(0);
  const { entries } = JSON.parse(world.read(JOURNAL)) as { entries: readonly { file: string }[] };
  expect(entries.map(({ file }) => posix.isAbsolute(file))).toEqual([true]);
  expect(existsSync(entries[0]?.file ?? '')).toBe(true);
});

test('refuses a file that is not UTF-8, and leaves it unchanged', async () => {
  const bytes = Buffer.from('{"model":"caf\xe9"}', 'latin1');
  world.put(SETTINGS, '');
  writeFileSync(world.inHome(SETTINGS), bytes);
  const { code, err } = await world.run('client', 'claude', '--model', ALIAS);
  expect([code, err]).toEqual([2, expect.stringContaining('is not UTF-8 text')]);
  expect(readFileSync(world.inHome(SETTINGS)).equals(bytes)).toBe(true);
});

test('refuses a named pipe, which never ends', async () => {
  mkdirSync(world.inHome('.codex'), { recursive: true });
  execFileSync('mkfifo', [world.inHome(CONFIG)]);
  const { code, err } = await world.run('client', 'codex', '--model', ALIAS);
  expect([code, err]).toEqual([2, expect.stringContaining('is not a regular file')]);
});

test('shows no credentials of an address that is not a URL', async () => {
  const { err } = await world.run(
    'client',
    'claude',
    '--model',
    ALIAS,
    '--proxy-url',
    'https://user:sekret@host:badport',
  );
  expect(err).toContain('must be a URL');
  expect(err).not.toContain('sekret');
});

describe('comments are kept', () => {
  const commentsOf = (text: string) => (text.match(/(\/\/|#) of (the )?\w+/g) ?? []).sort();
  const restored: readonly (readonly [string, string, string, string | RegExp, string])[] = [
    [
      'claude',
      SETTINGS,
      '{\n  "env": {\n    "MINE": "x" // of MINE\n  }\n}\n',
      '"ANTHROPIC_BASE_URL"',
      '// of the user\n    "ANTHROPIC_BASE_URL"',
    ],
    ['claude', SETTINGS, '{ // of the file\n}\n', '"API_TIMEOUT_MS": "900000",', '$& // of the user'],
    ['claude', SETTINGS, '{\n  "env": {\n    // of env\n  },\n}\n', '"API_TIMEOUT_MS": "900000",', '$& // of the user'],
    ['opencode', OPENCODE, '{\n  "theme": "x", // of theme\n}\n', /"model": .*/, '$& // of the user'],
    ['codex', CONFIG, 'approval_policy = "never" # of mine\n', 'model_provider = "ollama-eks"', '$& # of the user'],
    ['codex', CONFIG, '', 'enabled = false', '$& # of the user'],
    [
      'codex',
      CONFIG,
      '[model_providers.ollama-eks.auth] # of auth\ncommand = "pass" # of mine\n',
      /$/,
      '# of the user\n',
    ],
  ];

  test.each(restored)('%s: off keeps those in %s: %j', async (tool, name, text, from, to) => {
    world.put(name, text);
    await world.run('client', tool);
    edit(name, from, to);
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(commentsOf(world.read(name))).toEqual(commentsOf(`${text}\n${to}`));
    expect(world.read(name)).not.toContain(ALIAS);
    expect((await world.run('client', tool)).code).toBe(0); // it is still valid
  });

  test('those of a value that is removed are kept, too', async () => {
    world.put(SETTINGS, '{\n  // of the key\n  "apiKeyHelper": "pass" // of the helper\n}\n');
    await world.run('client', 'claude');
    expect(world.read(SETTINGS)).toMatch(/\/\/ of the key[^]*\/\/ of the helper/);
  });
});

test('off leaves valid JSON where an object is followed by a comma', async () => {
  world.put(SETTINGS, '{\n  "env": {\n  },\n}\n');
  await world.run('client', 'claude');
  edit(SETTINGS, /$/, '// mine\n');
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(world.read(SETTINGS)).toBe('{\n}\n// mine\n');
});
