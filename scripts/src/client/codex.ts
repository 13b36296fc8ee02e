// https://developers.openai.com/codex/config-reference
import { join } from 'node:path';
import { UsageError } from '../program/errors';
import {
  directoryOf,
  editsOf,
  KEY_VARIABLE,
  type Connection,
  type Places,
  type Scope,
  type Tool,
  type ToolConfig,
} from './tool-config';

/** Id of the provider. Codex refuses the ids of its built-in providers, such as `ollama`. */
const PROVIDER = 'ollama-eks';

/** Folders of a machine's defaults. @see https://developers.openai.com/codex/config-basic (Configuration precedence) */
const MANAGED = { linux: '/etc/codex', darwin: '/etc/codex' };

/**
 * Codex:
 * - supports the Responses API only: `wire_api`;
 *   https://github.com/openai/codex/blob/main/codex-rs/model-provider-info/src/lib.rs
 * - gives up on a silent stream after 5 minutes unless `stream_idle_timeout_ms` is set (same file);
 * - offers the model a web search, which runs on ollama.com and fails the whole answer if the server does not use the cloud: `web_search`;
 *   https://github.com/ollama/ollama/blob/v0.32.15/middleware/openai.go
 * - reports its use to OpenAI unless `analytics.enabled` is false;
 * - does not know the model, so its context is set: `model_context_window`;
 * - ignores providers in a project's file: https://github.com/openai/codex/issues/22222
 */
export const codex: Tool = {
  name: 'codex',
  description: 'Codex: config.toml',
  form: 'responses',
  sessionHeader: 'session-id',
  configure,
};

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { url, model, requestTimeoutSeconds, key } = connection;
  if (scope === 'project') {
    throw new UsageError(
      'Codex ignores providers in the file of a project (https://github.com/openai/codex/issues/22222); use --scope user',
    );
  }
  const { home, environment } = places;
  const user = environment['CODEX_HOME'] ?? join(home, '.codex');
  const directory = directoryOf('Codex', scope, { user, managed: MANAGED }, places);
  const provider = {
    name: 'Ollama on EKS',
    base_url: `${url}/v1`,
    wire_api: 'responses',
    // Codex refuses a provider that has both.
    env_key: key.kind === 'environment' ? KEY_VARIABLE : undefined,
    auth:
      key.kind === 'command' ? { command: 'sh', args: ['-c', key.command] } : { command: undefined, args: undefined },
    stream_idle_timeout_ms: requestTimeoutSeconds * 1000,
  };
  return {
    files: [
      {
        path: join(directory, 'config.toml'),
        format: 'toml',
        edits: [
          { path: ['model'], value: model.alias },
          { path: ['model_provider'], value: PROVIDER },
          { path: ['model_context_window'], value: model.contextLength },
          { path: ['web_search'], value: 'disabled' },
          { path: ['analytics', 'enabled'], value: false },
          ...editsOf(['model_providers', PROVIDER], provider),
        ],
      },
    ],
    keyVariable: key.kind === 'environment' ? KEY_VARIABLE : undefined,
    start: 'codex',
    notes: ['Codex warns that it has no metadata for this model; ignore the warning'],
  };
}
