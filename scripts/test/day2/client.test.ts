import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Connection, Places } from '../../src/client/tool-config';
import { TOOLS } from '../../src/client/tools';
import { ToolError } from '../../src/program/tool-error';
import { BLOCK, ClientWorld, CONFIG, JOURNAL, OPENCODE, OTHER, SETTINGS, URL_OF_KONG } from './client-world';
import { ALIAS, CONTEXT, KEY, serverPod } from './world';

let world: ClientWorld;

beforeEach(() => {
  world = new ClientWorld();
});

afterEach(() => {
  world.remove();
});

/** Returns every file below a folder, with its text. */
function files(directory: string): Record<string, string> {
  const all = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  return Object.fromEntries(
    all.filter((file) => statSync(file).isFile()).map((file) => [file, readFileSync(file, 'utf8')]),
  );
}

const golden = (name: string) => readFileSync(join(__dirname, 'golden', name), 'utf8');

const CONNECTION: Connection = {
  url: URL_OF_KONG,
  model: { alias: ALIAS, tag: 'qwen3-coder:30b', contextLength: CONTEXT, embedding: false },
  requestTimeoutSeconds: 900,
  key: { kind: 'environment' },
};

interface Case {
  readonly tool: string;
  readonly args: readonly string[];
  /** Paths below home, or below the project. */
  readonly file: string;
  readonly golden: string;
}

const CASES: readonly Case[] = [
  { tool: 'claude', args: [], file: 'home/.claude/settings.json', golden: 'claude-user.json' },
  {
    tool: 'claude',
    args: ['--scope', 'project', '--key-command', 'pass show ollama'],
    file: 'project/.claude/settings.json',
    golden: 'claude-project-helper.json',
  },
  { tool: 'codex', args: [], file: 'home/.codex/config.toml', golden: 'codex-user.toml' },
  {
    tool: 'codex',
    args: ['--key-command', 'pass show ollama'],
    file: 'home/.codex/config.toml',
    golden: 'codex-user-helper.toml',
  },
  { tool: 'continue', args: [], file: 'home/.continue/models/ollama-eks.yaml', golden: 'continue.yaml' },
  {
    tool: 'continue',
    args: ['--scope', 'project'],
    file: 'project/.continue/models/ollama-eks.yaml',
    golden: 'continue.yaml',
  },
  { tool: 'opencode', args: [], file: 'home/.config/opencode/opencode.json', golden: 'opencode.json' },
  { tool: 'opencode', args: ['--scope', 'project'], file: 'project/opencode.json', golden: 'opencode.json' },
  { tool: 'qwen', args: [], file: 'home/.qwen/settings.json', golden: 'qwen.json' },
  { tool: 'qwen', args: ['--scope', 'project'], file: 'project/.qwen/settings.json', golden: 'qwen.json' },
  { tool: 'aider', args: [], file: 'home/.aider.ollama-eks.models.json', golden: 'aider-models.json' },
  {
    tool: 'aider',
    args: ['--scope', 'project'],
    file: 'project/.aider.ollama-eks.yml',
    golden: 'aider.yml',
  },
];

test('every tool has a golden file', () => {
  expect([...new Set(CASES.map(({ tool }) => tool))].sort()).toEqual(TOOLS.map(({ name }) => name).sort());
});

test.each(CASES)('$tool $args writes $golden, and off removes it', async ({ tool, args, file, golden: name }) => {
  const before = files(world.root);
  const { code, out, err } = await world.run('client', tool, ...args);
  expect([code, err]).toEqual([0, '']);
  expect(readFileSync(join(world.root, file), 'utf8').replaceAll(world.root, '')).toBe(golden(name));
  expect(out).toContain(`wrote ${join(world.root, file)}`);
  expect(out + JSON.stringify(files(world.root))).not.toContain(KEY);
  expect(await world.run('client', 'off', tool)).toMatchObject({ code: 0, out: expect.stringContaining('removed: ') });
  expect(files(world.root)).toEqual(before);
});

