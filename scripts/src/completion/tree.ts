import type { Chapter, CommandSpec, GroupSpec, OptionSpec, SwitchSpec } from '../program/command';
import { GLOBAL_SWITCHES, HELP_SWITCH, VERSION_SWITCH } from '../program/global-switches';
import { SETTINGS, type Setting, type SettingName } from '../program/settings';

/** A word that a shell may complete, and what it means. */
export interface Word {
  readonly word: string;
  readonly summary: string;
}

/** An option, under all of its names. */
export interface CompletedOption {
  /** `-m`, `--model` */
  readonly names: readonly string[];
  readonly summary: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** Values, if they are a list; any other value may be the name of a file. */
  readonly choices: readonly string[];
}

/** What may follow the words of a command. */
export interface CompletedCommand {
  /** `kong diff`; empty for the program itself. */
  readonly path: string;
  readonly subcommands: readonly Word[];
  readonly options: readonly CompletedOption[];
  /** Values of its arguments, if they are a list. */
  readonly choices: readonly string[];
}

/** Options of every command. */
const GLOBAL: readonly CompletedOption[] = [...GLOBAL_SWITCHES, HELP_SWITCH].map(switchOf);

/** Returns the program, every group and every command, with what may follow their words. */
export function completedCommands(chapters: readonly Chapter[]): readonly CompletedCommand[] {
  const entries = chapters.flatMap(({ commands }) => commands);
  const program: CompletedCommand = {
    path: '',
    subcommands: entries.map(wordOf),
    options: [...GLOBAL, switchOf(VERSION_SWITCH)],
    choices: [],
  };
  return [program, ...entries.flatMap(({ load }) => commandsOf(load(), ''))];
}

function commandsOf(spec: CommandSpec | GroupSpec, prefix: string): readonly CompletedCommand[] {
  const path = `${prefix}${spec.name}`;
  if ('commands' in spec) {
    const group = { path, subcommands: spec.commands.map(wordOf), options: GLOBAL, choices: [] };
    return [group, ...spec.commands.flatMap((inner) => commandsOf(inner, `${path} `))];
  }
  const { switches = [], options = [], settings, arguments: values = [] } = spec;
  return [
    {
      path,
      subcommands: [],
      options: [
        ...switches.map(switchOf),
        ...options.map(optionOf),
        ...[...new Set(settings)].flatMap(settingOf),
        ...GLOBAL,
      ],
      choices: values.flatMap(({ choices = [] }) => choices),
    },
  ];
}

function wordOf({ name, summary }: Pick<CommandSpec, 'name' | 'summary'>): Word {
  return { word: name, summary };
}

function switchOf({ name, summary }: SwitchSpec): CompletedOption {
  return { names: name.split(', '), summary, takesValue: false, choices: [] };
}

function optionOf({ name, summary, choices = [] }: OptionSpec): CompletedOption {
  return { names: name.replace(/ <.*/, '').split(', '), summary, takesValue: true, choices };
}

function settingOf(name: SettingName): readonly CompletedOption[] {
  const { flag, description, allowed = [] }: Setting = SETTINGS[name];
  return flag === undefined ? [] : [{ names: [`--${flag}`], summary: description, takesValue: true, choices: allowed }];
}
