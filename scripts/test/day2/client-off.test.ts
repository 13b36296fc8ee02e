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
import { isBelow } from '../../src/client/user-file';
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

const SETTINGS = '.claude/settings.json';
const CONFIG = '.codex/config.toml';
const OPENCODE = '.config/opencode/opencode.json';

const inHome = (name: string) => join(world.home, name);
const read = (name: string) => readFileSync(inHome(name), 'utf8');
const journal = () => inHome('.local/state/ollama-eks/client.json');

function put(name: string, text: string): void {
  mkdirSync(dirname(inHome(name)), { recursive: true });
  writeFileSync(inHome(name), text);
}

function edit(name: string, from: string | RegExp, to: string): void {
  const text = read(name);
  expect(text).toMatch(from);
  put(name, text.replace(from, to));
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
  put(name, text);
  expect(await world.run('client', tool)).toMatchObject({ code: 0, err: '' });
  expect(read(name)).toContain(ALIAS);
  expect((await world.run('client', tool, '--model', 'llama3.1:8b-ctx32k')).code).toBe(0);
  expect(await world.run('client', 'off', tool)).toMatchObject({ code: 0, err: '' });
  expect(read(name)).toBe(text);
});

test('off removes the folders that were created for a file', async () => {
  const before = readdirSync(world.home);
  await world.run('client', 'continue');
  await world.run('client', 'off');
  expect(readdirSync(world.home)).toEqual([...before, '.local']);
  mkdirSync(inHome('.continue'));
  await world.run('client', 'continue');
  await world.run('client', 'off');
  expect(readdirSync(inHome('.continue'))).toEqual([]);
});

test('Codex: a key that the user added to our table stays, and our keys are removed', async () => {
  put(CONFIG, 'model = "gpt-5" # mine\n');
  await world.run('client', 'codex');
  edit(CONFIG, 'wire_api = "responses"\n', 'wire_api = "responses"\nquery_params = { team = "a" } # theirs\n');
  expect(await world.run('client', 'off', 'codex')).toMatchObject({ code: 0, err: '' });
  expect(read(CONFIG)).toBe(
    'model = "gpt-5" # mine\n\n[model_providers.ollama-eks]\nquery_params = { team = "a" } # theirs\n',
  );
  expect(existsSync(journal())).toBe(false);
});

test('OpenCode: a key that the user added to our provider stays, and our keys are removed', async () => {
  await world.run('client', 'opencode');
  edit(OPENCODE, '"name": "Ollama on EKS",', '"name": "Ollama on EKS",\n      "whitelist": ["a"],');
  expect(await world.run('client', 'off', 'opencode')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(read(OPENCODE))).toEqual({ provider: { 'ollama-eks': { whitelist: ['a'] } } });
});

test('configuring a tool again keeps what the user added, and off restores the state before the first time', async () => {
  put(CONFIG, 'model = "gpt-5" # mine\n');
  await world.run('client', 'codex');
  edit(CONFIG, 'wire_api = "responses"\n', 'wire_api = "responses"\nquery_params = { team = "a" }\n');
  await world.run('client', 'codex', '--model', 'llama3.1:8b-ctx32k');
  expect(parseToml(read(CONFIG))).toMatchObject({
    model: 'llama3.1:8b-ctx32k',
    model_providers: { 'ollama-eks': { wire_api: 'responses', query_params: { team: 'a' } } },
  });
  await world.run('client', 'off');
  expect(parseToml(read(CONFIG))).toEqual({
    model: 'gpt-5',
    model_providers: { 'ollama-eks': { query_params: { team: 'a' } } },
  });
});

test('the next off still knows what off left, and restores it with --force', async () => {
  put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1","MINE":"x"}}');
  await world.run('client', 'claude');
  edit(SETTINGS, /"API_TIMEOUT_MS": ?"900000"/, '"API_TIMEOUT_MS":"5"');
  for (const time of ['first', 'second']) {
    const { code, err } = await world.run('client', 'off');
    expect([time, code, err]).toEqual([time, 0, expect.stringMatching(/left unchanged: env.API_TIMEOUT_MS.*--force/)]);
    expect(JSON.parse(read(SETTINGS))).toEqual({ env: { API_TIMEOUT_MS: '5', MINE: 'x' } });
  }
  expect((await world.run('client', 'status')).out).toMatch(/claude +user +changed/);
  expect(await world.run('client', 'off', '--force')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(read(SETTINGS))).toEqual({ env: { API_TIMEOUT_MS: '1', MINE: 'x' } });
  expect((await world.run('client', 'off')).out).toMatch(/nothing to restore/);
});

test('off leaves a changed file that only we write, and restores it with --force', async () => {
  const name = '.continue/models/ollama-eks.yaml';
  await world.run('client', 'continue');
  edit(name, 'maxTokens: 16384', 'maxTokens: 1');
  expect((await world.run('client', 'off')).err).toMatch(/left unchanged: .*ollama-eks.yaml/);
  expect(read(name)).toMatch('maxTokens: 1');
  await world.run('client', 'off', '--force');
  expect(existsSync(inHome(name))).toBe(false);
});

test('off has nothing to restore after a kill before the file was written', async () => {
  put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1"}}');
  await world.run('client', 'claude');
  put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1"}}');
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(read(SETTINGS)).toBe('{"env":{"API_TIMEOUT_MS":"1"}}');
  rmSync(inHome(SETTINGS));
  await world.run('client', 'claude');
  rmSync(inHome(SETTINGS));
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(existsSync(inHome(SETTINGS))).toBe(false);
});

