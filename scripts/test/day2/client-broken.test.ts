/** Files of the user, and of the journal, that cannot be used as they are. */
import fs, { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TOOLS } from '../../src/client/tools';
import { BLOCK, ClientWorld, CONFIG, JOURNAL, OPENCODE, OTHER, QWEN, SETTINGS } from './client-world';
import { ALIAS } from './world';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});

afterEach(() => {
  jest.restoreAllMocks();
  world.remove();
});

async function configureAll(): Promise<void> {
  for (const { name } of TOOLS) expect((await world.run('client', name)).code).toBe(0);
}

describe('a broken file of one tool', () => {
  test.each([
    ['claude', SETTINGS, '{"env": ', /settings.json is not valid JSON/],
    ['codex', CONFIG, 'model = ', /config.toml is not valid TOML/],
    ['opencode', OPENCODE, '[]', /opencode.json must contain a JSON object/],
    ['qwen', QWEN, '{"model":{"name":"a"},"model":{"name":"qwen3-coder:30b-ctx64k"}}', /model occurs 2 times/],
  ])('%s: off restores all others, and exits with code 2', async (tool, name, text, words) => {
    await configureAll();
    world.put(name, text);
    const { code, out, err } = await world.run('client', 'off');
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
    expect(out).toContain(`failed: ${world.inHome(name)}`);
    expect(world.read(name)).toBe(text);
    for (const other of [SETTINGS, CONFIG, OPENCODE, QWEN, BLOCK])
      expect(existsSync(world.inHome(other))).toBe(other === name);
    expect((await world.run('client', 'status')).out.split('\n')).toHaveLength(3);
    expect((await world.run('client', 'off', tool)).code).toBe(2);
  });

  test('status lists all others, and exits with code 2', async () => {
    await configureAll();
    world.put(SETTINGS, '{"env": ');
    const { code, out, err } = await world.run('client', 'status');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/unknown:\n.*settings.json is not valid JSON.*correct it first/),
    ]);
    expect(out).toMatch(/claude +user +broken/);
    for (const { name } of TOOLS) if (name !== 'claude') expect(out).toMatch(new RegExp(`${name} +user +as written`));
    const { tools } = JSON.parse((await world.run('--json', 'client', 'status')).out) as { tools: { state: string }[] };
    expect(tools.filter(({ state }) => state === 'broken')).toHaveLength(1);
  });

  test('a link that leads to itself blocks no other tool', async () => {
    await configureAll();
    rmSync(world.inHome(SETTINGS));
    symlinkSync('settings.json', world.inHome(SETTINGS));
    const { code, err } = await world.run('client', 'off');
    expect([code, err]).toEqual([2, expect.stringMatching(/links form a loop; remove one of the links/)]);
    expect(existsSync(world.inHome(CONFIG))).toBe(false);
    expect((await world.run('client', 'codex')).code).toBe(0);
  });
});

describe('a value that is in the way is refused with file, place, allowed and remedy, and nothing is written', () => {
  test.each([
    [
      'claude',
      SETTINGS,
      '{"env":"x"}',
      /settings.json: env must be an object, but is a string; allowed: an object; correct/,
    ],
    ['claude', SETTINGS, '{"env":null}', /env must be an object, but is null/],
    ['claude', SETTINGS, '{"env":["x"]}', /env must be an object, but is an array/],
    ['opencode', OPENCODE, '{"provider":[]}', /provider must be an object, but is an array/],
    ['opencode', OPENCODE, '{"provider":{"ollama-eks":1}}', /provider.ollama-eks must be an object, but is a number/],
    ['opencode', OPENCODE, '{"model":{"name":"x"}}', /model must not be an object; allowed: a string; correct/],
    ['qwen', QWEN, '{"model":"qwen-max"}', /model must be an object, but is a string/],
    ['qwen', QWEN, '{"security":{"auth":true}}', /security.auth must be an object, but is a boolean/],
    ['codex', CONFIG, 'analytics = true\n', /analytics must be a table, but is a boolean; allowed: a table; correct/],
    ['codex', CONFIG, '[[model_providers]]\nname = "x"\n', /model_providers must be a table, but is an array/],
    [
      'codex',
      CONFIG,
      'model_providers.ollama-eks = 1979-05-27\n',
      /model_providers.ollama-eks must be a table, but is a date/,
    ],
    ['codex', CONFIG, '[model]\nname = "x"\n', /model must not be a table; allowed: a string/],
    ['claude', SETTINGS, '{"env":{},"env":{"A":"1"}}', /env occurs 2 times; remove all but one/],
    ['claude', SETTINGS, '{"env":{"API_TIMEOUT_MS":"1","API_TIMEOUT_MS":"2"}}', /env.API_TIMEOUT_MS occurs 2 times/],
  ])('%s: %s: %j', async (tool, name, text, words) => {
    world.put(name, text);
    const { code, err } = await world.run('client', tool);
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
    expect(world.read(name)).toBe(text);
    expect(existsSync(world.inHome(JOURNAL))).toBe(false);
  });

  test('keys that occur twice elsewhere stay', async () => {
    world.put(SETTINGS, '{"env":{"A":"1","A":"2"},"permissions":{},"permissions":{"allow":[]}}');
    await world.run('client', 'claude');
    world.put(SETTINGS, `${world.read(SETTINGS)}\n`); // restored value by value
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(world.read(SETTINGS).replaceAll(/\s/g, '')).toBe(
      '{"env":{"A":"1","A":"2"},"permissions":{},"permissions":{"allow":[]}}',
    );
  });
});

