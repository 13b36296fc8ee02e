// https://toml.io/en/v1.0.0
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, type TomlTable } from 'smol-toml';
import { parseTOML, type AST } from 'toml-eslint-parser';
import { UsageError } from '../program/errors';
import { messageOf } from '../program/exit-codes';
import { getValue, isEmpty, setValue } from '../program/value-path';

/** A line `key = value` of the root or of a table, with its full path. */
interface Assignment {
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
}

/** Returns the values of a TOML text. Throws UsageError if it is not valid. */
export function readToml(path: string, text: string): TomlTable {
  try {
    return parse(text);
  } catch (cause) {
    // The lines after the first quote the file, which may contain a key.
    const [reason = ''] = messageOf(cause).split('\n');
    throw new UsageError(`${path} is not valid TOML: ${reason}; correct it first`);
  }
}

/**
 * Returns the text with one value set or removed. Every other line stays unchanged, including comments. The result is parsed to verify that
 * only this value differs. Throws UsageError otherwise.
 */
export function setToml(file: string, text: string, path: readonly string[], value: unknown): string {
  const before = readToml(file, text);
  if (value === undefined && getValue(before, path) === undefined) return text;
  const edited = value === undefined ? withoutValue(text, path) : withValue(text, before, path, value);
  if (!isDeepStrictEqual(comparable(readToml(file, edited)), comparable(setValue(before, path, value)))) {
    throw new UsageError(`${file}: ${path.join('.')} cannot be edited safely; edit the file yourself`);
  }
  return edited;
}

function withValue(text: string, values: TomlTable, path: readonly string[], value: unknown): string {
  const assignments = assignmentsOf(text);
  const holder = holderOf(assignments, path);
  if (holder !== undefined) {
    const rest = path.slice(holder.path.length);
    const whole = rest.length === 0 ? value : setValue(getValue(values, holder.path), rest, value);
    return replaced(text, holder.node.value.range, inline(whole));
  }
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

function withoutValue(text: string, path: readonly string[]): string {
  const holder = holderOf(assignmentsOf(text), path);
  if (holder === undefined) return text;
  const rest = path.slice(holder.path.length);
  if (rest.length > 0) {
    const value = setValue(parse(text.slice(...holder.node.range)), [...namesOf(holder.node.key), ...rest], undefined);
    return replaced(text, holder.node.value.range, inline(getValue(value, namesOf(holder.node.key)) ?? {}));
  }
  const { parent } = holder.node;
  const last = parent.type === 'TOMLTable' && parent.body.length === 1 && !hasComment(text, parent);
  return last ? withoutLines(text, parent.range, true) : withoutLines(text, holder.node.range, false);
}

/** Returns the line that holds a value, which may be the line of an inline table around it. */
function holderOf(assignments: readonly Assignment[], path: readonly string[]): Assignment | undefined {
  return assignments.find((one) => isDeepStrictEqual(one.path, path.slice(0, one.path.length)));
}

function assignmentsOf(text: string): readonly Assignment[] {
  const [{ body }] = parseTOML(text).body;
  const root = body.flatMap((node) => (node.type === 'TOMLKeyValue' ? [{ path: namesOf(node.key), node }] : []));
  const inTables = tablesOf(text).flatMap(({ resolvedKey, body: nodes }) =>
    nodes.map((node) => ({ path: [...resolvedKey.map(String), ...namesOf(node.key)], node })),
  );
  return [...root, ...inTables];
}

/** Returns the tables that have a header, except those in arrays. */
function tablesOf(text: string): readonly AST.TOMLTable[] {
  const [{ body }] = parseTOML(text).body;
  return body.flatMap((node) => (node.type === 'TOMLTable' && node.kind === 'standard' ? [node] : []));
}

function hasComment(text: string, { range: [start, end] }: AST.TOMLTable): boolean {
  return parseTOML(text).comments.some((comment) => comment.range[0] > start && comment.range[0] < end);
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
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${keyOf([key])} = ${inline(inner)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return stringify({ value }).slice('value = '.length).trimEnd();
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
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

/** Returns plain objects, as `isDeepStrictEqual` requires, without empty tables. */
function comparable(value: unknown): unknown {
  const plain = JSON.parse(JSON.stringify(value)) as unknown;
  return withoutEmptyTables(plain);
}

function withoutEmptyTables(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmptyTables(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner)));
}
