import type { DeployOptions } from '../deploy/deploy';
import type { CommandModule } from '../program/program';
import { teamName } from '../program/team-name';

/** `deploy`: from nothing to a verified answer. */
export const deploy: CommandModule = (program, act) => {
  program
    .command('deploy')
    .description('bring up everything, from nothing to a verified answer; run again, it goes on from where it was')
    .argument('[example]', 'folder under examples/, or any with a cdktf.json; the project itself without it')
    .option('--team <name>', 'name of the first team that gets a key, where Kong leads in', teamName, 'default')
    .option('--allow-deletions', 'let Terraform delete and replace what its plans name; refused or asked otherwise')
    .action(
      act<DeployOptions>((context, options, [example]) => {
        const commands = require('../deploy/deploy') as typeof import('../deploy/deploy');
        return commands.deploy(context, example, options);
      }),
    );
};
