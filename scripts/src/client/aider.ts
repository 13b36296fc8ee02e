// https://aider.chat/docs/config/aider_conf.html and https://aider.chat/docs/config/adv-model-settings.html
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { UsageError } from '../program/errors';
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
 * aider: files of their own, which it is started with, so that nobody's `.aider.conf.yml` is touched.
 * - It gives a request up after 10 minutes, that of its library, unless `timeout` says otherwise.
 * - Without the limits of a model that it does not know, it never shortens a chat.
 * - Nothing of its own leaves the desk: neither a question to PyPI for its newest version, nor one to GitHub for a list of models, nor a
 *   report of its use.
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
    throw new UsageError('aider takes a key from no command; leave --key-command out, and set OPENAI_API_KEY');
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
        text: `# Written by ollama-eks client aider.\n${dump(values, { lineWidth: -1 })}`,
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
