import { World } from './world';

const COMMANDS = [
  'verify',
  ...[
    'client',
    'client aider',
    'client claude',
    'client codex',
    'client check',
    'client continue',
    'client opencode',
    'client qwen',
    'client env',
    'client local',
    'client off',
    'client status',
  ],
  ...['models', 'models inspect', 'models list', 'models check', 'models pull', 'models remove'],
  ...['scale', 'scale status', 'scale zero', 'scale resume'],
  ...['diagnose', 'audit', 'open argocd', 'init', 'render'],
];

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.remove();
});

test.each(COMMANDS)('%s --help', async (command) => {
  const { code, out, err } = await world.run(...command.split(' '), '--help');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchSnapshot();
});

test.each(COMMANDS.filter((command) => command !== 'client' && command !== 'models' && command !== 'scale'))(
  '%s: an option that it does not have is exit code 2',
  async (command) => {
    const { code, err } = await world.run(...command.split(' '), '--no-such-option');
    expect([code, err]).toEqual([2, expect.stringMatching(/unknown option '--no-such-option'/)]);
  },
);

test('help loads none of the commands', async () => {
  await world.run('--help');
  const loaded = Object.keys(require.cache);
  expect(loaded.some((file) => file.includes('/src/commands/verify'))).toBe(true);
  expect(
    loaded.filter((file) => /src\/(client\/run|(models|scale|audit|diagnose|init|open|render|verify)\/)/.test(file)),
  ).toEqual([]);
});
