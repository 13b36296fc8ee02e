// https://github.com/microsoft/node-jsonc-parser
import { applyEdits, modify, parse, printParseErrorCode, type FormattingOptions, type ParseError } from 'jsonc-parser';
import { UsageError } from '../program/errors';
import { getValue, isEmpty, setValue } from './value-path';

/**
 * The values of a JSON text, comments allowed. Throws UsageError where it is not valid or not an object: what cannot be read is not written
 * over.
 */
export function readJson(path: string, text: string): object {
  const errors: ParseError[] = [];
  const value: unknown = parse(text === '' ? '{}' : text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    throw new UsageError(
      `${path} is not valid JSON: ${printParseErrorCode(error.error)} at character ${String(error.offset)}; correct it first`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path} must hold a JSON object; correct it first`);
  }
  return value;
}

/**
 * The text with one value set, or taken out, and with it the objects that become empty by that; everything else stays as it is, comments
 * too.
 */
export function setJson(file: string, text: string, path: readonly string[], value: unknown): string {
  const from = text === '' ? '{}\n' : text;
  const target = value === undefined ? outermostEmptied(readJson(file, from), path) : path;
  return applyEdits(from, modify(from, [...target], value, { formattingOptions: layoutOf(from) }));
}

/** The path of the outermost object that a removal leaves empty, or else of the value itself. */
function outermostEmptied(values: object, path: readonly string[]): readonly string[] {
  const left = setValue(values, path, undefined);
  const depth = path.findIndex((_, index) => isEmpty(getValue(left, path.slice(0, index + 1)) ?? {}));
  return path.slice(0, depth + 1);
}

/** Indentation and end of line of a text. */
function layoutOf(text: string): FormattingOptions {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
