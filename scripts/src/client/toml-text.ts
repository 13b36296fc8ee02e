// https://toml.io/en/v1.0.0
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, type TomlTable } from 'smol-toml';
import { parseTOML, type AST } from 'toml-eslint-parser';
import { UsageError } from '../program/errors';
import { messageOf } from '../program/exit-codes';
import { requirePlace } from '../program/value-place';
import { getValue, isObject, setValue, withoutEmpty } from '../program/value-path';

/** An assignment `key = value` with its full path. */
interface Assignment {
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
}

/** An assignment whose value is an inline table. */
type InlineTable = Assignment & { readonly node: { readonly value: AST.TOMLInlineTable } };

/** Returns the values of a TOML text. Throws UsageError if it is not valid. */
export function readToml(path: string, text: string): TomlTable {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (cause) {
    // The lines after the first quote the file, which may contain a key.
    const [reason = ''] = messageOf(cause).split('\n');
    throw new UsageError(`${path} is not valid TOML: ${reason}`, { remedy: 'correct it first' });
  }
}

/** Returns the text of the value at a path as it is written, or undefined. Throws UsageError for a text that is not valid. */
export function tomlSource(file: string, text: string, path: readonly string[]): string | undefined {
  readToml(file, text);
  const found = assignmentsOf(text).find((one) => isDeepStrictEqual(one.path, path));
  return found && text.slice(...found.node.value.range);
}

/**
 * Returns the text with one value set or removed. All other text stays unchanged, including comments. The result is parsed to verify that
 * only this value differs. Throws UsageError otherwise.
 */
export function setToml(file: string, text: string, path: readonly string[], value: unknown): string {
  const before = readToml(file, text);
  requirePlace(file, before, path, value, 'a table');
  if (value === undefined && getValue(before, path) === undefined) return text;
  const edited = value === undefined ? withoutValue(text, path) : withValue(text, path, value);
  const expected = withoutEmpty(setValue(before, path, value));
  if (!isDeepStrictEqual(withoutEmpty(readToml(file, edited)), expected)) {
    throw new UsageError(`${file}: ${path.join('.')} cannot be edited without changing other values`, {
      remedy: 'edit the file yourself',
    });
  }
  return edited;
}

function withValue(text: string, path: readonly string[], value: unknown): string {
  const assignments = assignmentsOf(text);
  const same = assignments.find((one) => isDeepStrictEqual(one.path, path));
  if (same !== undefined) return replaced(text, same.node.value.range, inline(value));
  const around = inlineTableAround(assignments, path);
  if (around !== undefined) return withPair(text, around, path.slice(around.path.length), value);
  const parent = path.slice(0, -1);
  const line = `${keyOf(path.slice(-1))} = ${inline(value)}`;
  const sibling = assignments.filter((one) => isDeepStrictEqual(one.path.slice(0, -1), parent)).at(-1);
  if (sibling !== undefined) {
    const dotted = namesOf(sibling.node.key).slice(0, -1);
    return withLineAfter(text, sibling.node.range[1], dotted.length === 0 ? line : `${keyOf(dotted)}.${line}`);
  }
  if (parent.length === 0) return `${line}${endOfLine(text)}${text}`; // before the first table
  const table = tablesOf(text).find(({ resolvedKey }) => isDeepStrictEqual(resolvedKey, parent));
  if (table !== undefined) return withLineAfter(text, table.key.range[1], line);
  const section = `[${keyOf(parent)}]${endOfLine(text)}${line}`;
  return text.trim() === '' ? `${section}\n` : withLineAfter(text, text.trimEnd().length, endOfLine(text) + section);
}

/** Returns the innermost inline table that a path leads through. */
function inlineTableAround(assignments: readonly Assignment[], path: readonly string[]): InlineTable | undefined {
  return assignments
    .filter(isInlineTable)
    .filter((one) => isDeepStrictEqual(one.path, path.slice(0, one.path.length)))
    .at(-1);
}

/** Adds a value at the end of an inline table; its path is relative to it. */
function withPair(
  text: string,
  { node: { value: table } }: InlineTable,
  path: readonly string[],
  value: unknown,
): string {
  const [key = '', ...rest] = path;
  const pair = `${keyOf([key])} = ${inline(rest.reduceRight((inner, name) => ({ [name]: inner }), value))}`;
  const last = table.body.at(-1);
  if (last === undefined) return replaced(text, table.range, `{ ${pair} }`);
  return replaced(text, [last.range[1], last.range[1]], `, ${pair}`);
}

