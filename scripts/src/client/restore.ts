import { isDeepStrictEqual } from 'node:util';
import { ConfigText } from './config-text';
import type { Change, Entry } from './journal';

/** What a file becomes when what was written to it is taken back. */
export interface Restored {
  /** Undefined where the file was created for what was written, and goes with it. */
  readonly text: string | undefined;
  /** Values that somebody has changed since: they are as they are. */
  readonly left: readonly Change[];
}

/**
 * Takes back what was written to a file: to the byte where nobody has changed it since, or else value by value.
 * @param text what is in the file now
 * @param force takes back also what was changed since
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
    const now = config.get(change.path);
    if (force || isDeepStrictEqual(now, change.after)) config = config.set(change.path, change.before);
    else if (!isDeepStrictEqual(now, change.before)) left.push(change);
  }
  return { text: created && left.length === 0 && config.isBlank ? undefined : config.text, left };
}

/** Whether a file still holds what was written to it. */
export function stateOf({ file, format, texts, changes }: Entry, text: string | undefined): State {
  if (text === undefined) return 'gone';
  if (text === texts?.after) return 'as written';
  if (format === 'text') return 'changed';
  const config = new ConfigText(file, format, text);
  return changes.every(({ path, after }) => isDeepStrictEqual(config.get(path), after)) ? 'as written' : 'changed';
}

export type State = 'as written' | 'changed' | 'gone';