describe('a damaged journal', () => {
  test.each([
    [
      '{"entries": [',
      /client.json, the list of what can be restored, is damaged: it must be a JSON object; restore it/,
    ],
    ['', /damaged: it must be a JSON object/],
    ['[]', /damaged: it must be a JSON object/],
    ['{"entries":{}}', /damaged: entries must be an array/],
  ])('%j: every command names it, and leaves it unchanged', async (text, words) => {
    world.put(JOURNAL, text);
    for (const args of [['off'], ['status'], ['claude']]) {
      expect(await world.run('client', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
    }
    expect(world.read(JOURNAL)).toBe(text);
    expect(existsSync(world.inHome(SETTINGS))).toBe(false);
  });

  test.each([
    ['entry', 1, /entries\[0\] must be an object/],
    ['file', 'relative', /entries\[0\].file must be an absolute path/],
    ['scope', 'world', /entries\[0\].scope must be one of user, project, managed/],
    ['format', 'xml', /entries\[0\].format must be one of json, toml, text/],
    ['created', 'yes', /entries\[0\].created must be true or false/],
    ['texts', 'x', /entries\[0\].texts must be an object/],
    ['changes', [{ path: 'env' }], /entries\[0\].changes must be an array of objects/],
    ['tool', undefined, /entries\[0\].tool must be a string/],
  ])('a wrong %s: the other entries are restored, and it stays in the journal', async (field, value, words) => {
    await world.run('client', 'claude');
    await world.run('client', 'codex');
    const { entries } = JSON.parse(world.read(JOURNAL)) as { entries: Record<string, unknown>[] };
    const damaged = field === 'entry' ? value : { ...entries[0], [field]: value };
    world.put(JOURNAL, JSON.stringify({ entries: [damaged, entries[1]] }));
    expect(await world.run('client', 'status')).toMatchObject({ code: 2, err: expect.stringMatching(words) });
    expect(await world.run('client', 'qwen')).toMatchObject({ code: 2, err: expect.stringMatching(words) });
    const { code, out, err } = await world.run('client', 'off');
    expect([code, out, err]).toEqual([2, `removed: ${world.inHome(CONFIG)}\n`, expect.stringMatching(words)]);
    expect(JSON.parse(world.read(JOURNAL))).toEqual({ entries: [JSON.parse(JSON.stringify(damaged))] });
  });

  test('it is replaced as a whole: a full disk does not lose what can be restored', async () => {
    await world.run('client', 'claude');
    const before = world.read(JOURNAL);
    const { writeFileSync: writeFile } = fs;
    jest.spyOn(fs, 'writeFileSync').mockImplementation((file, data, options) => {
      writeFile(file, typeof data === 'string' ? data.slice(0, 1) : data, options);
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    });
    const { code, err } = await world.run('client', 'codex');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/client.json cannot be written: no space is left.*free some space/),
    ]);
    expect(world.read(JOURNAL)).toBe(before);
    expect(readdirSync(dirname(world.inHome(JOURNAL)))).toEqual(['client.json']);
  });
});

