import type { InitFlags } from '../init/run';
import { command } from '../program/command';
import { wholeNumber } from '../program/whole-number';

/** `init`: a new project. */
export const init = command<InitFlags>({
  name: 'init',
  summary: 'Create a project; asks for values that no flag sets',
  arguments: [{ name: '[directory]', summary: 'empty folder to write to', otherwise: 'the current folder' }],
  options: [
    { name: '--instance <type>', summary: 'GPU instance type', otherwise: 'asked; g5.12xlarge' },
    { name: '-m, --model <name>', summary: 'model with its tag', otherwise: 'asked; qwen3-coder:30b' },
    {
      name: '--context <tokens>',
      summary: 'tokens of one request',
      parse: wholeNumber('--context'),
      otherwise: "asked; 65536, or the model's largest context if that is smaller",
    },
    {
      name: '--parallel <number>',
      summary: 'simultaneous requests',
      parse: wholeNumber('--parallel'),
      otherwise: 'asked; 1',
    },
    {
      name: '--delivery <how>',
      summary: 'what delivers manifests to the cluster',
      choices: ['argocd', 'helm'],
      default: 'argocd',
    },
    { name: '--repository <url>', summary: 'Git repository for the rendered tree', otherwise: 'asked' },
  ],
  settings: ['clusterName', 'awsRegion', 'kongCidr'],
  examples: [
    {
      line: 'init platform --repository https://github.com/acme/platform',
      does: 'create a project for Argo CD in ./platform',
    },
    {
      line: 'init --delivery helm --yes',
      does: 'create one without Argo CD in the current folder, with every default',
    },
  ],
  run(context, flags, [directory = '.']) {
    const { initProject } = require('../init/run') as typeof import('../init/run');
    return initProject(context, directory, flags);
  },
});
