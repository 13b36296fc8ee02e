import type { KeyOptions, RotateOptions } from '../consumers/commands';
import type { CommandModule } from '../program/program';
import { teamName } from '../program/team-name';

const OUTPUT = 'write the key to this new file, readable by its owner alone, instead of showing it';

/** `consumers`: teams and their keys. */
export const consumers: CommandModule = (program, act) => {
  const load = () => require('../consumers/commands') as typeof import('../consumers/commands');
  const group = program.command('consumers').description('teams that may call the endpoint, and their keys');
  group
    .command('list')
    .description('show teams and how many keys each has')
    .action(act((context) => load().listTeams(context)));
  group
    .command('add')
    .description('make a team and show its key, once')
    .argument('<team>', 'small letters, digits and ._-', teamName)
    .option('--admin', 'let it call admin routes')
    .option('--output <file>', OUTPUT)
    .action(
      act<KeyOptions & { admin?: boolean }>((context, options, [team = '']) => load().addTeam(context, team, options)),
    );
  group
    .command('rotate')
    .description('give a team a second key; the old one goes on working until --finish')
    .argument('<team>', 'name of the team', teamName)
    .option('--finish', 'delete the old key')
    .option('--cancel', 'delete the new key')
    .option('--output <file>', OUTPUT)
    .action(act<RotateOptions>((context, options, [team = '']) => load().rotateKey(context, team, options)));
  group
    .command('remove')
    .description('delete a team and its keys')
    .argument('<team>', 'name of the team', teamName)
    .action(act((context, _, [team = '']) => load().removeTeam(context, team)));
};
