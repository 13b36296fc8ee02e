// https://code.claude.com/docs/en/llm-gateway and https://code.claude.com/docs/en/env-vars
import { join } from 'node:path';
import {
  directoryOf,
  outputTokens,
  type Connection,
  type Edit,
  type Places,
  type Scope,
  type Tool,
  type ToolConfig,
} from './tool-config';

/** Folders of a company's settings, which users cannot override. @see https://code.claude.com/docs/en/settings (Managed settings) */
const MANAGED = {
  linux: '/etc/claude-code',
  darwin: '/Library/Application Support/ClaudeCode',
  win32: 'C:\\Program Files\\ClaudeCode',
};

/** Smallest context, in tokens, with room for the definitions of all tools. */
const ALL_TOOLS_CONTEXT = 131_072;

/**
 * Claude Code:
 * - `ANTHROPIC_AUTH_TOKEN` alone holds the key: if `ANTHROPIC_API_KEY` is set too, two headers carry a key;
 *   https://code.claude.com/docs/en/llm-gateway
 * - every model slot names a served model; otherwise a background task asks for `claude-haiku-…`;
 *   https://code.claude.com/docs/en/model-config
 * - it assumes a context of 200,000 tokens for an unknown model, so the real one is set, and it compacts by that.
 *   `CLAUDE_CODE_AUTO_COMPACT_WINDOW` is not set: it is refused below 100,000 tokens, and above that it subtracts the reserve twice;
 *   https://code.claude.com/docs/en/model-config (CLAUDE_CODE_MAX_CONTEXT_TOKENS)
 * - it cuts a stream that is silent for 5 minutes and sends the whole request again without streaming, unless
 *   `CLAUDE_STREAM_IDLE_TIMEOUT_MS` allows more, up to 30 minutes; https://code.claude.com/docs/en/env-vars
 * - it defers the definitions of some tools, and adds one to the front of the prompt when the model asks for it, which makes the server
 *   read the whole prompt again. All definitions at once take 10,000 more tokens (measured with 2.1.332), so only large contexts get them;
 * - the first line of its system prompt changes with every request, which makes the server read the whole prompt again;
 *   `CLAUDE_CODE_ATTRIBUTION_HEADER=0` leaves it out, as `ollama launch` does; https://github.com/ollama/ollama/pull/14918
 * - a count of the remaining tokens, which can follow a tool result as a system message, has the same effect, because Ollama moves
 *   system messages to the front; `CLAUDE_CODE_TOTAL_TOKENS_REMINDER=off`; https://github.com/ollama/ollama/pull/17918
 * - telemetry and other traffic to Anthropic is turned off: the endpoint is private.
 */
export const claude: Tool = {
  name: 'claude',
  description: 'Claude Code: settings.json',
  form: 'messages',
  sessionHeader: 'X-Claude-Code-Session-Id',
  configure,
};

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { key } = connection;
  const { home, project, environment } = places;
  const directories = {
    user: environment['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude'),
    project: join(project, '.claude'),
    managed: MANAGED,
  };
  const path = join(
    directoryOf('Claude Code', scope, directories, places),
    scope === 'managed' ? 'managed-settings.json' : 'settings.json',
  );
  const env: Edit[] = Object.entries(claudeVariables(connection)).map(([name, value]) => ({
    path: ['env', name],
    value,
  }));
  // A key of Anthropic in the same file would be sent, too.
  const stray: Edit = { path: ['env', 'ANTHROPIC_API_KEY'], value: undefined };
  const helper: Edit = {
    path: ['apiKeyHelper'],
    value: key.kind === 'command' ? key.command : undefined,
  };
  return {
    files: [{ path, format: 'json', edits: [...env, stray, helper] }],
    keyVariable: key.kind === 'environment' ? 'ANTHROPIC_AUTH_TOKEN' : undefined,
    start: 'claude',
    notes: ['unset ANTHROPIC_API_KEY in the shell: if it is set, two headers carry a key'],
  };
}

/** Returns the variables of Claude Code, without the key. */
export function claudeVariables({
  url,
  model,
  smallModel = model,
  requestTimeoutSeconds,
}: Connection): Readonly<Record<string, string>> {
  const { alias, contextLength } = model;
  const milliseconds = String(requestTimeoutSeconds * 1000);
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_MODEL: alias,
    ANTHROPIC_DEFAULT_FABLE_MODEL: alias,
    ANTHROPIC_DEFAULT_OPUS_MODEL: alias,
    ANTHROPIC_DEFAULT_SONNET_MODEL: alias,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel.alias,
    CLAUDE_CODE_SUBAGENT_MODEL: alias,
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
    CLAUDE_CODE_TOTAL_TOKENS_REMINDER: 'off',
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(contextLength),
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(outputTokens(model)),
    ...(contextLength >= ALL_TOOLS_CONTEXT && { ENABLE_TOOL_SEARCH: 'false' }),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    API_TIMEOUT_MS: milliseconds,
    CLAUDE_STREAM_IDLE_TIMEOUT_MS: milliseconds,
  };
}
