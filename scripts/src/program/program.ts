import { createInterface } from 'node:readline/promises';
import { Command, CommanderError, Option } from 'commander';
import type { Clock, Context, GlobalFlags } from './context';
import { UsageError } from './errors';
import { ExitCode, exitCodeOf, messageOf } from './exit-codes';
import { Masker } from './masker';
import { ZxRunner, type Runner } from './process';
import { Reporter, type Streams } from './reporter';
import { SETTINGS, Settings, type Setting } from './settings';

/** Registers a command and its options; the action gets the context. */
export type CommandModule = (program: Command, act: Act) => void;

/** Wraps a command's action: resolves settings, builds the context, hands over arguments and the command's own options. */
export type Act = <Options>(
  action: (context: Context, options: Options, args: readonly string[]) => Promise<void>,
) => (...parameters: unknown[]) => Promise<void>;

/** The outside world of one run; tests replace it whole. */
export interface World {
  readonly streams: Streams & { readonly in: NodeJS.ReadableStream & { readonly isTTY?: boolean } };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** @default - children by zx */
  readonly runner?: Runner;
}

/** Runs one command line and returns its exit code; whatever is thrown below ends here, told in words and without secrets. */
export async function main(
  argv: readonly string[],
  world: World,
  modules: readonly CommandModule[],
): Promise<ExitCode> {
  const masker = new Masker();
  const program = createProgram(world, masker, modules);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (world.signal.aborted) {
      world.streams.err.write('interrupted; nothing is lost: run the same command again and it goes on from there\n');
      return ExitCode.unexpected;
    }
    const message = messageOf(error);
    world.streams.err.write(`${masker.mask(`ollama-eks: ${message}`)}\n`);
    return exitCodeOf(error);
  }
}

/** The package's own version. */
const { version } = require('../../package.json') as { readonly version: string };

function createProgram(world: World, masker: Masker, modules: readonly CommandModule[]): Command {
  const program = new Command('ollama-eks')
    .description('A private Ollama endpoint on EKS behind Kong: everything that Terraform can not do')
    .option('--json', 'one JSON document on standard output')
    .option('--dry-run', 'say what would be done and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('-v, --verbose', 'show commands and requests, without secrets')
    .version(version, '-V, --version', 'show the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.streams.out.write(text),
      writeErr: (text) => void world.streams.err.write(text),
    })
    .configureHelp({ helpWidth: 100, showGlobalOptions: true })
    .showHelpAfterError('(--help shows what there is)');
  for (const setting of Object.values(SETTINGS) as Setting[]) {
    if (setting.flag !== undefined) program.addOption(settingOption(setting, setting.flag));
  }
  const act: Act =
    (action) =>
    async (...parameters) => {
      // commander hands over: the arguments, the options, the command
      const args = parameters
        .slice(0, -2)
        .flat()
        .filter((value) => typeof value === 'string');
      await action(createContext(program, world, masker), parameters.at(-2) as never, args);
    };
  for (const register of modules) register(program, act);
  return program;
}

function settingOption(setting: Setting, flag: string): Option {
  const { description, otherwise, env } = setting;
  const preset = setting.default === undefined ? '' : `; default ${setting.default}`;
  const text = otherwise === undefined ? description : `${description}; ${otherwise}`;
  const option = new Option(`--${flag} <value>`, `${text} (${env}${preset})`);
  return setting.allowed === undefined ? option : option.choices([...setting.allowed]);
}

function createContext(program: Command, world: World, masker: Masker): Context {
  const options = program.opts<Record<string, unknown>>();
  const directory = typeof options['project'] === 'string' ? options['project'] : world.directory;
  const settings = Settings.resolve(options, world.environment, directory);
  for (const name of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]) {
    const value = settings.get(name);
    if ('secret' in SETTINGS[name] && value !== undefined) learn(masker, SETTINGS[name].env, value);
  }
  const reporter = new Reporter(world.streams, masker, options['verbose'] === true);
  const flags: GlobalFlags = {
    json: options['json'] === true,
    dryRun: options['dryRun'] === true,
    yes: options['yes'] === true,
    verbose: options['verbose'] === true,
  };
  return {
    flags,
    settings,
    masker,
    reporter,
    streams: world.streams,
    clock: world.clock,
    fetch: world.fetch,
    directory: world.directory,
    environment: world.environment,
    signal: world.signal,
    runner:
      world.runner ??
      new ZxRunner(masker, world.signal, world.environment, (line) => {
        reporter.detail(`$ ${line}`);
      }),
    confirm: (question) => confirm(question, flags, world),
    ask: (question, preset) => ask(question, preset, flags, world),
  };
}

function learn(masker: Masker, variable: string, secret: string): void {
  try {
    masker.add(secret);
  } catch (cause) {
    throw new UsageError(`${variable} is not a secret: ${messageOf(cause)}`);
  }
}

async function confirm(question: string, flags: GlobalFlags, world: World): Promise<boolean> {
  if (flags.yes) return true;
  if (world.streams.in.isTTY !== true) {
    throw new UsageError(`${question} There is nobody to ask`, { remedy: 'say --yes' });
  }
  return (await answer(`${question} Type yes to go on: `, world)) === 'yes';
}

async function ask(question: string, preset: string, flags: GlobalFlags, world: World): Promise<string> {
  if (flags.yes || world.streams.in.isTTY !== true) return preset;
  const given = await answer(`${question} [${preset}] `, world);
  return given === '' ? preset : given;
}

async function answer(question: string, world: World): Promise<string> {
  world.streams.err.write(question);
  const terminal = createInterface({ input: world.streams.in });
  try {
    return (await terminal.question('', { signal: world.signal })).trim();
  } finally {
    terminal.close();
  }
}
