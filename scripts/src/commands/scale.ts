import { command, type GroupSpec, type OptionSpec, type SwitchSpec } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import type { ScaleFlags } from '../scale/run';
import { CLUSTER } from './common';
import { LISTED } from './listed';

const load = () => require('../scale/run') as typeof import('../scale/run');

const POOL: OptionSpec = { name: '--pool <name>', summary: 'one pool', otherwise: 'all pools' };
const NO_WAIT: SwitchSpec = { name: '--no-wait', summary: 'return at once instead of waiting' };
/** EKS terminates a node 15 minutes after it is scaled in, together with the pods that are left. */
const NO_WAIT_FOR_NODES: SwitchSpec = {
  name: '--no-wait',
  summary: 'return once the servers have ended, without waiting until their nodes are gone',
};
const TIMEOUT = {
  name: '--timeout <minutes>',
  summary: 'longest wait, in minutes',
  parse: wholeNumber('--timeout'),
} as const;
/** A server ends after its last request; then its node is drained. */
const ZERO_TIMEOUT: OptionSpec = { ...TIMEOUT, default: 40 };
/** A first pull of a large model takes the longest. */
const RESUME_TIMEOUT: OptionSpec = { ...TIMEOUT, default: 60 };

/** `scale`: GPU nodes and servers, to zero and back. */
export const scale: GroupSpec = {
  ...LISTED.scale,
  commands: [
    command<ScaleFlags>({
      name: 'status',
      summary: 'Show the nodes and servers of every pool, and why some are missing',
      options: [POOL],
      settings: CLUSTER,
      examples: [
        { line: 'scale status', does: 'show every pool' },
        { line: 'scale status --pool spare --json', does: 'print one pool as JSON' },
      ],
      run: (context, flags) => load().scaleStatus(context, flags),
    }),
    command<ScaleFlags>({
      name: 'zero',
      summary: 'Stop servers, then their nodes; volumes stay',
      switches: [NO_WAIT_FOR_NODES],
      options: [POOL, ZERO_TIMEOUT],
      settings: CLUSTER,
      examples: [
        { line: 'scale zero', does: 'stop every pool once its last request is answered' },
        { line: 'scale zero --pool spare --no-wait', does: 'stop one pool, and return once its servers have ended' },
      ],
      run: (context, flags) => load().scaleToZero(context, flags),
    }),
    command<ScaleFlags>({
      name: 'resume',
      summary: 'Start nodes, then servers, until a model answers',
      switches: [NO_WAIT],
      options: [
        POOL,
        {
          name: '--nodes <number>',
          summary: 'nodes of each pool',
          parse: wholeNumber('--nodes'),
          otherwise: 'as many as the servers need',
        },
        RESUME_TIMEOUT,
      ],
      settings: CLUSTER,
      examples: [
        { line: 'scale resume', does: 'start every pool that is not on standby, and wait for an answer' },
        { line: 'scale resume --pool spare --nodes 1', does: 'start a standby pool' },
      ],
      run: (context, flags) => load().scaleResume(context, flags),
    }),
  ],
};
