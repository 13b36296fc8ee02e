import type { OffFlags } from '../client/off';
import type { ClientFlags } from '../client/run';
import { SCOPES } from '../client/tool-config';
import { TOOLS } from '../client/tools';
import { command, type CommandSpec, type GroupSpec, type OptionSpec } from '../program/command';
import { portNumber } from '../program/whole-number';
import { CLUSTER, ENDPOINT, PROJECT, REQUEST_TIMEOUT, TARGET } from './common';
import { LISTED } from './listed';

/** Port of a local Ollama. */
const LOCAL_PORT = 11_434;

const load = () => require('../client/run') as typeof import('../client/run');

const MODEL: OptionSpec = {
  name: '-m, --model <alias>',
  summary: 'model with its context',
  otherwise: "the first model of the project's cluster",
};
const SMALL_MODEL: OptionSpec = {
  name: '--small-model <alias>',
  summary: 'model for background tasks',
  otherwise: 'a smaller model that is served, if any',
};
const CONNECTION = [MODEL, SMALL_MODEL, REQUEST_TIMEOUT];
const SCOPE = {
  name: '--scope <scope>',
  summary: 'whose configuration: yours, the one of the project, or the one of all users of this machine',
  choices: SCOPES,
} as const;
const TOOL_NAMES = TOOLS.map(({ name }) => name);
const SETTINGS = [...TARGET, ...ENDPOINT];

/** One command per tool. */
const TOOL_COMMANDS: readonly CommandSpec[] = TOOLS.map((tool) =>
  command<ClientFlags>({
    name: tool.name,
    summary: `Configure ${tool.description}`,
    options: [
      ...CONNECTION,
      { ...SCOPE, default: 'user' },
      {
        name: '--key-command <command>',
        summary: 'command that prints the key',
        otherwise: 'the key is read from the environment',
      },
    ],
    settings: SETTINGS,
    examples: [
      { line: `client ${tool.name} --dry-run`, does: 'show what would change' },
      { line: `client off ${tool.name}`, does: 'restore the previous configuration' },
    ],
    run: (context, flags) => load().configureTool(context, tool, flags),
  }),
);

/** `client`: coding tools that use the endpoint. */
export const client: GroupSpec = {
  ...LISTED.client,
  commands: [
    ...TOOL_COMMANDS,
    command<ClientFlags>({
      name: 'env',
      summary: 'Print variables for the shell',
      options: CONNECTION,
      settings: SETTINGS,
      examples: [
        { line: 'client env', does: 'print export lines: eval "$(ollama-eks client env)" sets them' },
        { line: 'client env --json', does: 'print them as JSON' },
      ],
      run: (context, flags) => load().printEnvironment(context, flags),
    }),
    command<ClientFlags>({
      name: 'check',
      summary: 'Have a conversation as a coding tool would: a tool call, its result, and a warm prompt cache',
      arguments: [{ name: '<tool>', summary: 'one tool', choices: TOOL_NAMES }],
      options: CONNECTION,
      settings: SETTINGS,
      examples: [
        { line: 'client check claude', does: 'use the endpoint as Claude Code does' },
        { line: 'client check codex --json', does: 'use it as Codex does, and print the findings as JSON' },
      ],
      run: (context, flags, [tool = '']) => load().check(context, tool, flags),
    }),
    command<{ readonly port: number }>({
      name: 'local',
      summary: 'Forward a local port to Ollama, bypassing Kong; reconnects automatically',
      options: [{ name: '--port <port>', summary: 'local port', parse: portNumber, default: LOCAL_PORT }],
      settings: CLUSTER,
      examples: [
        { line: 'client local', does: 'forward local port 11434 to a server until Ctrl-C' },
        { line: 'client local --port 8081', does: 'forward another local port' },
      ],
      run(context, { port }) {
        const { keepLocal } = require('../client/local') as typeof import('../client/local');
        return keepLocal(context, port);
      },
    }),
    command<OffFlags>({
      name: 'off',
      summary: 'Restore the previous configuration of one tool, or of all',
      arguments: [{ name: '[tool]', summary: 'one tool', choices: TOOL_NAMES, otherwise: 'all tools' }],
      switches: [{ name: '--force', summary: 'also restore files that were changed since' }],
      options: [{ ...SCOPE, otherwise: 'all scopes' }],
      settings: PROJECT,
      examples: [
        { line: 'client off', does: 'restore the configuration of every tool' },
        { line: 'client off claude --scope project', does: 'restore the project configuration of Claude Code' },
      ],
      run(context, flags, [tool]) {
        const { turnOff } = require('../client/off') as typeof import('../client/off');
        return turnOff(context, tool, flags);
      },
    }),
    command({
      name: 'status',
      summary: 'Show which tools are configured, and whether their files were changed since',
      settings: PROJECT,
      examples: [
        { line: 'client status', does: 'list the tools with model, state and file' },
        { line: 'client status --json', does: 'print the list as JSON' },
      ],
      run(context) {
        const { printStatus } = require('../client/status') as typeof import('../client/status');
        printStatus(context);
      },
    }),
  ],
};
