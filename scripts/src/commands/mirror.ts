import { command, type GroupSpec } from '../program/command';
import { EXAMPLE, PROJECT } from './common';
import { LISTED } from './listed';

const load = () => require('../mirror/run') as typeof import('../mirror/run');

/** `mirror`: the charts and images that a project downloads. */
export const mirror: GroupSpec = {
  ...LISTED.mirror,
  commands: [
    command({
      name: 'list',
      summary: 'List the charts and images that the project downloads, and the mirrors that they are downloaded from',
      arguments: [EXAMPLE],
      settings: PROJECT,
      examples: [
        { line: 'mirror list', does: 'list the charts and images of the project, after npm run synth' },
        { line: 'mirror list --json', does: 'print the list as JSON, such as for a scanner of images' },
      ],
      run: (context, _, [example]) => load().listDownloads(context, example),
    }),
    command({
      name: 'script',
      summary: 'Print a shell script that copies the charts and images to the mirrors, with crane and helm',
      arguments: [EXAMPLE],
      settings: PROJECT,
      examples: [
        {
          line: 'mirror script > mirror.sh',
          does: 'write the script: read it, and run it where the internet can be reached',
        },
        { line: 'mirror script > mirror.sh && sh mirror.sh', does: 'copy what the mirrors do not have' },
      ],
      run: (context, _, [example]) => load().printCopyScript(context, example),
    }),
  ],
};
