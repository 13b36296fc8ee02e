// https://github.com/microsoft/node-jsonc-parser
import { applyEdits, modify, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { UsageError } from '../program/errors';

const FORMAT = { insertSpaces: true, tabSize: 2, eol: '\n' };

/** The values of a JSON text, comments allowed. Throws UsageError where it is none: what can't be read is not written over. */
export function readJson(path: string, text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text === '' ? '{}' : text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    throw new UsageError(
      `${path} is no JSON: ${printParseErrorCode(error.error)} at character ${String(error.offset)}; mend it first`,
    );
  }
  return value;
}

/** The text with one value set, or taken out; everything else stays as it is, comments too. */
export function setJson(text: string, path: readonly string[], value: unknown): string {
  const from = text === '' ? '{}\n' : text;
  return applyEdits(from, modify(from, [...path], value, { formattingOptions: FORMAT }));
}
