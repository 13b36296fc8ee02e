import { Argument, Command, Help, Option } from 'commander';
import type { ArgumentSpec, Chapter, CommandSpec, GroupSpec, OptionSpec } from './command';
import type { Context } from './context';
import { GLOBAL_SWITCHES, HELP_SWITCH, VERSION_SWITCH } from './global-switches';
import { programHelp, WIDTH } from './program-help';
import type { Streams } from './reporter';
import { SETTINGS, type Setting, type SettingName } from './settings';
import { VERSION } from './version';

/** A parsed command line. */
export interface Parsed {
  /** Values of the options that every command accepts, including settings. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Runs the command. */
  readonly run: (context: Context) => Promise<void> | void;
}

const SETTINGS_TITLE = 'Settings:';

/**
 * Parses a command line. Throws CommanderError if it is invalid, and after printing help or the version.
 * @param onParsed called once with the result
 */
export async function parse(
  argv: readonly string[],
  streams: Streams,
  chapters: readonly Chapter[],
  onParsed: (parsed: Parsed) => Promise<void>,
): Promise<void> {
  const program = createProgram(argv, streams, chapters, (spec) => async (flags, args) => {
    await onParsed({ options: program.opts(), run: (context) => spec.run(context, flags, args) });
  });
  await program.parseAsync([...argv], { from: 'user' });
}

type Act = (spec: CommandSpec) => (flags: object, args: readonly string[]) => Promise<void>;

function createProgram(
  argv: readonly string[],
  { out, err }: Streams,
  chapters: readonly Chapter[],
  act: Act,
): Command {
  const program = new Command('ollama-eks');
  program.helpInformation = () => programHelp(chapters);
  GLOBAL_SWITCHES.forEach(({ name, summary }) => program.option(name, summary));
  program
    .version(VERSION, VERSION_SWITCH.name, VERSION_SWITCH.summary)
    .helpOption(HELP_SWITCH.name, HELP_SWITCH.summary)
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .showHelpAfterError('(see ollama-eks --help)')
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
    });
  const settings = settingOptions();
  settings.forEach((option) => program.addOption(option));
  const used = new Map<Command, readonly SettingName[]>();
  program.configureHelp({
    helpWidth: WIDTH,
    showGlobalOptions: true,
    argumentDescription: ({ description }) => description,
    optionDescription: ({ description }) => description,
    visibleCommands: (command) => new Help().visibleCommands(command).filter((inner) => inner.name() !== 'help'),
    visibleOptions(command) {
      const own = new Help().visibleOptions(command).filter((option) => !isSetting(option));
      const shown = (used.get(command) ?? []).flatMap((name) => settings.get(name) ?? []);
      return [...own, ...shown];
    },
    visibleGlobalOptions: (command) =>
      command.parent === null
        ? []
        : program.options.filter((option) => !isSetting(option) && option.long !== '--version'),
  });
  for (const entry of chapters.flatMap(({ commands }) => commands)) {
    if (argv.includes(entry.name)) add(program, entry.load(), act, used);
    else addName(program, entry);
  }
  return program;
}

function add(
  parent: Command,
  spec: CommandSpec | GroupSpec,
  act: Act,
  used: Map<Command, readonly SettingName[]>,
): Command {
  if ('commands' in spec) {
    const command = addName(parent, spec);
    command.showHelpAfterError(seeHelp(command, spec.commands));
    spec.commands.forEach((inner) => add(command, inner, act, used));
    return command;
  }
  const command = parent.command(spec.name).description(spec.summary);
  command.showHelpAfterError(seeHelp(command));
  used.set(command, inOrder(spec.settings));
  spec.arguments?.forEach((argument) => command.addArgument(argumentOf(argument)));
  spec.switches?.forEach(({ name, summary }) => command.option(name, summary));
  spec.options?.forEach((option) => command.addOption(optionOf(option)));
  command.addHelpText('after', () => afterHelp(spec));
  const run = act(spec);
  return command.action(async (...parameters: unknown[]) => {
    // commander passes the arguments, the options, and the command
    const args = parameters
      .slice(0, -2)
      .flat()
      .filter((value) => typeof value === 'string');
    await run(parameters.at(-2) as object, args);
  });
}

