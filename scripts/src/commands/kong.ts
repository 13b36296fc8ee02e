import type { FileOptions } from '../kong/commands';
import { command, type GroupSpec, type OptionSpec } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import { CONFIGURATION, TARGET } from './common';
import { LISTED } from './listed';

const load = () => require('../kong/commands') as typeof import('../kong/commands');

const FILE: OptionSpec = {
  name: '--file <path>',
  summary: 'configuration file',
  otherwise: "deck/kong-config.yaml of the project, otherwise the library's",
};
const CONSUMERS: OptionSpec = {
  name: '--consumers <path>',
  summary: 'file with consumers to sync instead',
  otherwise: 'the configuration is synced',
};
const MAX_DELETES: OptionSpec = {
  name: '--max-deletes <number>',
  summary: 'largest number of deletions that the guard allows',
  parse: wholeNumber('--max-deletes', { from: 0 }),
  default: 5,
};
const SETTINGS = [...TARGET, 'terraformBinary', ...CONFIGURATION] as const;

/** `kong`: Kong's configuration, synced by decK. */
export const kong: GroupSpec = {
  ...LISTED.kong,
  commands: [
    command<FileOptions & { exitCode?: boolean }>({
      name: 'diff',
      summary: 'Show what a sync would change',
      switches: [{ name: '--exit-code', summary: 'end with exit code 7 if there are changes' }],
      options: [FILE, CONSUMERS, MAX_DELETES],
      settings: SETTINGS,
      examples: [
        { line: 'kong diff', does: 'count what a sync would create, update and delete' },
        { line: 'kong diff --exit-code', does: 'fail in CI if Kong differs from the file' },
      ],
      run: (context, flags) => load().kongDiff(context, flags),
    }),
    command<FileOptions>({
      name: 'sync',
      summary: "Apply the file to Kong, if the guard allows decK's plan",
      options: [FILE, CONSUMERS, MAX_DELETES],
      settings: SETTINGS,
      examples: [
        { line: 'kong sync', does: "sync the project's configuration" },
        { line: 'kong sync --consumers deck/kong-consumers.yaml', does: 'sync consumers from a file that Git ignores' },
      ],
      run: (context, flags) => load().kongSync(context, flags),
    }),
    command<Pick<FileOptions, 'file'>>({
      name: 'adopt',
      summary: 'Take over existing objects with the names of the configuration, so that a sync can change them',
      options: [FILE],
      settings: SETTINGS,
      examples: [
        { line: 'kong adopt --dry-run', does: 'list the objects, with their IDs' },
        { line: 'kong adopt', does: 'list them, ask, and give them the tag of the configuration' },
      ],
      run: (context, flags) => load().kongAdopt(context, flags),
    }),
    command<{ environment?: string; maxDeletes: number }>({
      name: 'guard',
      summary: "Check decK's plan: no consumers, no credentials, few deletions",
      arguments: [
        {
          name: '[plan]',
          summary: 'output of deck gateway diff --json-output',
          otherwise: '--environment is checked',
        },
      ],
      options: [
        {
          name: '--environment <file>',
          summary: 'check the values that this state file reads from the environment instead',
          otherwise: 'the plan is checked',
        },
        MAX_DELETES,
      ],
      settings: [],
      examples: [
        { line: 'kong guard plan.json', does: 'end with exit code 2 if the plan must not be applied' },
        {
          line: 'kong guard --environment deck/kong-config.yaml',
          does: 'check DECK_ variables before decK reads them',
        },
      ],
      run: (context, flags, [plan]) => load().kongGuard(context, plan, flags),
    }),
  ],
};