describe('an error of the system is reported in words, with a remedy and without its code', () => {
  test.each([
    ['EACCES', /permission denied; change the permissions/],
    ['EPERM', /permission denied; change the permissions/],
    ['EROFS', /the file system is read-only; mount it/],
    ['ENOSPC', /no space is left on the disk; free some space/],
    ['EDQUOT', /no space is left/],
    ['ENAMETOOLONG', /its path is too long; use a folder with a shorter path/],
    ['EMFILE', /too many files are open; close some programs/],
    ['EBUSY', /another program uses it; close that program/],
    ['EIO', /the disk reports an error; check the disk/],
  ])('%s', async (code, words) => {
    const error = Object.assign(new Error(`${code}: system text, rename 'x'`), { code });
    jest.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw error;
    });
    const { code: exit, err } = await world.run('client', 'claude');
    expect([exit, err]).toEqual([2, expect.stringMatching(words)]);
    expect(err).not.toContain(code);
  });

  test.each(TOOLS)(
    '$name: a folder in the place of its file, and a file in the place of its folder',
    async ({ name }) => {
      const { out } = await world.run('--dry-run', '--json', 'client', name);
      const { files } = JSON.parse(out) as { files: readonly { file: string }[] };
      const [{ file }] = files as [{ file: string }];
      mkdirSync(file, { recursive: true });
      const { code, err } = await world.run('client', name);
      expect([code, err]).toEqual([2, expect.stringMatching(/ is a folder; allowed: a file; move it away/)]);
      expect(existsSync(world.inHome(JOURNAL))).toBe(false);
    },
  );

  test('off reports a file that cannot be read instead of forgetting it', async () => {
    await world.run('client', 'claude');
    rmSync(world.inHome(SETTINGS));
    expect(await world.run('client', 'off')).toMatchObject({
      code: 0,
      out: `nothing to restore: ${world.inHome(SETTINGS)}\n`,
    });
    await world.run('client', 'codex');
    rmSync(world.inHome(CONFIG));
    mkdirSync(world.inHome(CONFIG));
    expect(await world.run('client', 'off')).toMatchObject({ code: 2, err: expect.stringMatching(/is a folder/) });
    expect((await world.run('client', 'status')).out).toMatch(/codex +user +broken/);
  });
});

describe('off says what it did', () => {
  test.each([
    ['removed', undefined, undefined],
    ['restored', '{"model":"opus"}', undefined],
    ['partly restored', '{"model":"opus"}', (text: string) => text.replace('"900000"', '"5"')],
    ['nothing to restore', '{"model":"opus"}', () => '{"model":"opus"}'],
    ['nothing to restore', undefined, () => undefined],
  ])('%s', async (outcome, before, change) => {
    if (before !== undefined) world.put(SETTINGS, before);
    await world.run('client', 'claude');
    if (change !== undefined) {
      const changed = change(world.read(SETTINGS));
      if (changed === undefined) rmSync(world.inHome(SETTINGS));
      else world.put(SETTINGS, changed);
    }
    expect((await world.run('client', 'off')).out).toBe(`${outcome}: ${world.inHome(SETTINGS)}\n`);
  });

  test('left unchanged', async () => {
    await world.run('client', 'continue');
    world.put(BLOCK, `${world.read(BLOCK)}# mine\n`);
    expect((await world.run('client', 'off')).out).toBe(`left unchanged: ${world.inHome(BLOCK)}\n`);
  });
});

test.each([
  ['continue', BLOCK],
  ['aider', '.aider.ollama-eks.yml'],
])('%s: on, edit, on, off: the original comes back, and the edited file is kept', async (tool, name) => {
  for (const original of [undefined, 'name: mine\n']) {
    if (original !== undefined) world.put(name, original);
    await world.run('client', tool);
    const edited = `${world.read(name)}# edited\n`;
    world.put(name, edited);
    expect((await world.run('--dry-run', 'client', tool)).out).toContain(
      `would keep your changes in ${world.inHome(name)}.bak`,
    );
    const { out } = await world.run('client', tool, '--model', OTHER);
    const copy = original === undefined ? `${name}.bak` : `${name}.bak2`;
    expect(out).toContain(`kept your changes in ${world.inHome(copy)}`);
    expect(world.read(copy)).toBe(edited);
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(existsSync(world.inHome(name)) ? world.read(name) : undefined).toBe(original);
    expect(world.read(copy)).toBe(edited);
  }
});