const PRESENT: readonly (readonly [string, string, string])[] = [
  [
    'claude',
    SETTINGS,
    '{\n  // mine\n  "model": "opus",\n  "env": {\n    "API_TIMEOUT_MS": "60000",\n    "ANTHROPIC_API_KEY": "sk-ant-mine"\n  },\n  "permissions": { "allow": ["Bash(ls)"] }\n}\n',
  ],
  [
    'codex',
    CONFIG,
    '# mine\nmodel = "gpt-5.6"\napproval_policy = "on-request"\n\n[projects."/work"]\ntrust_level = "trusted"\n',
  ],
  ['opencode', OPENCODE, '{\n  "model": "anthropic/claude", // mine\n  "provider": {\n    "x": {}\n  }\n}\n'],
];

test.each(PRESENT)('%s: existing values stay, and off restores the file to the byte', async (tool, name, text) => {
  world.put(name, text);
  expect((await world.run('client', tool)).code).toBe(0);
  const written = world.read(name);
  expect(written).toContain('mine');
  expect(written).toContain(ALIAS);
  // Configured for another model and for the first one again: one undo is still enough.
  expect((await world.run('client', tool, '--model', OTHER)).code).toBe(0);
  expect(world.read(name)).not.toContain(ALIAS);
  expect((await world.run('client', tool)).code).toBe(0);
  expect(world.read(name)).toBe(written);
  await world.run('client', 'off');
  expect(world.read(name)).toBe(text);
});

test('Claude Code gets one key in one variable: a key of Anthropic is removed until off', async () => {
  world.put(SETTINGS, '{"env":{"ANTHROPIC_API_KEY":"sk-ant-mine"}}');
  const { out } = await world.run('client', 'claude');
  const { env } = JSON.parse(world.read(SETTINGS)) as { env: Record<string, string> };
  expect(env).not.toHaveProperty('ANTHROPIC_API_KEY');
  expect(env).not.toHaveProperty('ANTHROPIC_AUTH_TOKEN');
  expect(env['CLAUDE_CODE_ATTRIBUTION_HEADER']).toBe('0');
  expect(out).toContain('export ANTHROPIC_AUTH_TOKEN="$OLLAMA_EKS_API_KEY"');
});

describe('background work uses', () => {
  const pool = (name: string, contextLength: number) => ({
    name: `pool-${name.replace(/\W/g, '-')}`,
    models: [{ name, contextLength, parallel: 2, largestContextLength: 131_072 }],
  });
  const slots = async (...args: string[]) => {
    const { out } = await world.run('--json', 'client', 'env', ...args);
    const { ANTHROPIC_MODEL, ANTHROPIC_DEFAULT_HAIKU_MODEL } = JSON.parse(out) as Record<string, string>;
    return [ANTHROPIC_MODEL, ANTHROPIC_DEFAULT_HAIKU_MODEL];
  };

  test('the smallest served model with at least as much context', async () => {
    world.synthesized([
      pool('qwen3-coder:30b', CONTEXT),
      pool('qwen3:8b', 32_768),
      pool('nomic-embed-text', CONTEXT),
      pool('llama3.1:8b', CONTEXT),
      pool('gpt-oss:20b', CONTEXT),
    ]);
    expect(await slots()).toEqual([ALIAS, 'llama3.1:8b-ctx64k']);
    expect(await slots('--small-model', 'qwen3:8b-ctx32k')).toEqual([ALIAS, 'qwen3:8b-ctx32k']);
  });

  test('the model itself if no smaller one is served', async () => {
    world.synthesized([pool('llama3.1:8b', CONTEXT), pool('qwen3-coder:30b', CONTEXT), pool('mine:1b', CONTEXT)]);
    expect(await slots()).toEqual(['llama3.1:8b-ctx64k', 'llama3.1:8b-ctx64k']);
    expect(await slots('--model', ALIAS)).toEqual([ALIAS, ALIAS]);
  });

  test('the small model in OpenCode and aider, too', async () => {
    await world.run('client', 'opencode', '--small-model', 'llama3.1:8b-ctx64k');
    expect(JSON.parse(world.read(OPENCODE))).toMatchObject({
      provider: { 'ollama-eks': { models: { [ALIAS]: {}, 'llama3.1:8b-ctx64k': {} } } },
      small_model: 'ollama-eks/llama3.1:8b-ctx64k',
    });
    await world.run('client', 'aider', '--small-model', 'llama3.1:8b-ctx64k');
    expect(world.read('.aider.ollama-eks.yml')).toContain('weak-model: openai/llama3.1:8b-ctx64k');
    expect(world.read('.aider.ollama-eks.models.json')).toContain('llama3.1:8b-ctx64k');
  });
});

