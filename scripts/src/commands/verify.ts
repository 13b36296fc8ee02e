import { command } from '../program/command';
import type { VerifyFlags } from '../verify/run';
import { CLUSTER, ENDPOINT, REQUEST_TIMEOUT } from './common';

/** `verify`: the whole path, with proof. */
export const verify = command<VerifyFlags>({
  name: 'verify',
  summary: 'Ask the endpoint, through Kong and past it, and report what does not hold',
  switches: [
    { name: '--tools', summary: 'ask for a tool call, and see whether it arrives whole' },
    { name: '--context', summary: 'send a prompt as long as promised, and see whether it is read whole' },
    { name: '--no-outside', summary: 'leave out what goes through Kong' },
    { name: '--no-inside', summary: 'leave out what needs kubectl' },
  ],
  options: [
    {
      name: '-m, --model <alias...>',
      summary: 'models with their context',
      otherwise: "those of the project's cluster",
    },
    REQUEST_TIMEOUT,
  ],
  settings: [...CLUSTER, ...ENDPOINT],
  examples: [
    { line: 'verify --tools --context', does: 'ask everything, which takes minutes for a large context' },
    {
      line: 'verify --no-inside --proxy-url https://llm.example.com -m qwen3-coder:30b-ctx64k',
      does: 'ask an endpoint with a key alone, without access to its cluster',
    },
  ],
  run(context, flags) {
    const { runVerify } = require('../verify/run') as typeof import('../verify/run');
    return runVerify(context, flags);
  },
});
