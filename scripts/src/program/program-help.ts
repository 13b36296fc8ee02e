import type { Chapter, SwitchSpec } from './command';
import { GLOBAL_SWITCHES, HELP_SWITCH, VERSION_SWITCH } from './global-switches';

/** Columns of help. */
export const WIDTH = 100;

const DESCRIPTION = [
  'A private Ollama endpoint on EKS behind Kong: everything that Terraform cannot do.',
  'Settings are flags, environment variables, lines of .env, or keys in ollama-eks.yaml; the help of each command lists the settings that it uses.',
];

/** Term and summary of a line. */
type Item = Pick<SwitchSpec, 'name' | 'summary'>;

/** Whether the command line asks for the help of the program, and for nothing else. */
export function isHelp([word, ...more]: readonly string[]): boolean {
  return word !== undefined && more.length === 0 && HELP_SWITCH.name.split(', ').includes(word);
}

/**
 * Returns the help of the program: options, and commands in their chapters. commander writes that of commands, in the same form; loading it
 * for a list of names would take longer than all the rest.
 */
export function programHelp(chapters: readonly Chapter[]): string {
  const groups: readonly { readonly title: string; readonly items: readonly Item[] }[] = [
    { title: 'Options', items: [...GLOBAL_SWITCHES, VERSION_SWITCH, HELP_SWITCH] },
    ...chapters.map(({ title, commands }) => ({
      title,
      items: commands.map(({ name, usage, summary }) => ({ name: `${name} ${usage}`.trimEnd(), summary })),
    })),
  ];
  const width = Math.max(...groups.flatMap(({ items }) => items.map(({ name }) => name.length)));
  const line = ({ name, summary }: Item) =>
    `  ${name.padEnd(width)}  ${wrapped(summary, WIDTH - width - 4).join(`\n${' '.repeat(width + 4)}`)}`;
  const paragraphs = [
    'Usage: ollama-eks [options] [command]',
    ...DESCRIPTION.map((text) => wrapped(text, WIDTH).join('\n')),
    ...groups.map(({ title, items }) => [`${title}:`, ...items.map(line)].join('\n')),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** Returns the lines of a text whose words are all shorter than a line. */
function wrapped(text: string, width: number): readonly string[] {
  return [...text.matchAll(new RegExp(`(.{1,${String(width)}})(?: |$)`, 'g'))].map(([, line = '']) => line);
}
