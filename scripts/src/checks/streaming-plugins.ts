// https://developer.konghq.com/plugins/
import type { PluginEntity } from '../konnect/entities';

/** Why a plugin delays or replaces streamed answers. Kong reads an answer to its end before a plugin can store or change its body. */
const REASONS: Readonly<Record<string, string>> = {
  'ai-proxy': 'translates requests and answers',
  'ai-proxy-advanced': 'translates requests and answers',
  'ai-response-transformer': 'reads whole answers to change them',
  'ai-semantic-cache': 'reads whole answers to store them',
  'aws-lambda': 'answers instead of the server',
  'azure-functions': 'answers instead of the server',
  jq: 'reads whole answers to change them',
  mocking: 'answers instead of the server',
  'proxy-cache': 'reads whole answers to store them',
  'proxy-cache-advanced': 'reads whole answers to store them',
  'request-termination': 'answers instead of the server',
};

/** Plugins that read an answer only if they change its body, not just its headers. */
const TRANSFORMERS = ['response-transformer', 'response-transformer-advanced'];

/** Plugin that reads answers only with `validate_response_body`. @see https://developer.konghq.com/plugins/oas-validation/ */
const VALIDATOR = 'oas-validation';

/** Rules of a transformer for bodies, by name of their setting. */
const BODY_RULES = ['body', 'json', 'functions'];

/** Returns one sentence for each plugin that breaks streaming. */
export function streamingBreakers(plugins: readonly PluginEntity[]): string[] {
  return plugins.flatMap((plugin) => {
    const reason = whyItBreaksStreaming(plugin);
    return reason === undefined ? [] : [`plugin ${plugin.name} (${plugin.id}) ${reason}`];
  });
}

/** Why a plugin breaks streaming, and how it is described; undefined if it does not. */
function whyItBreaksStreaming({ name, config = {}, enabled }: PluginEntity): string | undefined {
  if (enabled === false) return undefined;
  if (TRANSFORMERS.includes(name)) return changesBodies(config) ? 'reads whole answers to change them' : undefined;
  if (name === VALIDATOR) {
    return config['validate_response_body'] === true ? 'reads whole answers to validate them' : undefined;
  }
  return REASONS[name];
}

/** Whether a transformer has rules for bodies: `replace.body`, or a list of `json` rules that is not empty. */
function changesBodies(config: Readonly<Record<string, unknown>>): boolean {
  return Object.values(config).some(
    (rules) =>
      typeof rules === 'object' &&
      rules !== null &&
      Object.entries(rules).some(([setting, rule]) => BODY_RULES.includes(setting) && isFilled(rule)),
  );
}

function isFilled(rule: unknown): boolean {
  return Array.isArray(rule) ? rule.length > 0 : typeof rule === 'string' && rule !== '';
}
