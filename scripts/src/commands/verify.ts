import { command } from '../program/command';
import type { VerifyFlags } from '../verify/run';
import { CLUSTER, ENDPOINT, REQUEST_TIMEOUT } from './common';
import { LISTED } from './listed';

/** `verify`: checks of the whole path, with evidence. */
export const verify = command<VerifyFlags>({
  ...LISTED.verify,
  switches: [
    { name: '--tools', summary: 'check that a tool call arrives complete' },
    {
      name: '--context',
      summary: 'check that a prompt of the promised length is read in full, and what happens to a longer one',
    },
    { name: '--isolation', summary: 'check that no answer contains text of another prompt' },
    { name: '--no-outside', summary: 'skip checks on the path of the callers' },
    { name: '--no-inside', summary: 'skip checks that need kubectl' },
  ],
  options: [
    {
      name: '-m, --model <alias...>',
      summary: 'models with their context',
      otherwise: "the models of the project's cluster",
    },
    REQUEST_TIMEOUT,
  ],
  settings: [...CLUSTER, ...ENDPOINT, 'secondApiKey'],
  examples: [
    { line: 'verify --tools --context', does: 'run every check; takes minutes for a large context' },
    {
      line: 'verify --no-inside --proxy-url https://llm.example.com -m qwen3-coder:30b-ctx64k',
      does: 'check an endpoint with only a key, without access to its cluster',
    },
  ],
  run(context, flags) {
    const { runVerify } = require('../verify/run') as typeof import('../verify/run');
    return runVerify(context, flags);
  },
});