test('off keeps the earlier text of a file that was removed since, and --force writes it again', async () => {
  const text = '{"env":{"ANTHROPIC_API_KEY":"sk-ant-mine"}}';
  put(SETTINGS, text);
  await world.run('client', 'claude');
  rmSync(inHome(SETTINGS));
  const { code, out, err } = await world.run('client', 'off');
  expect([code, out, err]).toEqual([0, `left unchanged: ${inHome(SETTINGS)}\n`, expect.stringMatching(/--force/)]);
  expect(await world.run('client', 'off', '--force')).toMatchObject({ code: 0, err: '' });
  expect(read(SETTINGS)).toBe(text);
});

test('off --dry-run says what off would do, and writes nothing', async () => {
  const block = '.continue/models/ollama-eks.yaml';
  for (const tool of ['claude', 'codex', 'continue']) await world.run('client', tool);
  put(SETTINGS, '{');
  put(block, 'mine');
  const before = readFileSync(journal(), 'utf8');
  const { code, out, err } = await world.run('--dry-run', 'client', 'off');
  expect([code, out.trimEnd().split('\n')]).toEqual([
    2,
    [
      `dry run: left unchanged: ${inHome(block)}`,
      `dry run: removed: ${inHome(CONFIG)}`,
      `dry run: failed: ${inHome(SETTINGS)}`,
    ],
  ]);
  expect(err).toMatch(/is not valid JSON/);
  expect([existsSync(inHome(CONFIG)), readFileSync(journal(), 'utf8')]).toEqual([true, before]);
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
  mkdirSync(inHome('.claude'));
  symlinkSync('../../dotfiles/settings.json', inHome(SETTINGS));
  await world.run('client', 'claude');
  expect(lstatSync(inHome(SETTINGS)).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(dotfiles, 'settings.json'), 'utf8')).toContain(ALIAS);
  await world.run('client', 'off');
  expect(lstatSync(inHome(SETTINGS)).isSymbolicLink()).toBe(true);
  expect(readdirSync(dotfiles)).toEqual([]);
});

test("a file in place of a tool's folder is reported with exit code 2, and the journal stays empty", async () => {
  put('.claude', 'mine');
  const { code, err } = await world.run('client', 'claude');
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/\.claude must be a directory, but is a file; .*move it away first/),
  ]);
  expect(existsSync(journal())).toBe(false);
});

test('a file that cannot be written is reported with exit code 2, and the journal stays unchanged', async () => {
  await world.run('client', 'claude');
  const before = readFileSync(journal(), 'utf8');
  const { renameSync: rename } = fs;
  jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (to !== inHome(SETTINGS)) {
      rename(from, to);
      return;
    }
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  });
  const { code, err } = await world.run('client', 'claude', '--model', 'llama3.1:8b-ctx32k');
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/settings.json cannot be written: permission denied; change the permissions/),
  ]);
  expect(readFileSync(journal(), 'utf8')).toBe(before);
  expect(readdirSync(inHome('.claude'))).toEqual(['settings.json']);
});

test('the temporary file is never readable for more users than the final one', async () => {
  put(SETTINGS, '{}');
  chmodSync(inHome(SETTINGS), 0o600);
  const { writeFileSync: writeFile } = fs;
  const modes: number[] = [];
  jest.spyOn(fs, 'writeFileSync').mockImplementation((file, data, options) => {
    writeFile(file, data, options);
    if (dirname(String(file)) === inHome('.claude')) modes.push(statSync(String(file)).mode & 0o777);
  });
  await world.run('client', 'claude');
  expect(modes).toEqual([0o600]);
  expect(statSync(inHome(SETTINGS)).mode & 0o777).toBe(0o600);
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
  const { entries } = JSON.parse(readFileSync(journal(), 'utf8')) as { entries: readonly { file: string }[] };
  expect(entries.map(({ file }) => posix.isAbsolute(file))).toEqual([true]);
  expect(existsSync(entries[0]?.file ?? '')).toBe(true);
});

test('refuses a file that is not UTF-8, and leaves it unchanged', async () => {
  const bytes = Buffer.from('{"model":"caf\xe9"}', 'latin1');
  put(SETTINGS, '');
  writeFileSync(inHome(SETTINGS), bytes);
  const { code, err } = await world.run('client', 'claude', '--model', ALIAS);
  expect([code, err]).toEqual([2, expect.stringContaining('is not UTF-8 text')]);
  expect(readFileSync(inHome(SETTINGS)).equals(bytes)).toBe(true);
});

test('refuses a named pipe, which never ends', async () => {
  mkdirSync(inHome('.codex'), { recursive: true });
  execFileSync('mkfifo', [inHome(CONFIG)]);
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
    put(name, text);
    await world.run('client', tool);
    edit(name, from, to);
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(commentsOf(read(name))).toEqual(commentsOf(`${text}\n${to}`));
    expect(read(name)).not.toContain(ALIAS);
    expect((await world.run('client', tool)).code).toBe(0); // it is still valid
  });

  test('those of a value that is removed are kept, too', async () => {
    put(SETTINGS, '{\n  // of the key\n  "apiKeyHelper": "pass" // of the helper\n}\n');
    await world.run('client', 'claude');
    expect(read(SETTINGS)).toMatch(/\/\/ of the key[^]*\/\/ of the helper/);
  });
});

test('off leaves valid JSON where an object is followed by a comma', async () => {
  put(SETTINGS, '{\n  "env": {\n  },\n}\n');
  await world.run('client', 'claude');
  edit(SETTINGS, /$/, '// mine\n');
  expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
  expect(read(SETTINGS)).toBe('{\n}\n// mine\n');
});
