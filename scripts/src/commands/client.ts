import { Argument, Option, type Command } from 'commander';
import type { ClientFlags, OffFlags } from '../client/run';
import { SCOPES } from '../client/tool-config';
import { TOOLS } from '../client/tools';
import type { CommandModule } from '../program/program';
import { portNumber, wholeNumber } from '../program/whole-number';

/** Port of an Ollama of one's own. */
const LOCAL_PORT = 11_434;

const load = () => require('../client/run') as typeof import('../client/run');

/** `client`: coding tools that know what was deployed. */
export const client: CommandModule = (program, act) => {
  const group = program.command('client').description('configure a coding tool for the endpoint, and take it back');
  for (const tool of TOOLS) {
    connectionOptions(group.command(tool.name).description(`configure ${tool.description}`))
      .addOption(scopeOption().default('user'))
      .option('--key-command <command>', 'command that prints the key; the environment holds it without')
      .action(act<ClientFlags>((context, options) => load().configureTool(context, tool, options)));
  }
  connectionOptions(
    group.command('env').description('print variables for the shell: eval "$(ollama-eks client env)"'),
  ).action(act<ClientFlags>((context, options) => load().printEnvironment(context, options)));
  connectionOptions(
    group
      .command('check')
      .description('have a conversation as a tool would: a call of a tool, its result, and a warm prompt cache')
      .addArgument(toolArgument('tool')),
  ).action(act<ClientFlags>((context, options, [tool = '']) => load().check(context, tool, options)));
  group
    .command('local')
    .description('keep a way to Ollama open for one person, past Kong, that reconnects by itself')
    .option('--port <port>', 'port of this machine', portNumber, LOCAL_PORT)
    .action(
      act<{ readonly port: number }>((context, { port }) => {
        const { keepLocal } = require('../client/local') as typeof import('../client/local');
        return keepLocal(context, port);
      }),
    );
  group
    .command('off')
    .description('restore what was there before; for one tool, or for all')
    .addArgument(toolArgument('tool', 'all without it'))
    .addOption(scopeOption())
    .option('--force', 'restore what somebody has changed since, too')
    .action(
      act<OffFlags>((context, flags, [tool]) => {
        load().turnOff(context, tool, flags);
        return Promise.resolve();
      }),
    );
  group
    .command('status')
    .description('what was configured, and whether it still is')
    .action(
      act((context) => {
        load().printStatus(context);
        return Promise.resolve();
      }),
    );
};

function connectionOptions(command: Command): Command {
  return command
    .option('-m, --model <alias>', "model with its context; the first of the project's cluster without it")
    .option(
      '--small-model <alias>',
      'model for work in the background; a smaller one that is served, if any, without it',
    )
    .option(
      '--request-timeout <seconds>',
      'longest request, in seconds; that of the cluster, or 900, without it',
      wholeNumber('--request-timeout'),
    );
}

function scopeOption(): Option {
  return new Option(
    '--scope <scope>',
    'whose configuration: of you, of the project, or of everybody on this machine',
  ).choices(SCOPES);
}

function toolArgument(name: string, without?: string): Argument {
  return new Argument(without === undefined ? `<${name}>` : `[${name}]`, without).choices(
    TOOLS.map(({ name }) => name),
  );
}
