// https://aider.chat/docs/config/aider_conf.html and https://aider.chat/docs/config/adv-model-settings.html
import { join } from 'node:path';
import { UsageError } from '../program/errors';
import { writeYaml } from '../program/yaml-text';
import type { ServedModel } from '../endpoint/served-model';
import {
  directoryOf,
  outputTokens,
  type Connection,
  type Places,
  type Scope,
  type Tool,
  type ToolConfig,
} from './tool-config';

/**
 * aider: separate files that it is started with, so that `.aider.conf.yml` stays unchanged.
 * - It gives up on a request after 10 minutes, the default of its HTTP library, unless `timeout` is set.
 * - It never shortens a chat with an unknown model unless the model's limits are given.
 * - It contacts no other host: it does not check PyPI for a newer version, does not load a list of models from GitHub, and does not
 *   report its use.
 */
export const aider: Tool = {
  name: 'aider',
  description: 'aider: a file to start it with',
  form: 'chat',
  configure,
};

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { url, model, smallModel = model, requestTimeoutSeconds, key } = connection;
  if (key.kind === 'command') {
    throw new UsageError('aider does not support --key-command; leave it out, and set OPENAI_API_KEY');
  }
  const directory = directoryOf('aider', scope, { user: places.home, project: places.project }, places);
  const [settings, metadata] = ['.aider.ollama-eks.yml', '.aider.ollama-eks.models.json'].map((name) =>
    join(directory, name),
  ) as [string, string];
  const values = {
    model: nameOf(model),
    'weak-model': nameOf(smallModel),
    'openai-api-base': `${url}/v1`,
    'model-metadata-file': metadata,
    timeout: requestTimeoutSeconds,
    'check-update': false,
    'analytics-disable': true,
    'set-env': ['LITELLM_LOCAL_MODEL_COST_MAP=True'],
  };
  const known = Object.fromEntries([model, smallModel].map((served) => [nameOf(served), limitsOf(served)]));
  return {
    files: [
      { path: metadata, format: 'text', text: `${JSON.stringify(known, undefined, 2)}\n` },
      {
        path: settings,
        format: 'text',
        text: `# Written by ollama-eks client aider.\n${writeYaml(values)}`,
      },
    ],
    keyVariable: 'OPENAI_API_KEY',
    start: `aider --config ${settings}`,
    notes: [],
  };
}

function nameOf({ alias }: ServedModel): string {
  return `openai/${alias}`;
}

function limitsOf(served: ServedModel): object {
  return {
    max_tokens: outputTokens(served),
    max_input_tokens: served.contextLength,
    max_output_tokens: outputTokens(served),
    litellm_provider: 'openai',
    mode: 'chat',
  };
}
