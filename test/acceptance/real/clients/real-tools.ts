import type { Program } from '../../support';

/** A coding tool as a script runs it: one question, without a terminal. */
export interface RealTool {
  /** Its name on our command line; undefined if `client env` is all that it needs. */
  readonly name: string | undefined;
  readonly title: string;
  /** Its name on npm or PyPI. */
  readonly package: string;
  readonly program: Program;
  /** @param file last file that was written for it */
  readonly args: (question: string, file: string) => readonly string[];
  /** Variable that it reads the key from. */
  readonly keyVariable: string;
  /** Path of its requests. */
  readonly path: string;
  /** Its own tool that runs a shell command, and the arguments of a call; absent if it has none. */
  readonly shell?: { readonly name: string; readonly arguments: object };
  /** Whether it gives up as soon as a silence exceeds the request budget, however short that is. */
  readonly givesUp: { readonly before: boolean; readonly within: boolean };
  /** Longest request in seconds, if no setting changes it. */
  readonly limit?: number;
  /** Other hosts that it contacts, and the switch that stops that. */
  readonly elsewhere?: Elsewhere;
}

interface Elsewhere {
  readonly hosts: readonly string[];
  /** The switch, for the documentation. */
  readonly off: string;
  /** Arguments and variables that turn it off. */
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Hosts that it still contacts then. */
  readonly left?: readonly string[];
}

/** Command for the tool's shell. Its output is not part of the command, so only a real run prints it. */
const COMMAND = 'echo real-$((40 + 2))-client';
export const OUTPUT = 'real-42-client';

const CHAT = '/v1/chat/completions';
const BOTH = { before: true, within: true };

export const REAL_TOOLS: readonly RealTool[] = [
  {
    name: 'claude',
    title: 'Claude Code',
    package: '@anthropic-ai/claude-code',
    program: 'claude',
    args: (question) => ['-p', question, '--allowedTools', 'Bash'],
    keyVariable: 'ANTHROPIC_AUTH_TOKEN',
    path: '/v1/messages',
    shell: { name: 'Bash', arguments: { command: COMMAND, description: 'print a word' } },
    givesUp: { before: true, within: false }, // within a stream it waits for 5 minutes at least
  },
  {
    name: 'codex',
    title: 'Codex',
    package: '@openai/codex',
    program: 'codex',
    args: (question) => ['exec', '--skip-git-repo-check', '--json', question],
    keyVariable: 'OLLAMA_EKS_API_KEY',
    path: '/v1/responses',
    shell: { name: 'exec_command', arguments: { cmd: COMMAND } },
    givesUp: { before: false, within: true }, // it has no timeout for the headers
    elsewhere: {
      hosts: ['api.github.com', 'chatgpt.com', 'github.com'],
      off: '`features.plugins = false` in `config.toml`; Codex has no plugins then',
      args: ['--config', 'features.plugins=false'],
    },
  },
  {
    name: 'opencode',
    title: 'OpenCode',
    package: 'opencode-ai',
    program: 'opencode',
    args: (question) => ['run', '--title', 'real client', question],
    keyVariable: 'OLLAMA_EKS_API_KEY',
    path: CHAT,
    shell: { name: 'bash', arguments: { command: COMMAND, description: 'print a word' } },
    givesUp: BOTH,
    elsewhere: {
      hosts: ['models.opencode.ai', 'registry.npmjs.org'],
      off: '`OPENCODE_DISABLE_MODELS_FETCH=1` in the environment; no switch was found for the npm registry',
      variables: { OPENCODE_DISABLE_MODELS_FETCH: '1' },
      left: ['registry.npmjs.org'],
    },
  },
  {
    name: 'qwen',
    title: 'Qwen Code',
    package: '@qwen-code/qwen-code',
    program: 'qwen',
    args: (question) => ['-p', question, '--approval-mode', 'yolo'],
    keyVariable: 'OLLAMA_EKS_API_KEY',
    path: CHAT,
    shell: { name: 'run_shell_command', arguments: { command: COMMAND, is_background: false } },
    givesUp: BOTH,
  },
  {
    name: 'continue',
    title: 'Continue (`cn`)',
    package: '@continuedev/cli',
    program: 'cn',
    args: (question, file) => ['-p', '--auto', '--config', file, question],
    keyVariable: 'OLLAMA_EKS_API_KEY',
    path: CHAT,
    shell: { name: 'Bash', arguments: { command: COMMAND } },
    givesUp: { before: true, within: false }, // its only timeout is for the headers
  },
  {
    name: 'aider',
    title: 'aider',
    package: 'aider-chat',
    program: 'aider',
    args: (question, file) => ['--config', file, '--message', question, '--yes-always', '--no-git'],
    keyVariable: 'OPENAI_API_KEY',
    path: CHAT,
    givesUp: BOTH,
  },
  {
    name: undefined,
    title: 'Copilot CLI',
    package: '@github/copilot',
    program: 'copilot',
    args: (question) => ['-p', question, '--allow-all-tools'],
    keyVariable: 'COPILOT_PROVIDER_API_KEY',
    path: CHAT,
    shell: { name: 'bash', arguments: { command: COMMAND, description: 'print a word' } },
    givesUp: { before: false, within: false },
    limit: 600,
  },
];
