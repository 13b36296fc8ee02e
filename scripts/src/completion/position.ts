import type { CompletedCommand, CompletedOption } from './tree';

/** Returns the words that select a command, as patterns of `case`: `'kong diff'` is `' kong diff'` in the scripts. */
export function pathPatterns(commands: readonly CompletedCommand[]): readonly string[] {
  return commands.filter(({ path }) => path !== '').map(({ path }) => `' ${path}'`);
}

/**
 * Returns patterns of a command's words, a colon, and an option that a value follows. An option is that of every command, since flags of
 * settings may precede the command, unless it is a switch elsewhere.
 */
export function valuePatterns(commands: readonly CompletedCommand[]): readonly string[] {
  const all = commands.flatMap((command) => command.options.map((option) => ({ command, option })));
  const named = all.flatMap(({ command, option }) => option.names.map((name) => ({ command, option, name })));
  const switches = new Set(named.filter(({ option }) => !option.takesValue).map(({ name }) => name));
  const patterns = named
    .filter(({ option }) => option.takesValue)
    .map(({ command, name }) => (switches.has(name) ? `'${key(command)}:${name}'` : `*:${name}`));
  return [...new Set(patterns)].sort();
}

/** Returns the options of a command whose values are a list, by their names. */
export function optionsWithChoices({ options }: CompletedCommand): readonly CompletedOption[] {
  return options.filter(({ choices }) => choices.length > 0);
}

/** A path as the scripts write it: empty, or with a space in front of each word. */
export function key({ path }: Pick<CompletedCommand, 'path'>): string {
  return path === '' ? '' : ` ${path}`;
}
