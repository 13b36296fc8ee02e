import { escaped, table } from './markdown.mjs';
import { SETTING_HEAD, settingRow } from './settings-page.mjs';

const preset = ({ default: value, otherwise = value }) => escaped(String(otherwise ?? ''));
const choices = ({ choices: all }) => (all === undefined ? '' : `: ${all.map((one) => `\`${one}\``).join(', ')}`);
const row = (spec) => [`\`${spec.name}\``, escaped(spec.summary) + choices(spec), preset(spec)];

/** Returns the pages of a command tree by path: one for each command, and one that lists them. */
export function commandPages(chapters, settings) {
  const listed = chapters.map(({ title, commands }) => ({
    title,
    commands: commands
      .map(({ load }) => load())
      .flatMap((spec) =>
        'commands' in spec
          ? spec.commands.map((inner) => ({ words: `${spec.name} ${inner.name}`, spec: inner }))
          : [{ words: spec.name, spec }],
      ),
  }));
  const fileOf = (words) => `${words.replace(' ', '-')}.md`;
  const pages = listed.flatMap(({ commands }) =>
    commands.map(({ words, spec }) => [`commands/${fileOf(words)}`, commandPage(words, spec, settings)]),
  );
  const index = listed.map(
    ({ title, commands }) =>
      `## ${title}\n${table(
        ['command', 'what it does'],
        commands.map(({ words, spec }) => [`[\`${words}\`](${fileOf(words)})`, escaped(spec.summary)]),
      )}`,
  );
  return [['commands/index.md', `# Commands\n\n${index.join('\n')}`], ...pages];
}

function commandPage(
  words,
  { summary, arguments: positional = [], switches = [], options = [], settings: used, examples },
  settings,
) {
  const usage = [`ollama-eks ${words}`, ...positional.map(({ name }) => name), '[options]'].join(' ');
  const own = Object.keys(settings).filter((name) => used.includes(name));
  const section = (title, body) => (body === '' ? '' : `\n## ${title}\n${body}`);
  return `# ollama-eks ${words}

${escaped(summary)}.

\`\`\`text
${usage}
\`\`\`
${section('Arguments', table(['argument', 'description', 'default'], positional.map(row)))}${section(
    'Options',
    table(['option', 'description', 'default'], [...switches, ...options].map(row)),
  )}${section(
    'Settings',
    table(
      SETTING_HEAD,
      own.map((name) => settingRow(settings[name])),
    ),
  )}
## Examples

${examples.map(({ line, does }) => `\`\`\`bash\nollama-eks ${line}   # ${does}\n\`\`\``).join('\n\n')}
`;
}
