import { command } from '../program/command';
import { CLUSTER, EXAMPLE, NETWORK } from './common';

/** `doctor`: what a deployment would stumble over. */
export const doctor = command({
  name: 'doctor',
  summary: 'Check tools, accounts, quotas and ranges before anything is paid for',
  arguments: [EXAMPLE],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK],
  examples: [
    { line: 'doctor', does: 'check what the project in this folder needs' },
    {
      line: 'doctor --region us-west-2 --cluster ollama',
      does: 'check accounts and Konnect before there is a project',
    },
  ],
  run(context, _, [example]) {
    const commands = require('../doctor/doctor') as typeof import('../doctor/doctor');
    return commands.doctor(context, example);
  },
});
