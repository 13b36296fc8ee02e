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
    throw unreadable(name, cause);
  }
}

/** Reads a file that holds JSON. Throws UsageError that names it, and tells nothing of what is in it. */
export function readJsonFile<Content>(path: string): Content {
  const text = readTextFile(path);
  try {
    return JSON.parse(text) as Content;
  } catch {
    throw new UsageError(`${path} is not JSON`, { remedy: 'correct it, or have it written again' });
  }
}

function unreadable(name: string, cause: unknown): UsageError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EISDIR') return new UsageError(`${name} is a folder`, { remedy: 'name a file' });
  return new UsageError(code === 'ENOENT' ? `${name} is not there` : `${name} can not be read: ${message}`);
}
