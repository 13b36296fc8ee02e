import { Option } from 'commander';
import type { InitFlags } from '../init/run';
import type { CommandModule } from '../program/program';
import { wholeNumber } from '../program/whole-number';

/** `init`: a project of one's own. */
export const init: CommandModule = (program, act) => {
  program
    .command('init [directory]')
    .description('write a project of your own: main.ts, package.json, cdktf.json; asks for what no flag tells')
    .option('--instance <type>', 'GPU instance type, e.g. g5.12xlarge')
    .option('-m, --model <name>', 'model with its tag, e.g. qwen3-coder:30b')
    .option('--context <tokens>', 'tokens of one request', wholeNumber('--context'))
    .option('--parallel <number>', 'requests at a time', wholeNumber('--parallel'))
    .addOption(
      new Option('--delivery <way>', 'how manifests get into the cluster; default argocd').choices(['argocd', 'helm']),
    )
    .option('--repository <url>', 'Git repository that the rendered tree is committed to')
    .action(
      act<InitFlags>((context, options, [directory = '.']) => {
        const { initProject } = require('../init/run') as typeof import('../init/run');
        return initProject(context, directory, options);
      }),
    );
};