test.each([
  ['qwen3-coder:30b-ctx64k', undefined],
  ['qwen3-coder:30b-ctx128k', 'false'],
])('Claude Code defers the definitions of tools if the context is small: %s', async (model, expected) => {
  const { out } = await world.run('--json', 'client', 'env', '--model', model);
  const { ENABLE_TOOL_SEARCH } = JSON.parse(out) as Record<string, string>;
  expect(ENABLE_TOOL_SEARCH).toBe(expected);
});

/** Files of settings for a whole machine, by tool and platform. */
const MANAGED: readonly (readonly [string, NodeJS.Platform, string])[] = [
  ['claude', 'linux', '/etc/claude-code/managed-settings.json'],
  ['claude', 'darwin', '/Library/Application Support/ClaudeCode/managed-settings.json'],
  ['codex', 'linux', '/etc/codex/config.toml'],
  ['opencode', 'linux', '/etc/opencode/opencode.json'],
  ['opencode', 'darwin', '/Library/Application Support/opencode/opencode.json'],
  ['qwen', 'linux', '/etc/qwen-code/settings.json'],
];

test.each(MANAGED)('%s: settings for the whole machine on %s are in %s', (name, platform, path) => {
  const places: Places = { home: '/home/me', project: '/work', platform, environment: {} };
  const tool = TOOLS.find((candidate) => candidate.name === name);
  expect(tool?.configure(CONNECTION, 'managed', places).files.map((file) => file.path)).toEqual([path]);
});

test.each([
  ['aider', 'linux', /aider has no configuration for the whole machine on linux; use --scope user/],
  ['continue', 'linux', /Continue has no configuration for the whole machine/],
  ['codex', 'win32', /Codex has no configuration for the whole machine on win32/],
] as const)('%s has no settings for the whole machine on %s', (name, platform, words) => {
  const places: Places = { home: '/home/me', project: '/work', platform, environment: {} };
  const tool = TOOLS.find((candidate) => candidate.name === name);
  expect(() => tool?.configure(CONNECTION, 'managed', places)).toThrow(words);
});

test('Codex: a provider with our name that the user wrote ends up with one source of the key', async () => {
  world.put(CONFIG, '[model_providers.ollama-eks]\nenv_key = "MINE"\n');
  await world.run('client', 'codex', '--key-command', 'pass show ollama');
  expect(world.read(CONFIG)).not.toContain('env_key');
  await world.run('client', 'off');
  world.put(CONFIG, '[model_providers.ollama-eks.auth]\ncommand = "mine"\n');
  await world.run('client', 'codex');
  expect(world.read(CONFIG)).not.toContain('command');
});

test("Continue's command line gets the file as an argument, because it does not read blocks", async () => {
  expect((await world.run('client', 'continue')).out).toContain(`cn --config ${world.inHome(BLOCK)}`);
});