/** Adds a command without its options, or a group without its commands. */
function addName(parent: Command, { name, summary }: Pick<CommandSpec, 'name' | 'summary'>): Command {
  return parent.command(name).description(summary);
}

/** `(one of: list, add; see ollama-eks consumers --help)` */
function seeHelp(command: Command, commands: readonly CommandSpec[] = []): string {
  const words = [command.parent?.name(), command.name()].filter((word) => word !== 'ollama-eks');
  const choices = commands.length === 0 ? '' : `one of: ${commands.map(({ name }) => name).join(', ')}; `;
  return `(${choices}see ollama-eks ${words.join(' ')} --help)`;
}

function argumentOf({ name, summary, check, choices, otherwise }: ArgumentSpec): Argument {
  const argument = new Argument(name, described(summary, { choices, preset: otherwise }));
  if (choices !== undefined) argument.choices([...choices]);
  return check === undefined ? argument : argument.argParser(check);
}

function optionOf({ name, summary, parse, choices, ...rest }: OptionSpec): Option {
  const preset = 'default' in rest ? rest.default : undefined;
  const option = new Option(
    name,
    described(summary, { choices, preset: 'otherwise' in rest ? rest.otherwise : rest.default }),
  );
  if (choices !== undefined) option.choices([...choices]);
  if (parse !== undefined) option.argParser(parse);
  return option.default(preset);
}

function settingOptions(): ReadonlyMap<SettingName, Option> {
  const all = Object.entries(SETTINGS) as [SettingName, Setting][];
  return new Map(
    all.flatMap(([name, { flag, description, env, allowed, otherwise, default: preset = otherwise }]) => {
      if (flag === undefined) return [];
      const option = new Option(`--${flag} <value>`, described(description, { choices: allowed, env, preset }));
      return [[name, option.helpGroup(SETTINGS_TITLE)] as const];
    }),
  );
}

interface Facts {
  readonly choices?: readonly string[] | undefined;
  readonly env?: string;
  readonly preset?: string | number | undefined;
}

/** `Konnect geography (one of: us, eu; env: KONNECT_REGION; default: us)` */
function described(summary: string, { choices, env, preset }: Facts): string {
  const facts = [
    ...(choices === undefined ? [] : [`one of: ${choices.join(', ')}`]),
    ...(env === undefined ? [] : [`env: ${env}`]),
    ...(preset === undefined ? [] : [`default: ${String(preset)}`]),
  ];
  return facts.length === 0 ? summary : `${summary} (${facts.join('; ')})`;
}

/** Returns each name once, in the order of SETTINGS. */
function inOrder(names: readonly SettingName[]): readonly SettingName[] {
  return (Object.keys(SETTINGS) as SettingName[]).filter((name) => names.includes(name));
}

function isSetting({ helpGroupHeading }: Option): boolean {
  return helpGroupHeading === SETTINGS_TITLE;
}

/** Returns the secrets, which have no flag, and the examples. */
function afterHelp({ settings, examples }: CommandSpec): string {
  const secrets = inOrder(settings)
    .map((name): Setting => SETTINGS[name])
    .filter(({ secret }) => secret === true);
  const width = Math.max(0, ...secrets.map(({ env }) => env.length));
  const help = Object.assign(new Help(), { helpWidth: WIDTH });
  return [
    ...(secrets.length === 0 ? [] : ['', 'Secrets (environment, file named by <NAME>_FILE, or .env):']),
    ...secrets.map(({ env, description, otherwise }) =>
      help.formatItem(env, width, described(description, { preset: otherwise }), help),
    ),
    '',
    'Examples:',
    ...examples.flatMap(({ line, does }) => [`  ollama-eks ${line}`, `      ${does}`]),
  ].join('\n');
}
