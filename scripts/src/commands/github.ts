import type { GithubOptions } from '../github/setup';
import { command, type GroupSpec } from '../program/command';
import { TARGET } from './common';

/** `github`: the workflow that syncs Kong's configuration. */
export const github: GroupSpec = {
  name: 'github',
  summary: "The workflow that syncs Kong's configuration",
  commands: [
    command<GithubOptions>({
      name: 'setup',
      summary: 'Give the workflow its secret and variables, and start it where they changed',
      switches: [{ name: '--run', summary: 'start the workflow even where nothing changed' }],
      settings: [...TARGET, 'terraformBinary', 'konnectConfigToken', 'konnectGeo', 'controlPlane'],
      examples: [
        { line: 'github setup --dry-run', does: 'say what would be set, and where' },
        { line: 'github setup --run', does: 'set it, and start the workflow in any case' },
      ],
      run(context, flags) {
        const { githubSetup } = require('../github/setup') as typeof import('../github/setup');
        return githubSetup(context, flags);
      },
    }),
  ],
};
