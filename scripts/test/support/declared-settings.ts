import { COMMANDS } from '../../src/commands';
import type { CommandSpec, GroupSpec } from '../../src/program/command';
import { Settings } from '../../src/program/resolved-settings';
import { SETTINGS, type Setting, type SettingName } from '../../src/program/settings';

const SPECS = COMMANDS.flatMap(({ commands }) => commands.map(({ load }) => load()));

/** Returns every command with the words that select it. */
export const ALL_COMMANDS: readonly (readonly [string, CommandSpec])[] = SPECS.flatMap((spec) =>
  'commands' in spec
    ? spec.commands.map((inner) => [`${spec.name} ${inner.name}`, inner] as const)
    : [[spec.name, spec] as const],
);

/** Returns the words that have subcommands. */
export const GROUPS: readonly string[] = SPECS.filter((spec): spec is GroupSpec => 'commands' in spec).map(
  ({ name }) => name,
);

const commandLines = new WeakMap<object, string>();
const { resolve } = Settings;

/** Makes every command fail that reads a setting which its help does not show. */
jest.spyOn(Settings, 'resolve').mockImplementation((flags, environment, directory) => {
  const settings = resolve.call(Settings, flags, environment, directory);
  const words = commandLines.get(environment);
  const spec = ALL_COMMANDS.find(([name]) => name === words)?.[1];
  if (spec === undefined) return settings;
  const get = settings.get.bind(settings);
  settings.get = (name: SettingName) => {
    const { flag, secret }: Setting = SETTINGS[name];
    if ((flag !== undefined || secret === true) && !spec.settings.includes(name)) {
      throw new Error(`${String(words)} reads ${name}, which its help does not show`);
    }
    return get(name);
  };
  return settings;
});

/** Records the command line that is run in an environment. Returns the environment. */
export function watched<Environment extends object>(environment: Environment, argv: readonly string[]): Environment {
  const name = commandIn(argv);
  if (name !== undefined) commandLines.set(environment, name);
  return environment;
}

/** Returns the name of the command that a command line runs: `kong diff`, not `diff`. */
export function commandIn(argv: readonly string[]): string | undefined {
  const found = ALL_COMMANDS.map(([name]) => name.split(' ')).filter((words) => isIn(argv, words));
  const [first] = found
    .filter(({ length }) => length === Math.max(...found.map((words) => words.length)))
    .sort((one, other) => argv.indexOf(one[1] ?? '') - argv.indexOf(other[1] ?? ''));
  return first?.join(' ');
}

function isIn(argv: readonly string[], words: readonly string[]): boolean {
  const [first, second] = words.map((word) => argv.indexOf(word));
  return first !== undefined && first >= 0 && (second === undefined || second > first);
}
