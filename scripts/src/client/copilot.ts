// https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/use-byok-models
import { outputTokens, type Connection } from './tool-config';

/**
 * Variables of GitHub Copilot CLI, without the key: it takes a provider from its environment alone, and needs no account at GitHub then.
 * `COPILOT_OFFLINE` keeps it from speaking to GitHub at all, telemetry included. Its limits are of a prompt and of an answer, which share
 * one context.
 */
export function copilotVariables({ url, model }: Connection): Readonly<Record<string, string>> {
  const output = outputTokens(model);
  return {
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_MODEL: model.alias,
    COPILOT_PROVIDER_MAX_PROMPT_TOKENS: String(model.contextLength - output),
    COPILOT_PROVIDER_MAX_OUTPUT_TOKENS: String(output),
    COPILOT_OFFLINE: 'true',
  };
}
