import type { CommandModule } from '../program/program';
import { portNumber } from '../program/whole-number';

const ARGOCD_PORT = 8080;

/** `open`: ways to what has a UI. */
export const open: CommandModule = (program, act) => {
  program
    .command('open')
    .description('open a way to a UI in the cluster')
    .command('argocd')
    .description('the UI of Argo CD with its login, where it is on; until Ctrl-C')
    .option('--port <port>', 'port of this machine', portNumber, ARGOCD_PORT)
    .action(
      act<{ readonly port: number }>((context, { port }) => {
        const { openArgoCd } = require('../open/argocd') as typeof import('../open/argocd');
        return openArgoCd(context, port);
      }),
    );
};
