import { readFileSync } from 'node:fs';
import { UsageError } from './errors';

/**
 * Reads a file of a person's. Throws UsageError that names it where it can't be read.
 * @param name what an error calls it
 */
export function readTextFile(path: string, name = path): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${name} ${problemOf(cause)}`);
  }
}

/** Reads a file that holds JSON. Throws UsageError that names it, and tells nothing of what is in it. */
export function readJsonFile<Content>(path: string): Content {
  const text = readTextFile(path);
  try {
    return JSON.parse(text) as Content;
  } catch {
    throw new UsageError(`${path} is not JSON; correct it, or have it written again`);
  }
}

function problemOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EISDIR') return 'is a folder; name a file';
  if (code === 'ENOENT') return 'is not there';
  return `can not be read: ${message}`;
}
