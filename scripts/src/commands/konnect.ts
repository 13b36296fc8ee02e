import type { KonnectUpOptions } from '../deploy/deploy';
import type { AccountsOptions } from '../konnect/accounts-command';
import type { CommandModule } from '../program/program';
import { wholeNumber } from '../program/whole-number';

/** Life of a token, in days, unless told otherwise. */
const TOKEN_DAYS = 90;

/** `konnect`: what is in Konnect, alone. */
export const konnect: CommandModule = (program, act) => {
  const group = program.command('konnect').description('control plane, network, gateways and attachment in Konnect');
  group
    .command('up')
    .description('bring up what is in Konnect, for an infrastructure that is there')
    .argument('[example]', 'folder under examples/, or any with a cdktf.json; the project itself without it')
    .option('--allow-deletions', 'let Terraform delete and replace what its plans name; refused or asked otherwise')
    .action(
      act<KonnectUpOptions>((context, options, [example]) => {
        const { konnectUp } = require('../deploy/deploy') as typeof import('../deploy/deploy');
        return konnectUp(context, example, options);
      }),
    );
  group
    .command('status')
    .description('show every object in Konnect and its state')
    .action(
      act((context) => {
        const { konnectStatus } = require('../konnect/status') as typeof import('../konnect/status');
        return konnectStatus(context);
      }),
    );
  group
    .command('down')
    .description('delete everything in Konnect, in order, while the transit gateway is still there')
    .action(
      act((context) => {
        const { konnectDown } = require('../konnect/down') as typeof import('../konnect/down');
        return konnectDown(context);
      }),
    );
  group
    .command('accounts')
    .description('make system accounts with the least that each needs: one to provision, one to sync configuration')
    .option('--days <number>', 'life of the tokens, at most 365', wholeNumber('--days', { to: 365 }), TOKEN_DAYS)
    .option('--replace', 'replace tokens whose secrets are lost')
    .action(
      act<AccountsOptions>((context, options) => {
        const { konnectAccounts } =
          require('../konnect/accounts-command') as typeof import('../konnect/accounts-command');
        return konnectAccounts(context, options);
      }),
    );
};
