import { escaped, table } from './markdown.mjs';

const code = (text) => (text === undefined ? '' : `\`${text}\``);

/** Row of a setting, with every name that it has. */
export const settingRow = ({ flag, env, key, description, allowed, default: preset, otherwise = preset }) => [
  flag === undefined ? '' : code(`--${flag}`),
  code(env),
  code(key),
  escaped(description) + (allowed === undefined ? '' : `: ${allowed.map(code).join(', ')}`),
  escaped(otherwise ?? ''),
];

export const SETTING_HEAD = ['flag', 'variable', 'in ollama-eks.yaml', 'description', 'default'];

/** Returns the page of all settings. */
export function settingsPage(settings) {
  const all = Object.values(settings);
  const rows = (wanted) => table(SETTING_HEAD, all.filter(wanted).map(settingRow));
  return `# Settings

Every command accepts the flag of every setting; the [page of a command](commands/index.md) lists those that it uses.
${rows(({ secret }) => secret !== true)}
## Secrets
${rows(({ secret }) => secret === true)}`;
}
