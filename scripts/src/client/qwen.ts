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

/** Id of a separate provider, so that the user's lists of models stay unchanged. */
const PROVIDER = 'ollama-eks';

/** Folders of a company's settings, which users cannot override. */
const MANAGED = {
  linux: '/etc/qwen-code',
  darwin: '/Library/Application Support/QwenCode',
  win32: 'C:\\ProgramData\\qwen-code',
};

/**
 * Qwen Code: a separate provider that speaks OpenAI's Chat Completions API.
 * - It waits 2 minutes for the headers of an answer and 4 minutes for each chunk, ends a stream after 15 minutes, and then sends the
 *   request again. All three timeouts are set to the request budget.
 * - It reports its use to its vendor unless `privacy.usageStatisticsEnabled` is false.
 * @see https://qwenlm.github.io/qwen-code-docs/en/users/configuration/settings
 */
export const qwen: Tool = { name: 'qwen', description: 'Qwen Code: settings.json', form: 'chat', configure };

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { home, project, environment } = places;
  const { url, model, requestTimeoutSeconds, key } = connection;
  if (key.kind === 'command') {
    throw new UsageError(`Qwen Code does not support --key-command; leave it out, and set ${KEY_VARIABLE}`);
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
