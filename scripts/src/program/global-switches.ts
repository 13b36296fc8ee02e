import type { SwitchSpec } from './command';

/** Switches that every command accepts. */
export const GLOBAL_SWITCHES: readonly SwitchSpec[] = [
  { name: '--json', summary: 'print one JSON document on standard output' },
  { name: '--dry-run', summary: 'show what would be done, without changing anything' },
  { name: '-y, --yes', summary: 'skip confirmation prompts' },
  { name: '-v, --verbose', summary: 'show commands and requests, without secrets' },
];

/** Switch of every command that prints its help instead. */
export const HELP_SWITCH: SwitchSpec = { name: '-h, --help', summary: 'show this help' };

/** Switch of the program itself, without a command. */
export const VERSION_SWITCH: SwitchSpec = { name: '-V, --version', summary: 'show the version' };
