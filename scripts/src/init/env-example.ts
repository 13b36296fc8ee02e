import { SETTINGS, type Setting, type SettingName } from '../program/settings';
import type { ProjectSpec } from './project-spec';

const KONG: readonly SettingName[] = ['konnectToken', 'konnectConfigToken', 'konnectGeo', 'apiKey', 'secondApiKey'];
const EVERY: readonly SettingName[] = ['terraformBinary'];

/** Returns a template of `.env`, with every variable commented out. */
export function envExample({ exposure }: ProjectSpec): string {
  const names = exposure.kind === 'kong' ? [...KONG, ...EVERY] : EVERY;
  return `# Copy to .env, which Git ignores. ollama-eks reads it; variables of the environment take precedence.
${names.map((name) => linesOf(SETTINGS[name])).join('')}`;
}

function linesOf({ env, description, allowed, default: preset, otherwise = preset }: Setting): string {
  const facts = [allowed && `one of: ${allowed.join(', ')}`, otherwise && `default: ${otherwise}`].filter(Boolean);
  return `\n# ${description}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}\n# ${env}=\n`;
}
