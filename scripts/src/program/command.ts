import type { Context } from './context';
import type { SettingName } from './settings';

/** A positional argument of a command. */
export interface ArgumentSpec {
  /** `<team>`, or `[team]` if it is optional. */
  readonly name: string;
  readonly summary: string;
  /** Returns the value unchanged. Throws UsageError for an invalid one. */
  readonly check?: (value: string) => string;
  readonly choices?: readonly string[];
  /** Description of the value that is used if the argument is omitted. */
  readonly otherwise?: string;
}

/** An option without a value. */
export interface SwitchSpec {
  /** `-y, --yes`, or `--no-wait` for a switch that is on by default. */
  readonly name: string;
  readonly summary: string;
}

/** An option with a value. Help shows its default, or a description of the value that is determined without it. */
export type OptionSpec = {
  /** `-m, --model <alias>`; with `...` for several values. */
  readonly name: `-${string}<${string}>`;
  readonly summary: string;
  /** Parses the value. Throws UsageError for an invalid one. */
  readonly parse?: (value: string) => unknown;
  readonly choices?: readonly string[];
} & ({ readonly default: string | number } | { readonly otherwise: string });

/** An example command line and its effect. */
export interface Example {
  /** Command line without the name of the program. */
  readonly line: string;
  readonly does: string;
}

/** Declaration of a command, from which help and parsing are derived. */
export interface CommandSpec {
  readonly name: string;
  /** What the command does, starting with a verb. */
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly switches?: readonly SwitchSpec[];
  readonly options?: readonly OptionSpec[];
  /** Settings that the command reads. Every command accepts all settings, but help shows only these. */
  readonly settings: readonly SettingName[];
  readonly examples: readonly [Example, Example, ...Example[]];
  readonly run: (context: Context, flags: object, args: readonly string[]) => Promise<void> | void;
}

/** A group of subcommands. */
export interface GroupSpec {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandSpec[];
}

/** What the list of commands shows of a command or group. */
export interface Listed {
  readonly name: string;
  /** What follows the name: `[options] [example]`; empty for a group. */
  readonly usage: string;
  readonly summary: string;
}

/** A command or group in its chapter. */
export interface ChapterEntry extends Listed {
  /** Loads the declaration. Called only if the command line contains the name. Returns the same object each time. */
  readonly load: () => CommandSpec | GroupSpec;
}

/** Commands under one heading of the help text. */
export interface Chapter {
  readonly title: string;
  readonly commands: readonly ChapterEntry[];
}

/**
 * Declares a command. `run` receives the arguments and options.
 * @typeParam Flags values of the switches and options
 */
export function command<Flags extends object>(
  spec: Omit<CommandSpec, 'run'> & {
    readonly run: (context: Context, flags: Flags, args: readonly string[]) => Promise<void> | void;
  },
): CommandSpec {
  return { ...spec, run: (context, flags, args) => spec.run(context, flags as Flags, args) };
}
