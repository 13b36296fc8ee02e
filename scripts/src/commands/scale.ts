import type { Command } from 'commander';
import type { CommandModule } from '../program/program';
import { wholeNumber } from '../program/whole-number';
import type { ScaleFlags } from '../scale/run';

const load = () => require('../scale/run') as typeof import('../scale/run');

/** `scale`: GPU nodes and servers, to nothing and back. */
export const scale: CommandModule = (program, act) => {
  const group = program.command('scale').description('GPU nodes and servers: how many there are, to zero, and back');
  pool(
    group.command('status').description('nodes and servers of every pool, and why there are fewer than asked for'),
  ).action(act<ScaleFlags>((context, options) => load().scaleStatus(context, options)));
  waiting(pool(group.command('zero').description('stop servers, then their nodes; volumes stay'))).action(
    act<ScaleFlags>((context, options) => load().scaleToZero(context, options)),
  );
  waiting(pool(group.command('resume').description('start nodes, then servers, until a model answers')))
    .option('--nodes <number>', 'nodes of each pool; as many as its servers need without it', wholeNumber('--nodes'))
    .action(act<ScaleFlags>((context, options) => load().scaleResume(context, options)));
};

function pool(command: Command): Command {
  return command.option('--pool <name>', 'one pool; all without it');
}

function waiting(command: Command): Command {
  return command
    .option('--no-wait', 'say what is wanted, and leave it to itself')
    .option('--timeout <minutes>', 'when to give up waiting, in minutes', wholeNumber('--timeout'));
}
