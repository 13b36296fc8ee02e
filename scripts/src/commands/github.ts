import type { GithubOptions } from '../github/setup';
import { command, type GroupSpec } from '../program/command';
import { TARGET } from './common';
import { LISTED } from './listed';

/** `github`: the workflow that syncs Kong's configuration. */
export const github: GroupSpec = {
  ...LISTED.github,
  commands: [
    command<GithubOptions>({
      name: 'setup',
      summary: 'Set the secret and variables of the workflow, and start it if they changed',
      switches: [{ name: '--run', summary: 'start the workflow even if nothing changed' }],
      settings: [...TARGET, 'terraformBinary', 'konnectConfigToken', 'konnectGeo', 'controlPlane'],
      examples: [
        { line: 'github setup --dry-run', does: 'show what would be set, and where' },
        { line: 'github setup --run', does: 'set them, and always start the workflow' },
      ],
      run(context, flags) {
        const { githubSetup } = require('../github/setup') as typeof import('../github/setup');
        return githubSetup(context, flags);
      },
    }),
  ],
};
