import { command } from '../program/command';
import { CLUSTER, EXAMPLE, NETWORK } from './common';
import { LISTED } from './listed';

/** `doctor`: what would make a deployment fail. */
export const doctor = command({
  ...LISTED.doctor,
  arguments: [EXAMPLE],
  settings: [...CLUSTER, 'terraformBinary', ...NETWORK],
  examples: [
    { line: 'doctor', does: 'check what the project in this folder needs' },
    {
      line: 'doctor --region us-west-2 --cluster ollama',
      does: 'check accounts and Konnect before a project exists',
    },
  ],
  run(context, _, [example]) {
    const commands = require('../doctor/doctor') as typeof import('../doctor/doctor');
    return commands.doctor(context, example);
  },
});
