// https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/use-byok-models
import { outputTokens, type Connection } from './tool-config';

/**
 * Returns the variables of GitHub Copilot CLI, without the key. It reads its provider from the environment only, and then needs no GitHub
 * account. `COPILOT_OFFLINE` stops all traffic to GitHub, including telemetry. It limits the prompt and the answer separately, although
 * they share one context.
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
