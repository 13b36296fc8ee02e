// https://github.com/microsoft/node-jsonc-parser
import { applyEdits, modify, parse, printParseErrorCode, type FormattingOptions, type ParseError } from 'jsonc-parser';
import { UsageError } from './errors';
import { getValue, isEmpty, setValue } from './value-path';

/**
 * Returns the values of a JSON text, which may have comments. Throws UsageError if it is not a valid object: a file that cannot be read is
 * not overwritten.
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
    throw new UsageError(`${path} must contain a JSON object; correct it first`);
  }
  return value;
}

/**
 * Returns the text with one value set, or removed together with the objects that become empty. The rest stays unchanged, including comments.
 */
export function setJson(file: string, text: string, path: readonly string[], value: unknown): string {
  const from = text === '' ? '{}\n' : text;
  const target = value === undefined ? outermostEmptied(readJson(file, from), path) : path;
  return applyEdits(from, modify(from, [...target], value, { formattingOptions: layoutOf(from) }));
}

/** Returns the path of the outermost object that a removal leaves empty, or of the value itself. */
function outermostEmptied(values: object, path: readonly string[]): readonly string[] {
  const left = setValue(values, path, undefined);
  const depth = path.findIndex((_, index) => isEmpty(getValue(left, path.slice(0, index + 1)) ?? {}));
  return path.slice(0, depth + 1);
}

/** Returns the indentation and the end of line of a text. */
function layoutOf(text: string): FormattingOptions {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
