import type { ClientFlags, OffFlags } from '../client/run';
import { SCOPES } from '../client/tool-config';
import { TOOLS } from '../client/tools';
import { command, type CommandSpec, type GroupSpec, type OptionSpec } from '../program/command';
import { portNumber } from '../program/whole-number';
import { CLUSTER, ENDPOINT, PROJECT, REQUEST_TIMEOUT, TARGET } from './common';

/** Port of an Ollama of one's own. */
const LOCAL_PORT = 11_434;

const load = () => require('../client/run') as typeof import('../client/run');

const MODEL: OptionSpec = {
  name: '-m, --model <alias>',
  summary: 'model with its context',
  otherwise: "the first of the project's cluster",
};
const SMALL_MODEL: OptionSpec = {
  name: '--small-model <alias>',
  summary: 'model for work in the background',
  otherwise: 'a smaller one that is served, if any',
};
const CONNECTION = [MODEL, SMALL_MODEL, REQUEST_TIMEOUT];
const SCOPE = {
  name: '--scope <scope>',
  summary: 'whose configuration: yours, that of the project, or that of everybody on this machine',
  choices: SCOPES,
} as const;
const TOOL_NAMES = TOOLS.map(({ name }) => name);
const SETTINGS = [...TARGET, ...ENDPOINT];

/** One command for each tool. */
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
        otherwise: 'the environment holds the key',
      },
    ],
    settings: SETTINGS,
    examples: [
      { line: `client ${tool.name} --dry-run`, does: 'show what would be written' },
      { line: `client off ${tool.name}`, does: 'restore what was there before' },
    ],
    run: (context, flags) => load().configureTool(context, tool, flags),
  }),
);

/** `client`: coding tools that know what was deployed. */
export const client: GroupSpec = {
  name: 'client',
  summary: 'Configure a coding tool for the endpoint, and take it back',
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
      summary: 'Have a conversation as a tool would: a call of a tool, its result, and a warm prompt cache',
      arguments: [{ name: '<tool>', summary: 'one tool', choices: TOOL_NAMES }],
      options: CONNECTION,
      settings: SETTINGS,
      examples: [
        { line: 'client check claude', does: 'talk to the endpoint as Claude Code does' },
        { line: 'client check codex --json', does: 'do so as Codex, and print findings for a script' },
      ],
      run: (context, flags, [tool = '']) => load().check(context, tool, flags),
    }),
    command<{ readonly port: number }>({
      name: 'local',
      summary: 'Keep a way to Ollama open for one person, past Kong; it reconnects by itself',
      options: [{ name: '--port <port>', summary: 'port of this machine', parse: portNumber, default: LOCAL_PORT }],
      settings: CLUSTER,
      examples: [
        { line: 'client local', does: 'forward port 11434 of this machine to a server until Ctrl-C' },
        { line: 'client local --port 8081', does: 'forward another port' },
      ],
      run(context, { port }) {
        const { keepLocal } = require('../client/local') as typeof import('../client/local');
        return keepLocal(context, port);
      },
    }),
    command<OffFlags>({
      name: 'off',
      summary: 'Restore what was there before; for one tool, or for all',
      arguments: [{ name: '[tool]', summary: 'one tool', choices: TOOL_NAMES, otherwise: 'all of them' }],
      switches: [{ name: '--force', summary: 'restore what somebody has changed since, too' }],
      options: [{ ...SCOPE, otherwise: 'all of them' }],
      settings: PROJECT,
      examples: [
        { line: 'client off', does: 'restore the configuration of every tool' },
        { line: 'client off claude --scope project', does: 'restore that of Claude Code in this project' },
      ],
      run: (context, flags, [tool]) => load().turnOff(context, tool, flags),
    }),
    command({
      name: 'status',
      summary: 'Show what was configured, and whether it still is',
      settings: PROJECT,
      examples: [
        { line: 'client status', does: 'list the tools with model, state and file' },
        { line: 'client status --json', does: 'print the list for a script' },
      ],
      run: (context) => load().printStatus(context),
    }),
  ],
};
