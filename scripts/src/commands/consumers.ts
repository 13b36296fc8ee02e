import type { KeyOptions, LimitOptions, RotateOptions } from '../consumers/commands';
import { command, type ArgumentSpec, type GroupSpec, type OptionSpec } from '../program/command';
import { teamName } from '../program/team-name';
import { wholeNumber } from '../program/whole-number';
import { CONTROL_PLANE, TARGET } from './common';
import { LISTED } from './listed';

const load = () => require('../consumers/commands') as typeof import('../consumers/commands');

const TEAM: ArgumentSpec = { name: '<team>', summary: 'lowercase letters, digits and ._-', check: teamName };
const OUTPUT: OptionSpec = {
  name: '--output <file>',
  summary: 'new file for the key, readable only by its owner',
  otherwise: 'the key is shown once',
};
const SETTINGS = [...TARGET, ...CONTROL_PLANE];

/** `consumers`: teams and their keys. */
export const consumers: GroupSpec = {
  ...LISTED.consumers,
  commands: [
    command({
      name: 'list',
      summary: 'List teams and the number of their keys',
      settings: SETTINGS,
      examples: [
        { line: 'consumers list', does: "list the teams of the project's cluster" },
        { line: 'consumers list --control-plane llm --json', does: 'print the teams of a control plane as JSON' },
      ],
      run: (context) => load().listTeams(context),
    }),
    command<KeyOptions & { admin?: boolean }>({
      name: 'add',
      summary: 'Create a team and show its key once',
      arguments: [TEAM],
      switches: [{ name: '--admin', summary: 'let it call admin routes' }],
      options: [OUTPUT],
      settings: SETTINGS,
      examples: [
        { line: 'consumers add team-a', does: 'create the team and show its key' },
        { line: 'consumers add team-a --output team-a.key', does: 'write the key to a file instead' },
      ],
      run: (context, flags, [team = '']) => load().addTeam(context, team, flags),
    }),
    command<RotateOptions>({
      name: 'rotate',
      summary: 'Give a team a second key; the old one works until --finish',
      arguments: [TEAM],
      switches: [
        { name: '--finish', summary: 'delete the old key' },
        { name: '--cancel', summary: 'delete the new key' },
      ],
      options: [OUTPUT],
      settings: SETTINGS,
      examples: [
        { line: 'consumers rotate team-a', does: 'create a second key and show it' },
        { line: 'consumers rotate team-a --finish', does: 'delete the first key, once nobody uses it' },
      ],
      run: (context, flags, [team = '']) => load().rotateKey(context, team, flags),
    }),
    command<LimitOptions>({
      name: 'limit',
      summary: "Limit a team's requests, instead of by the limit of the configuration",
      arguments: [TEAM],
      switches: [
        { name: '--reset', summary: 'remove the limit, so that the limit of the configuration applies again' },
      ],
      options: [
        {
          name: '--per-minute <number>',
          summary: 'requests per minute',
          parse: wholeNumber('--per-minute'),
          otherwise: 'not limited',
        },
        {
          name: '--per-day <number>',
          summary: 'requests per day',
          parse: wholeNumber('--per-day'),
          otherwise: 'not limited',
        },
      ],
      settings: SETTINGS,
      examples: [
        { line: 'consumers limit team-a --per-minute 60 --per-day 5000', does: 'set both limits of a team' },
        { line: 'consumers limit team-a --reset', does: 'return to the limit of the configuration' },
      ],
      run: (context, flags, [team = '']) => load().limitTeam(context, team, flags),
    }),
    command({
      name: 'remove',
      summary: 'Delete a team and its keys',
      arguments: [TEAM],
      settings: SETTINGS,
      examples: [
        { line: 'consumers remove team-a', does: 'ask, then delete the team' },
        { line: 'consumers remove team-a --dry-run', does: 'show what would be deleted' },
      ],
      run: (context, _, [team = '']) => load().removeTeam(context, team),
    }),
  ],
};
