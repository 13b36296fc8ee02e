import { command } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import type { ProveFlags } from '../prove/run';
import { CLUSTER, ENDPOINT, REQUEST_TIMEOUT } from './common';
import { LISTED } from './listed';

/** `prove`: measures a running endpoint, and writes a page about it. */
export const prove = command<ProveFlags>({
  ...LISTED.prove,
  switches: [{ name: '--disruptive', summary: 'then scale all servers to zero and back, which interrupts all users' }],
  options: [
    { name: '--out <folder>', summary: 'folder for proof.json, proof.html and proof.md', default: 'proof' },
    {
      name: '-m, --model <alias...>',
      summary: 'models with their context',
      otherwise: "the models of the project's cluster",
    },
    {
      name: '--turns <number>',
      summary: 'turns of each conversation',
      parse: wholeNumber('--turns', { from: 2, to: 100 }),
      default: 20,
    },
    { name: '--clients <number...>', summary: 'coding agents at once', otherwise: '1, then 4, 8 and 16' },
    { name: '--against <file>', summary: 'proof.json of an earlier run to compare with', otherwise: 'no comparison' },
    { name: '--emulated <part...>', summary: 'parts that are not real, which the page names', otherwise: 'none' },
    REQUEST_TIMEOUT,
  ],
  settings: [...CLUSTER, ...ENDPOINT, 'secondApiKey'],
  examples: [
    { line: 'prove --out proof-of-today', does: 'measure every model with up to 16 agents; takes about half an hour' },
    { line: 'prove --out after --against before/proof.json', does: 'measure again after a change, and compare' },
    { line: 'prove --turns 5 --clients 1 2 --out short', does: 'measure for a few minutes' },
    { line: 'prove --disruptive --out night', does: 'also measure a start from zero; nobody else can work meanwhile' },
  ],
  run(context, flags) {
    const { runProve } = require('../prove/run') as typeof import('../prove/run');
    return runProve(context, flags);
  },
});
