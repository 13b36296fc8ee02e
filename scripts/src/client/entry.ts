import { isAbsolute } from 'node:path';
import { isObject } from '../program/value-path';
import type { Format } from './config-text';
import { SCOPES, type Places, type Scope } from './tool-config';
import { isBelow } from '../program/user-file';

/** A value that was changed. `before` or `after` is absent if there was no value. */
export interface Change {
  readonly path: readonly string[];
  /** The value before, as it was written in the file: as a value, a date or a long integer would be lost. */
  readonly before?: string | undefined;
  readonly after?: unknown;
}

/** A file that was written for a tool, with what is needed to restore it. */
export interface Entry {
  /** Name of the tool on the command line. */
  readonly tool: string;
  readonly scope: Scope;
  readonly file: string;
  readonly format: Format | 'text';
  /** Whether the file did not exist before. */
  readonly created: boolean;
  /** Outermost directory that was created for it. */
  readonly directory?: string;
  /** The whole text before, if there was one, and after; absent once a part was restored. */
  readonly texts?: { readonly before?: string; readonly after: string } | undefined;
  readonly changes: readonly Change[];
  /** URL and model, for `client status`. */
  readonly url: string;
  readonly model: string;
}

/** A check of a field, and what it requires. */
type Rule = readonly [isValid: (value: unknown) => boolean, requirement: string];

const isString = (value: unknown) => typeof value === 'string';
const isOptionalString = (value: unknown) => value === undefined || isString(value);
const isText = (value: unknown) =>
  value === undefined || (isObject(value) && isOptionalString(value['before']) && isString(value['after']));
const isChange = (value: unknown) =>
  isObject(value) && Array.isArray(value['path']) && value['path'].every(isString) && isOptionalString(value['before']);

const oneOf = (values: readonly string[]): Rule => [
  (value) => values.some((allowed) => allowed === value),
  `one of ${values.join(', ')}`,
];

/** What each field of an entry must be. */
const FIELDS: Readonly<Record<keyof Entry, Rule>> = {
  tool: [isString, 'a string'],
  scope: oneOf(SCOPES),
  file: [(value) => typeof value === 'string' && isAbsolute(value), 'an absolute path'],
  format: oneOf(['json', 'toml', 'text']),
  created: [(value) => typeof value === 'boolean', 'true or false'],
  directory: [isOptionalString, 'a string'],
  texts: [isText, 'an object with the strings before and after'],
  changes: [(value) => Array.isArray(value) && value.every(isChange), 'an array of objects with path and before'],
  url: [isString, 'a string'],
  model: [isString, 'a string'],
};

/** Returns whether a file is read in a project: files of other projects are not. */
export function appliesIn({ scope, file }: Entry, { project }: Pick<Places, 'project'>): boolean {
  return scope !== 'project' || isBelow(project, file);
}

/** Returns whether a stored value can be used as an entry. */
export function isEntry(value: unknown): value is Entry {
  return problemOf(value) === undefined;
}

/** Returns what is wrong with an entry, without any of its values; undefined if it can be used. */
export function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return ' must be an object';
  const wrong = Object.entries(FIELDS).find(([name, [isValid]]) => !isValid(value[name]));
  return wrong && `.${wrong[0]} must be ${wrong[1][1]}`;
}