describe('two scopes that lead to one file through a symbolic link', () => {
  test.each([
    [['user', 'project']],
    [['project', 'user']],
    [['user', 'project', 'user']],
    [['project', 'user', 'project', 'user']],
  ])('%j: off restores the file to the byte', async (scopes) => {
    const text = '{"env":{"API_TIMEOUT_MS":"1"}}';
    world.put(SETTINGS, text);
    symlinkSync(world.inHome('.claude'), join(world.directory, '.claude'));
    for (const [index, scope] of scopes.entries()) {
      const args = [
        '--scope',
        scope,
        '--model',
        index % 2 === 0 ? ALIAS : OTHER,
        '--request-timeout',
        String(60 + index),
      ];
      expect((await world.run('client', 'claude', ...args)).code).toBe(0);
    }
    const other = join(world.root, 'other');
    mkdirSync(other);
    expect(await world.run('--project', other, 'client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(world.read(SETTINGS)).toBe(text);
    expect(existsSync(world.inHome(JOURNAL))).toBe(false);
  });
});

test('folders are removed when the last of several files in them is restored', async () => {
  world.environment = {
    ...world.environment,
    CLAUDE_CONFIG_DIR: world.inHome('tools'),
    QWEN_HOME: world.inHome('tools/qwen'),
  };
  await world.run('client', 'claude');
  await world.run('client', 'qwen');
  await world.run('client', 'off');
  expect(existsSync(world.inHome('tools'))).toBe(false);
});

const BOM = '\uFEFF';
const BIG = '9223372036854775807';

describe('what only the text has is kept', () => {
  test.each([
    ['claude', SETTINGS, `${BOM}{"model":"opus"}`],
    ['opencode', OPENCODE, `${BOM}{\r\n  "model": "x"\r\n}\r\n`],
    ['codex', CONFIG, `${BOM}model = "gpt-5"\n`],
    ['codex', CONFIG, BOM],
    ['codex', CONFIG, `limit = ${BIG}\nmodel = "gpt-5"\n`],
    ['codex', CONFIG, `model_context_window = ${BIG} # theirs\n`],
    ['codex', CONFIG, 'model = 1979-05-27T07:32:00Z\nratio = 1.0\nmask = 0xFF_FF\nlow = -inf\n'],
    ['codex', CONFIG, `model_providers = { other = { max = ${BIG}, ratio = 1.0, since = 1979-05-27 } } # mine\n`],
    ['codex', CONFIG, `model_providers.ollama-eks = { name = 'mine', max = ${BIG} }\n`],
    ['claude', SETTINGS, '{"env":{"MAX":12345678901234567890},"cleanupPeriodDays":12345678901234567890}'],
    ['claude', SETTINGS, '// mine\n'],
    ['claude', SETTINGS, '/* mine */'],
    ['claude', SETTINGS, ' \n\n'],
    ['qwen', QWEN, BOM],
  ])('%s: %s: %j', async (tool, name, text) => {
    world.put(name, text);
    expect(await world.run('client', tool)).toMatchObject({ code: 0, err: '' });
    const written = world.read(name);
    expect(written).toContain(ALIAS);
    expect(written.startsWith(BOM)).toBe(text.startsWith(BOM));
    for (const word of text.match(/\w{9,}|1\.0|0xFF_FF|-inf|mine/g) ?? []) {
      if (!/model_|07/.test(word))
        expect([word, written + world.read(JOURNAL)]).toEqual([word, expect.stringContaining(word)]);
    }
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(world.read(name)).toBe(text);
  });

  test.each([
    ['codex', CONFIG, `model_context_window = ${BIG}\n`],
    ['codex', CONFIG, 'model_context_window = 272_000\n'],
    ['codex', CONFIG, 'model = 1979-05-27T07:32:00Z\n'],
    ['codex', CONFIG, `model_providers = { other = { max = ${BIG}, ratio = 1.0 } }\n`],
    ['codex', CONFIG, `model_providers.ollama-eks = { name = 'mine', max = ${BIG} }\n`],
    ['claude', SETTINGS, '{\n  "env": {\n    "API_TIMEOUT_MS": 12345678901234567890\n  }\n}\n'],
    ['claude', SETTINGS, `${BOM}{\n  "env": {\n    "API_TIMEOUT_MS": "1"\n  }\n}\n`],
  ])('%s: value by value, too: %s: %j', async (tool, name, text) => {
    world.put(name, text);
    await world.run('client', tool);
    world.put(name, `${world.read(name)}\n`);
    expect(await world.run('client', 'off')).toMatchObject({ code: 0, err: '' });
    expect(world.read(name).trimEnd()).toBe(text.trimEnd());
  });
});
