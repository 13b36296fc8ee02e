import type { InspectFlags } from '../models/inspect';
import type { CommandModule } from '../program/program';
import { wholeNumber } from '../program/whole-number';

const load = () => require('../models/run') as typeof import('../models/run');

/** `models`: what is in the registry, and what is on the servers. */
export const models: CommandModule = (program, act) => {
  const group = program.command('models').description('models of the registry and of the servers');
  group
    .command('inspect <name>')
    .description('figures of a model in the registry as a catalogue entry, and what it takes on each instance type')
    .option(
      '--context <tokens>',
      'tokens of one request; default 65536, or all that the model has',
      wholeNumber('--context'),
    )
    .option('--parallel <number>', 'requests at a time; default 1', wholeNumber('--parallel'))
    .option('--instance <type...>', 'instance types; all that are listed without it')
    .action(
      act<InspectFlags>((context, options, [name = '']) => {
        const { inspectModel } = require('../models/inspect') as typeof import('../models/inspect');
        return inspectModel(context, name, options);
      }),
    );
  group
    .command('list')
    .description('models on the servers: size, digest, loaded with which context, how full the disk is')
    .action(act((context) => load().listModels(context)));
  group
    .command('check <name>')
    .description('whether a tag exists in the registry, how large it is, and the digest that pins it')
    .action(act((context, _, [name = '']) => load().checkModel(context, name)));
  group
    .command('pull <name>')
    .description('pull a model to every server; fails when the pull fails')
    .option('--server <pod>', 'one server; all without it')
    .action(
      act<{ readonly server?: string }>((context, { server }, [name = '']) => load().pullModel(context, name, server)),
    );
  group
    .command('remove <name>')
    .description('remove a model from every server')
    .action(act((context, _, [name = '']) => load().removeModel(context, name)));
};
