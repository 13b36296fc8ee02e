// https://docs.continue.dev/reference
import { join } from 'node:path';
import { UsageError } from '../program/errors';
import { writeYaml } from '../program/yaml-text';
import {
  directoryOf,
  KEY_VARIABLE,
  outputTokens,
  type Connection,
  type Places,
  type Scope,
  type Tool,
  type ToolConfig,
} from './tool-config';

/**
 * Continue: a separate block in `.continue/models`, which applies to every assistant, so that `config.yaml` stays unchanged. The
 * extension reads that folder; the command line, `cn`, reads the file of its `--config`. The block names the key as a secret, which
 * Continue reads from `.env` next to the user's configuration or in the workspace.
 *
 * `requestOptions.timeout` is in milliseconds: since 2026-01 it is the timeout of the OpenAI SDK, which
 * would end every request after 0.9 s with 900. The HTTP agent reads the same number as seconds, so it never gives up first.
 * https://github.com/continuedev/continue/pull/12521
 * @see https://docs.continue.dev/reference (Local Blocks; models)
 */
export const continueDev: Tool = {
  name: 'continue',
  description: 'Continue: a block in .continue/models',
  form: 'chat',
  configure,
};

function configure(connection: Connection, scope: Scope, places: Places): ToolConfig {
  const { url, model, requestTimeoutSeconds, key } = connection;
  if (key.kind === 'command') {
    throw new UsageError(
      `Continue does not support --key-command; leave it out, and put ${KEY_VARIABLE} into ~/.continue/.env`,
    );
  }
  const block = {
    name: 'Ollama on EKS',
    version: '1.0.0',
    schema: 'v1',
    models: [
      {
        name: `${model.alias} (Ollama on EKS)`,
        provider: 'openai',
        model: model.alias,
        apiBase: `${url}/v1`,
        apiKey: `\${{ secrets.${KEY_VARIABLE} }}`,
        roles: ['chat', 'edit', 'apply'],
        capabilities: ['tool_use'],
        defaultCompletionOptions: { contextLength: model.contextLength, maxTokens: outputTokens(model) },
        requestOptions: { timeout: requestTimeoutSeconds * 1000 },
      },
    ],
  };
  const directory = directoryOf('Continue', scope, { user: places.home, project: places.project }, places);
  const path = join(directory, '.continue', 'models', 'ollama-eks.yaml');
  return {
    files: [
      {
        path,
        format: 'text',
        text: `# Written by ollama-eks client continue.\n${writeYaml(block)}`,
      },
    ],
    keyVariable: KEY_VARIABLE,
    start: `choose the model in the chat window of Continue, or cn --config ${path}`,
    notes: [`put ${KEY_VARIABLE}=… into ~/.continue/.env, which Continue reads secrets from`],
  };
}
