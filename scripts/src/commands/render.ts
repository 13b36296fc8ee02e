import { command } from '../program/command';
import type { RenderFlags } from '../render/run';
import { PROJECT } from './common';
import { LISTED } from './listed';

/** `render`: the GitOps tree, for Git. */
export const render = command<RenderFlags>({
  ...LISTED.render,
  arguments: [{ name: '[directory]', summary: 'root of the repository', otherwise: 'the current folder' }],
  switches: [{ name: '--check', summary: 'write nothing; end with exit code 6 if the repository differs' }],
  options: [{ name: '--example <name>', summary: 'an example of the project', otherwise: 'the project itself' }],
  settings: PROJECT,
  examples: [
    { line: 'render ../platform', does: 'copy the tree of this project to a clone of its repository' },
    { line: 'render --check', does: 'fail in CI if the committed tree is not the one that synth wrote' },
  ],
  run(context, flags, [directory = '.']) {
    const { renderTrees } = require('../render/run') as typeof import('../render/run');
    renderTrees(context, directory, flags);
  },
});
