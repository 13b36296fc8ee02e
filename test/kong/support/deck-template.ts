/** decK's rendering of a state file: text first, YAML after. @see https://github.com/Kong/go-database-reconciler/blob/main/pkg/file/readfile.go */
import { parse } from 'yaml';

const EXPRESSION = /\$\{\{\s*env\s+"(\w+)"\s*(?:\|\s*indent\s+(\d+)\s*)?\}\}/g;

/** Inserts the values of the environment unchanged. Throws, as decK does, if one is not set. */
export function renderTemplate(content: string, environment: Readonly<Record<string, string>>): string {
  return content.replace(EXPRESSION, (_, variable: string, spaces: string | undefined) => {
    const value = environment[variable];
    if (!variable.startsWith('DECK_') || value === undefined) throw new Error(`${variable} is not set`);
    return spaces === undefined ? value : value.replaceAll('\n', `\n${' '.repeat(Number(spaces))}`);
  });
}

/** Returns a file as decK renders it. */
export function readState(content: string, environment: Readonly<Record<string, string>>): unknown {
  return parse(renderTemplate(content, environment));
}
