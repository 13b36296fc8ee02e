// https://github.com/microsoft/node-jsonc-parser
import { isDeepStrictEqual } from 'node:util';
import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parse,
  parseTree,
  printParseErrorCode,
  stripComments,
  type FormattingOptions,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { UsageError } from './errors';
import { withoutProperty } from './json-removal';
import { isObject, setValue, withoutEmpty } from './value-path';
import { requirePlace } from './value-place';

const OPTIONS = { allowTrailingComma: true };

/**
 * Returns the values of a JSON text, which may have comments. Throws UsageError if it is not a valid object: a file that cannot be read is
 * not overwritten.
 */
export function readJson(path: string, text: string): object {
  const errors: ParseError[] = [];
  const value: unknown = parse(withObject(text), errors, OPTIONS);
  const [error] = errors;
  if (error !== undefined) {
    throw new UsageError(
      `${path} is not valid JSON: ${printParseErrorCode(error.error)} at character ${String(error.offset)}; correct it first`,
    );
  }
  if (!isObject(value)) {
    throw new UsageError(`${path} must contain a JSON object; correct it first`);
  }
  return value;
}

/** Returns the text of the value at a path as it is written, or undefined. Throws UsageError for a text that is not a valid object. */
export function jsonSource(file: string, text: string, path: readonly string[]): string | undefined {
  const node = findNodeAtLocation(treeOf(file, text, path), [...path]);
  return node && text.slice(node.offset, node.offset + node.length);
}

/**
 * Returns the text with one value set, or removed together with the objects that become empty. The rest stays unchanged, including comments.
 * The result is parsed to verify that. Throws UsageError if the text is not a valid object, or if the edit would lose another value.
 */
export function setJson(file: string, text: string, path: readonly string[], value: unknown): string {
  const from = withObject(text);
  const values = readJson(file, from);
  requirePlace(file, values, path, value, 'an object');
  if (findNodeAtLocation(treeOf(file, from, path), [...path]) === undefined && value === undefined) return text;
  const edited =
    value === undefined
      ? withoutProperty(from, path)
      : applyEdits(from, modify(from, [...path], value, { formattingOptions: layoutOf(from) }));
  const wanted = setValue(values, path, value === undefined ? undefined : asWritten(value));
  if (!isDeepStrictEqual(withoutEmpty(readJson(file, edited)), withoutEmpty(wanted))) {
    throw new UsageError(`${file}: ${path.join('.')} cannot be edited without changing other values`, {
      remedy: 'edit the file yourself',
    });
  }
  return edited;
}

/** Returns a value as JSON keeps it: without properties that are undefined. */
function asWritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Returns the text with an object in it: a file that is empty, or has only comments, has no values. */
function withObject(text: string): string {
  if (stripComments(text).trim() !== '') return text;
  return text.trim() === '' ? '{}\n' : `${text.trimEnd()}\n{}\n`;
}

/** Returns the syntax tree. Throws UsageError if a key on the path occurs twice: tools read the last one, and only one can be edited. */
function treeOf(file: string, text: string, path: readonly string[]): Node {
  readJson(file, text);
  const tree = parseTree(withObject(text), [], OPTIONS) as Node; // it is an object, as read above
  let node: Node | undefined = tree;
  path.forEach((key, depth) => {
    const same: Node[] = (node?.children ?? []).filter(({ children: [name] = [] }) => name?.value === key);
    if (same.length > 1) {
      throw new UsageError(`${file}: ${path.slice(0, depth + 1).join('.')} occurs ${String(same.length)} times`, {
        remedy: 'remove all but one, then run this again',
      });
    }
    node = same[0]?.children?.[1];
  });
  return tree;
}

/** Returns the indentation and the end of line of a text. */
function layoutOf(text: string): FormattingOptions {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
