import { isDeepStrictEqual } from 'node:util';
import { ConfigText } from './config-text';
import type { Change, Entry } from './entry';

/** A file whose values were restored. */
export interface Restored {
  /** Undefined if the file was created by the tool's configuration and nothing else is in it. */
  readonly text: string | undefined;
  /** Values that were changed since, and are left unchanged. */
  readonly left: readonly Change[];
}

/**
 * Restores a file: to the byte if it was not changed since, otherwise value by value.
 * @param text current text of the file
 * @param force also restores values that were changed since
 */
export function restore(entry: Entry, text: string, force = false): Restored {
  const { format, file, texts, changes, created } = entry;
  if (text === texts?.after) return { text: texts.before, left: [] };
  if (format === 'text') {
    if (text === texts?.before) return { text, left: [] };
    return force ? { text: texts?.before, left: [] } : { text, left: [{ path: [] }] };
  }
  let config = new ConfigText(file, format, text);
  const left: Change[] = [];
  for (const change of [...changes].reverse()) {
    const { path, before, after } = change;
    if (force || isDeepStrictEqual(config.get(path), after)) config = config.setSource(path, before);
    else if (config.source(path) !== before) left.push(change);
  }
  return { text: created && left.length === 0 && config.isBlank ? undefined : config.text, left };
}

/** Returns whether a file still has the values that were written to it. Throws UsageError if it cannot be read. */
export function stateOf({ file, format, texts, changes }: Entry, text: string | undefined): State {
  if (text === undefined) return 'gone';
  if (text === texts?.after) return 'as written';
  if (format === 'text') return 'changed';
  const config = new ConfigText(file, format, text);
  return changes.every(({ path, after }) => isDeepStrictEqual(config.get(path), after)) ? 'as written' : 'changed';
}

export type State = 'as written' | 'changed' | 'gone';
