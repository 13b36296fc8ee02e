import type { Context } from './context';
import type { SettingName } from './settings';

/** What a command takes by its place on the command line. */
export interface ArgumentSpec {
  /** `<team>`, or `[team]` where it may be left out. */
  readonly name: string;
  readonly summary: string;
  /** Returns the value as it is; throws UsageError for one that is not valid. */
  readonly check?: (value: string) => string;
  readonly choices?: readonly string[];
  /** What is used where it is left out, in words. */
  readonly otherwise?: string;
}

/** An option without a value. */
export interface SwitchSpec {
  /** `-y, --yes`, or `--no-wait` for one that is on. */
  readonly name: string;
  readonly summary: string;
}

/** An option with a value. Help shows what is used without it: a default, or words for what is found out. */
export type OptionSpec = {
  /** `-m, --model <alias>`; with `...` for several values. */
  readonly name: `-${string}<${string}>`;
  readonly summary: string;
  /** Reads the value; throws UsageError for one that is not valid. */
  readonly parse?: (value: string) => unknown;
  readonly choices?: readonly string[];
} & ({ readonly default: string | number } | { readonly otherwise: string });

/** A command line, and what it does. */
export interface Example {
  /** Without the name of the program. */
  readonly line: string;
  readonly does: string;
}

/** One command, as it is declared: help and parsing follow from it. */
export interface CommandSpec {
  readonly name: string;
  /** What it does; begins with a verb. */
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly switches?: readonly SwitchSpec[];
  readonly options?: readonly OptionSpec[];
  /** Settings that it reads. All are taken everywhere; help shows those that are used. */
  readonly settings: readonly SettingName[];
  readonly examples: readonly [Example, Example, ...Example[]];
  readonly run: (context: Context, flags: object, args: readonly string[]) => Promise<void> | void;
}

/** Commands under one word. */
export interface GroupSpec {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandSpec[];
}

/** Commands under one heading of help. */
export interface Chapter {
  readonly title: string;
  readonly commands: readonly (CommandSpec | GroupSpec)[];
}

/**
 * Declares a command. `run` gets what the arguments and options hold.
 * @typeParam Flags what the switches and options come to
 */
export function command<Flags extends object>(
  spec: Omit<CommandSpec, 'run'> & {
    readonly run: (context: Context, flags: Flags, args: readonly string[]) => Promise<void> | void;
  },
): CommandSpec {
  return { ...spec, run: (context, flags, args) => spec.run(context, flags as Flags, args) };
}