test('Codex: root keys come before the tables, and tables of other providers stay', async () => {
  world.put(CONFIG, '[model_providers.other]\nname = "Other"\n\n[tui]\ntheme = "x"\n');
  await world.run('client', 'codex');
  const values = parseToml(world.read(CONFIG)) as unknown as {
    model: string;
    model_context_window: number;
    model_providers: Record<string, unknown>;
  };
  expect(values.model).toBe(ALIAS);
  expect(values.model_context_window).toBe(CONTEXT);
  expect(Object.keys(values.model_providers).sort()).toEqual(['ollama-eks', 'other']);
});

test('off leaves and reports what was changed since', async () => {
  world.put(SETTINGS, '{"env":{"API_TIMEOUT_MS":"1"}}');
  await world.run('client', 'claude');
  world.put(SETTINGS, world.read(SETTINGS).replace(/("API_TIMEOUT_MS": ?)"900000"/, '$1"5"'));
  expect(await world.run('--json', 'client', 'status')).toMatchObject({ out: expect.stringContaining('"changed"') });
  const { code, err } = await world.run('client', 'off');
  expect(code).toBe(0);
  expect(err).toMatch(/left unchanged: env.API_TIMEOUT_MS/);
  expect(JSON.parse(world.read(SETTINGS))).toEqual({ env: { API_TIMEOUT_MS: '5' } });
});

test('--dry-run prints our values, nothing of the user, and writes nothing', async () => {
  const file = world.inHome(SETTINGS);
  world.put(
    file,
    '{"env":{"ANTHROPIC_API_KEY":"sk-ant-mine","API_TIMEOUT_MS":"77777","MY_TOKEN":"sekret"},"apiKeyHelper":"x"}',
  );
  const before = files(world.root);
  const { code, out } = await world.run('--dry-run', 'client', 'claude');
  expect(code).toBe(0);
  expect(out).toContain(`would write ${file}`);
  expect(out).toContain(`  + env.ANTHROPIC_BASE_URL = "${URL_OF_KONG}"`);
  expect(out).toContain('  ~ env.API_TIMEOUT_MS = "900000"');
  expect(out).toContain('  - env.ANTHROPIC_API_KEY\n');
  expect(out).toContain('  - apiKeyHelper\n');
  expect(out + (await world.run('--dry-run', '--json', 'client', 'claude')).out).not.toMatch(
    /sk-ant-mine|77777|sekret/,
  );
  expect(files(world.root)).toEqual(before);
});

test.each(TOOLS)('--dry-run of $name prints no value that the user wrote', async ({ name }) => {
  const { out } = await world.run('--dry-run', '--json', 'client', name);
  const { files: planned } = JSON.parse(out) as { files: readonly { file: string }[] };
  for (const { file } of planned)
    world.put(file, file.endsWith('.toml') ? 'mine = "sekret"\n' : '{ "mine": "sekret" }\n');
  const printed = await world.run('--dry-run', 'client', name);
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(printed.out).not.toContain('sekret');
  expect(printed.out).toMatch(/^ {2}\+ .*qwen3-coder:30b-ctx64k/m);
});

test.each([
  ['claude', SETTINGS, '{"env": ', /is not valid JSON.*correct it first/],
  ['codex', CONFIG, 'model = ', /is not valid TOML.*correct it first/],
])('%s: a file that cannot be parsed is not overwritten: exit code 2', async (tool, name, text, words) => {
  world.put(name, text);
  const { code, err } = await world.run('client', tool);
  expect([code, err]).toEqual([2, expect.stringMatching(words)]);
  expect(world.read(name)).toBe(text);
});

