import type { FileOptions } from '../kong/commands';
import { command, type GroupSpec, type OptionSpec } from '../program/command';
import { CONFIGURATION, TARGET } from './common';

const load = () => require('../kong/commands') as typeof import('../kong/commands');

const FILE: OptionSpec = {
  name: '--file <path>',
  summary: 'configuration file',
  otherwise: "deck/kong-config.yaml of the project, or else the library's",
};
const CONSUMERS: OptionSpec = {
  name: '--consumers <path>',
  summary: "the consumers' file instead, in a run of its own",
  otherwise: 'the configuration is synced',
};
const MAX_DELETES: OptionSpec = {
  name: '--max-deletes <number>',
  summary: 'most deletions that the guard lets pass',
  default: '5',
};
const SETTINGS = [...TARGET, 'terraformBinary', ...CONFIGURATION] as const;

/** `kong`: Kong's configuration, by decK. */
export const kong: GroupSpec = {
  name: 'kong',
  summary: "Kong's configuration, by decK: never touches consumers",
  commands: [
    command<FileOptions & { exitCode?: boolean }>({
      name: 'diff',
      summary: 'Say what a sync would do',
      switches: [{ name: '--exit-code', summary: 'end with exit code 7 where there is something to do' }],
      options: [FILE, CONSUMERS, MAX_DELETES],
      settings: SETTINGS,
      examples: [
        { line: 'kong diff', does: 'count what a sync would create, update and delete' },
        { line: 'kong diff --exit-code', does: 'fail in CI where Kong differs from the file' },
      ],
      run: (context, flags) => load().kongDiff(context, flags),
    }),
    command<FileOptions>({
      name: 'sync',
      summary: 'Bring Kong in line with the file, when the guard lets the plan pass',
      options: [FILE, CONSUMERS, MAX_DELETES],
      settings: SETTINGS,
      examples: [
        { line: 'kong sync', does: "sync the project's configuration" },
        { line: 'kong sync --consumers deck/kong-consumers.yaml', does: 'sync consumers from a file that Git ignores' },
      ],
      run: (context, flags) => load().kongSync(context, flags),
    }),
    command<{ environment?: string; maxDeletes: string }>({
      name: 'guard',
      summary: 'Judge a plan of decK: no consumer, no credential, few deletions',
      arguments: [
        {
          name: '[plan]',
          summary: 'what deck gateway diff --json-output printed',
          otherwise: '--environment is judged',
        },
      ],
      options: [
        {
          name: '--environment <file>',
          summary: 'judge the values that this state file reads from the environment instead',
          otherwise: 'the plan is judged',
        },
        MAX_DELETES,
      ],
      settings: [],
      examples: [
        { line: 'kong guard plan.json', does: 'end with exit code 2 for a plan that must not be carried out' },
        {
          line: 'kong guard --environment deck/kong-config.yaml',
          does: 'check DECK_ variables before decK inserts them',
        },
      ],
      run: (context, flags, [plan]) => load().kongGuard(context, plan, flags),
    }),
  ],
};
