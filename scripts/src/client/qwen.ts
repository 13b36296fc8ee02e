// https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/
import { join } from 'node:path';
import { UsageError } from '../program/errors';
import {
  directoryOf,
  editsOf,
  KEY_VARIABLE,
  outputTokens,
  type Connection,
  type Places,
  type Scope,
  type Tool,
  type ToolConfig,
} from './tool-config';

/** An id of a provider of our own, so that the list of nobody's other models is touched. */
const PROVIDER = 'ollama-eks';

/** Settings of a company, which nobody can override. */
const MANAGED = {
  linux: '/etc/qwen-code',
  darwin: '/Library/Application Support/QwenCode',
  win32: 'C:\\ProgramData\\qwen-code',
};

/**
 * Qwen Code, with a provider of its own that speaks OpenAI's protocol.
 * - It waits 2 minutes for the headers of an answer and 4 minutes for each chunk of it, and ends a stream after 15 minutes, then sends the
 *   request again: all three timeouts are the budget of a request.
 * - It reports its use to its maker unless `privacy.usageStatisticsEnabled` says otherwise.
 * @see https://qwenlm.github.io/qwen-code-docs/en/users/configuration/settings
 */
export const qwen: Tool = { name: 'qwen', description: 'Qwen Code: settings.json', form: 'chat', configure };

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { home, project, environment } = places;
  const { url, model, requestTimeoutSeconds, key } = connection;
  if (key.kind === 'command') {
    throw new UsageError(`Qwen Code takes a key from no command; leave --key-command out, and set ${KEY_VARIABLE}`);
  }
  const milliseconds = requestTimeoutSeconds * 1000;
  const entry = {
    id: model.alias,
    name: `${model.alias} (Ollama on EKS)`,
    baseUrl: `${url}/v1`,
    envKey: KEY_VARIABLE,
    generationConfig: {
      timeout: milliseconds,
      streamIdleTimeoutMs: milliseconds,
      contextWindowSize: model.contextLength,
      samplingParams: { max_tokens: outputTokens(model) },
    },
  };
  const settings = {
    modelProviders: { [PROVIDER]: [entry] },
    providerProtocol: { [PROVIDER]: 'openai' },
    security: { auth: { selectedType: 'openai' } },
    model: { name: model.alias },
    env: { QWEN_STREAM_MAX_LIFETIME_MS: String(milliseconds) },
    privacy: { usageStatisticsEnabled: false },
  };
  const directories = {
    user: environment['QWEN_HOME'] ?? join(home, '.qwen'),
    project: join(project, '.qwen'),
    managed: MANAGED,
  };
  const directory = directoryOf('Qwen Code', scope, directories, places);
  return {
    files: [{ path: join(directory, 'settings.json'), format: 'json', edits: editsOf([], settings) }],
    keyVariable: KEY_VARIABLE,
    start: 'qwen',
    notes: [],
  };
}
