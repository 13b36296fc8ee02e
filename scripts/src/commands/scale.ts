import { command, type GroupSpec, type OptionSpec, type SwitchSpec } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import type { ScaleFlags } from '../scale/run';
import { CLUSTER } from './common';

const load = () => require('../scale/run') as typeof import('../scale/run');

const POOL: OptionSpec = { name: '--pool <name>', summary: 'one pool', otherwise: 'all of them' };
const NO_WAIT: SwitchSpec = { name: '--no-wait', summary: 'ask for it, and do not wait until it is so' };
const TIMEOUT = {
  name: '--timeout <minutes>',
  summary: 'when to give up waiting, in minutes',
  parse: wholeNumber('--timeout'),
} as const;
/** A request under way is waited for before its server goes; then the node is drained. */
const ZERO_TIMEOUT: OptionSpec = { ...TIMEOUT, default: 40 };
/** A first pull of a large model takes the longest. */
const RESUME_TIMEOUT: OptionSpec = { ...TIMEOUT, default: 60 };

/** `scale`: GPU nodes and servers, to nothing and back. */
export const scale: GroupSpec = {
  name: 'scale',
  summary: 'GPU nodes and servers: how many there are, to zero, and back',
  commands: [
    command<ScaleFlags>({
      name: 'status',
      summary: 'Show nodes and servers of every pool, and why there are fewer than asked for',
      options: [POOL],
      settings: CLUSTER,
      examples: [
        { line: 'scale status', does: 'show every pool' },
        { line: 'scale status --pool spare --json', does: 'print one pool for a script' },
      ],
      run: (context, flags) => load().scaleStatus(context, flags),
    }),
    command<ScaleFlags>({
      name: 'zero',
      summary: 'Stop servers, then their nodes; volumes stay',
      switches: [NO_WAIT],
      options: [POOL, ZERO_TIMEOUT],
      settings: CLUSTER,
      examples: [
        { line: 'scale zero', does: 'stop every pool when its last request has its answer' },
        { line: 'scale zero --pool spare --no-wait', does: 'ask for one pool to stop, and return at once' },
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
          otherwise: 'as many as its servers need',
        },
        RESUME_TIMEOUT,
      ],
      settings: CLUSTER,
      examples: [
        { line: 'scale resume', does: 'start what runs by itself, and wait for an answer' },
        { line: 'scale resume --pool spare --nodes 1', does: 'start a pool that stands by' },
      ],
      run: (context, flags) => load().scaleResume(context, flags),
    }),
  ],
};
