// https://opencode.ai/docs/config and https://opencode.ai/docs/providers
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../program/errors';
import type { ServedModel } from '../endpoint/served-model';
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

const PROVIDER = 'ollama-eks';

/** Folders of a company's settings, which users cannot override. @see https://opencode.ai/docs/config (Managed) */
const MANAGED = {
  linux: '/etc/opencode',
  darwin: '/Library/Application Support/opencode',
  win32: 'C:\\ProgramData\\opencode',
};

/**
 * OpenCode: a provider that speaks OpenAI's Chat Completions API.
 * - It waits 5 minutes for the headers of an answer and 5 minutes for each chunk, then sends the request again. All three timeouts are
 *   set to the request budget; https://github.com/anomalyco/opencode/pull/46903
 * - It never compacts a chat with a model that models.dev does not list unless the model's limits are given.
 * @see https://opencode.ai/docs/config (Models), https://opencode.ai/docs/providers (Custom provider)
 */
export const opencode: Tool = {
  name: 'opencode',
  description: 'OpenCode: opencode.json',
  form: 'chat',
  sessionHeader: 'x-session-id',
  configure,
};

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { home, project, environment } = places;
  const { url, model, smallModel = model, requestTimeoutSeconds, key } = connection;
  if (key.kind === 'command') {
    throw new UsageError(`OpenCode does not support --key-command; leave it out, and set ${KEY_VARIABLE}`);
  }
  const milliseconds = requestTimeoutSeconds * 1000;
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Ollama on EKS',
    options: {
      baseURL: `${url}/v1`,
      apiKey: `{env:${KEY_VARIABLE}}`,
      timeout: milliseconds,
      headerTimeout: milliseconds,
      chunkTimeout: milliseconds,
    },
    models: Object.fromEntries([model, smallModel].map((served) => [served.alias, modelOf(served)])),
  };
  const directories = {
    user: join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'opencode'),
    project,
    managed: MANAGED,
  };
  const path = join(directoryOf('OpenCode', scope, directories, places), 'opencode.json');
  return {
    files: [
      {
        // If both files exist, the values of opencode.jsonc win.
        path: existsSync(`${path}c`) ? `${path}c` : path,
        format: 'json',
        edits: [
          { path: ['$schema'], value: 'https://opencode.ai/config.json' },
          ...editsOf(['provider', PROVIDER], provider),
          { path: ['model'], value: `${PROVIDER}/${model.alias}` },
          { path: ['small_model'], value: `${PROVIDER}/${smallModel.alias}` },
        ],
      },
    ],
    keyVariable: KEY_VARIABLE,
    start: 'opencode',
    notes: [
      'set OPENCODE_DISABLE_MODELS_FETCH=1, so that OpenCode does not download a list of models that it does not need',
    ],
  };
}

function modelOf(served: ServedModel): object {
  return {
    name: served.alias,
    tool_call: true,
    limit: { context: served.contextLength, output: outputTokens(served) },
  };
}