function withoutValue(text: string, path: readonly string[]): string {
  const assignments = assignmentsOf(text);
  const found = assignments.find((one) => isDeepStrictEqual(one.path, path));
  return found === undefined ? text : withoutAssignment(text, assignments, found);
}

function withoutAssignment(text: string, assignments: readonly Assignment[], { node }: Assignment): string {
  const { parent } = node;
  if (parent.type === 'TOMLInlineTable') return withoutPair(text, assignments, parent, node);
  const last = parent.type === 'TOMLTable' && parent.body.length === 1 && !hasComment(text, parent);
  if (last) return withoutLines(text, parent.range, true);
  const [start, end] = node.range;
  const comment = commentAfter(text, end);
  return comment === undefined ? withoutLines(text, [start, end], false) : replaced(text, [start, comment], '');
}

/** Removes a pair from an inline table, together with inline tables that become empty. */
function withoutPair(
  text: string,
  assignments: readonly Assignment[],
  table: AST.TOMLInlineTable,
  node: AST.TOMLKeyValue,
): string {
  const index = table.body.indexOf(node);
  const [previous, next] = [table.body[index - 1], table.body[index + 1]];
  if (next !== undefined) return replaced(text, [node.range[0], next.range[0]], '');
  if (previous !== undefined) return replaced(text, [previous.range[1], node.range[1]], '');
  const outer = assignments.find((one) => one.node.value === table);
  const isInner = outer?.node.parent.type === 'TOMLInlineTable';
  return isInner ? withoutAssignment(text, assignments, outer) : replaced(text, table.range, '{}');
}

/** Returns every assignment outside arrays; an inline table comes before its own assignments. */
function assignmentsOf(text: string): readonly Assignment[] {
  const [{ body }] = parseTOML(text).body;
  const root = body.flatMap((node) => (node.type === 'TOMLKeyValue' ? assignmentsIn([], node) : []));
  const inTables = tablesOf(text).flatMap(({ resolvedKey, body: nodes }) =>
    nodes.flatMap((node) => assignmentsIn(resolvedKey.map(String), node)),
  );
  return [...root, ...inTables];
}

function assignmentsIn(parent: readonly string[], node: AST.TOMLKeyValue): readonly Assignment[] {
  const path = [...parent, ...namesOf(node.key)];
  const { value } = node;
  const inner = value.type === 'TOMLInlineTable' ? value.body.flatMap((pair) => assignmentsIn(path, pair)) : [];
  return [{ path, node }, ...inner];
}

function isInlineTable(assignment: Assignment): assignment is InlineTable {
  return assignment.node.value.type === 'TOMLInlineTable';
}

/** Returns the tables that have a header, except those in arrays. */
function tablesOf(text: string): readonly AST.TOMLTable[] {
  const [{ body }] = parseTOML(text).body;
  return body.flatMap((node) => (node.type === 'TOMLTable' && node.kind === 'standard' ? [node] : []));
}

function hasComment(text: string, { range: [start, end] }: AST.TOMLTable): boolean {
  const comments = parseTOML(text).comments.filter(({ range }) => range[0] > start && range[0] < end);
  return comments.length > 0 || commentAfter(text, end) !== undefined;
}

/** Returns where the comment in the line after an offset starts, if there is one. */
function commentAfter(text: string, offset: number): number | undefined {
  const [gap = ''] = /^[ \t]*/.exec(text.slice(offset)) ?? [];
  return text[offset + gap.length] === '#' ? offset + gap.length : undefined;
}

function namesOf({ keys }: AST.TOMLKey): string[] {
  return keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
}

function keyOf(path: readonly string[]): string {
  return path.map((part) => (/^[\w-]+$/.test(part) ? part : JSON.stringify(part))).join('.');
}

/** Formats a value on one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${keyOf([key])} = ${inline(inner)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return stringify({ value }).slice('value = '.length).trimEnd();
}

function replaced(text: string, [start, end]: AST.Range, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function withLineAfter(text: string, offset: number, line: string): string {
  const found = text.indexOf('\n', offset);
  const [above, below] = found < 0 ? [text + endOfLine(text), ''] : [text.slice(0, found + 1), text.slice(found + 1)];
  return above + line + endOfLine(text) + below;
}

/** Removes the lines of a range, and the blank line before a table. */
function withoutLines(text: string, [start, end]: AST.Range, table: boolean): string {
  const above = text.slice(0, text.lastIndexOf('\n', start) + 1);
  const found = text.indexOf('\n', end);
  return (table ? above.replace(/\r?\n(\r?\n)$/, '$1') : above) + (found < 0 ? '' : text.slice(found + 1));
}

function endOfLine(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
