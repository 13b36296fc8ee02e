import { command, type GroupSpec } from '../program/command';
import { portNumber } from '../program/whole-number';
import { CLUSTER } from './common';
import { LISTED } from './listed';

const ARGOCD_PORT = 8080;

/** `open`: UIs in the cluster. */
export const open: GroupSpec = {
  ...LISTED.open,
  commands: [
    command<{ readonly port: number }>({
      name: 'argocd',
      summary: 'Forward a local port to the UI of Argo CD until Ctrl-C, and print its login',
      options: [{ name: '--port <port>', summary: 'local port', parse: portNumber, default: ARGOCD_PORT }],
      settings: CLUSTER,
      examples: [
        { line: 'open argocd', does: 'serve it on https://127.0.0.1:8080' },
        { line: 'open argocd --port 9443', does: 'serve it on another port' },
      ],
      run(context, { port }) {
        const { openArgoCd } = require('../open/argocd') as typeof import('../open/argocd');
        return openArgoCd(context, port);
      },
    }),
  ],
};
