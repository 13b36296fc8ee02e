// https://toml.io/en/v1.0.0
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, type TomlTable } from 'smol-toml';
import { UsageError } from '../program/errors';
import { setValue } from './value-path';

/** A table begins; keys of the root stand before the first. */
const TABLE = /^\s*\[/m;

/** The values of a TOML text. Throws UsageError where it is none. */
export function readToml(path: string, text: string): TomlTable {
  try {
    return parse(text);
  } catch (cause) {
    // The lines after the first show a piece of the file, which may hold a key.
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new UsageError(`${path} is no TOML: ${reason}; mend it first`);
  }
}

/**
 * The text with a key of the root set or taken out, or with a table of that path appended or taken out; every other line stays. What comes
 * out is parsed and must mean just that; throws UsageError otherwise, e.g. where the key is written in a way that is not looked for.
 */
export function setToml(file: string, text: string, path: readonly string[], value: unknown): string {
  const [key = ''] = path;
  const edited = path.length === 1 ? setRootKey(text, key, value) : setTable(text, path, value);
  const wanted = setValue(readToml(file, text), path, value);
  if (!isDeepStrictEqual(plain(readToml(file, edited)), plain(wanted))) {
    throw new UsageError(
      `${file}: ${path.join('.')} is written in a way that can not be changed safely; change it by hand`,
    );
  }
  return edited;
}

function setRootKey(text: string, key: string, value: unknown): string {
  const start = TABLE.exec(text)?.index ?? text.length;
  const [root, tables] = [text.slice(0, start), text.slice(start)];
  const line = value === undefined ? '' : stringify({ [key]: value });
  const present = new RegExp(`^[ \\t]*${key}[ \\t]*=.*(\\n|$)`, 'm');
  if (present.test(root)) return root.replace(present, () => line) + tables;
  return line + root + tables;
}

function setTable(text: string, path: readonly string[], value: unknown): string {
  const name = path.map((part) => (/^[\w-]+$/.test(part) ? part : JSON.stringify(part))).join('.');
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  // The table and those below it, each to the next that is not.
  const own = new RegExp(`(^|\\n)\\[${escaped}(\\.[^\\]]+)?\\][^\\n]*(\\n(?!\\[)[^\\n]*)*`, 'g');
  const without = text.replace(own, '').replace(/\n*$/, text.trim() === '' ? '' : '\n');
  if (value === undefined) return without;
  const table = stringify(path.reduceRight((inner, part) => ({ [part]: inner }), value as TomlTable));
  const body = table.slice(table.indexOf(`[${name}]`));
  return without.trim() === '' ? body : `${without}\n${body}`;
}

/** Objects with a prototype, as `isDeepStrictEqual` wants them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