test.each([
  [['codex', '--scope', 'project'], /ignores providers in the file of a project.*--scope user/],
  [['continue', '--key-command', 'x'], /Continue does not support --key-command/],
  [['opencode', '--key-command', 'x'], /OpenCode does not support --key-command/],
  [['qwen', '--key-command', 'x'], /Qwen Code does not support --key-command/],
  [['aider', '--key-command', 'x'], /aider does not support --key-command/],
  [['claude', '--model', 'qwen3-coder:30b'], /must end with its context/],
  [['claude', '--proxy-url', 'http://example.com'], /must use https/],
])('%j is refused with exit code 2', async (args, words) => {
  expect(await world.run('client', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  expect(existsSync(join(world.home, '.claude'))).toBe(false);
});

test('env prints lines that a shell can evaluate, with the key by its variable', async () => {
  const { out } = await world.run('client', 'env');
  expect(out).toContain(`export ANTHROPIC_BASE_URL='${URL_OF_KONG}'`);
  expect(out).toContain(`export OPENAI_BASE_URL='${URL_OF_KONG}/v1'`);
  expect(out).toContain('export OPENAI_API_KEY="$OLLAMA_EKS_API_KEY"');
  expect(out).toContain(`export COPILOT_PROVIDER_BASE_URL='${URL_OF_KONG}/v1'`);
  expect(out).toContain('export COPILOT_PROVIDER_API_KEY="$OLLAMA_EKS_API_KEY"');
  expect(out).not.toContain(KEY);
  expect(JSON.parse((await world.run('--json', 'client', 'env')).out)).toMatchObject({
    ANTHROPIC_MODEL: ALIAS,
    COPILOT_MODEL: ALIAS,
    COPILOT_PROVIDER_MAX_PROMPT_TOKENS: '49152',
    COPILOT_PROVIDER_MAX_OUTPUT_TOKENS: '16384',
  });
});

test('status reports what was configured; only the owner can read the journal', async () => {
  expect((await world.run('client', 'status')).out).toMatch(/no tool is configured/);
  await world.run('client', 'continue');
  expect((await world.run('client', 'status')).out).toMatch(/continue +user +as written +qwen3-coder:30b-ctx64k/);
  expect(statSync(world.inHome(JOURNAL)).mode & 0o777).toBe(0o600);
});

describe('local', () => {
  test('reconnects after a lost connection, and exits with code 0 on Ctrl-C', async () => {
    const server = await new EndpointEmulator({ models: [] }).start();
    world.tools.objects = [serverPod()];
    let connections = 0;
    const forward = world.tools.run.bind(world.tools);
    world.tools.run = async (tool, args, options) => {
      if (!args.includes('port-forward')) return forward(tool, args, options);
      connections += 1;
      options?.onOutput?.('Forwarding from 127.0.0.1:11434 -> 11434\n');
      if (connections === 3) world.interrupt.abort();
      throw new ToolError('kubectl', 1, 'error: lost connection to pod', 'lost connection to pod');
    };
    const { code, err } = await world.run('client', 'local');
    await server.stop();
    expect(connections).toBe(3);
    expect(err).toMatch(/leads to ollama-0/);
    expect(err).toMatch(/connection lost; reconnecting/);
    expect(code).toBe(0);
  });

  test('exits with code 2 if the port is in use', async () => {
    world.tools.objects = [serverPod()];
    const run = world.tools.run.bind(world.tools);
    world.tools.run = async (tool, args, options) => {
      if (!args.includes('port-forward')) return run(tool, args, options);
      return Promise.reject(
        new ToolError('kubectl', 1, 'unable', 'unable to listen on port 11434: address already in use'),
      );
    };
    expect(await world.run('client', 'local')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/choose another one with --port/),
    });
  });
});

test("a request may take as long as on every other hop: the cluster's budget, unless --request-timeout is given", async () => {
  world.synthesized([{}], 1200);
  const timeout = async (...flags: string[]) =>
    JSON.parse((await world.run('--json', 'client', 'env', ...flags)).out) as Readonly<Record<string, string>>;
  expect(await timeout()).toMatchObject({ API_TIMEOUT_MS: '1200000', CLAUDE_STREAM_IDLE_TIMEOUT_MS: '1200000' });
  expect(await timeout('--request-timeout', '60')).toMatchObject({ API_TIMEOUT_MS: '60000' });
});
