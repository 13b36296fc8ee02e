import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { UsageError } from './errors';
import { fileError } from './file-error';

/**
 * Reads a file of the user. Throws UsageError with its name if it cannot be read.
 * @param name name of the file in errors
 */
export function readTextFile(path: string, name = path): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/**
 * Reads a JSON file. Throws UsageError with its name, without any of its content.
 * @param remedy what to do if it is not JSON
 */
export function readJsonFile<Content>(path: string, remedy = 'correct it'): Content {
  const text = readTextFile(path);
  try {
    return JSON.parse(text) as Content;
  } catch {
    throw new UsageError(`${path} is not JSON`, { remedy });
  }
}

/** Writes a file. Throws UsageError with its name if it cannot be written. */
export function writeTextFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw fileError(path, 'written', cause);
  }
}

/** Creates a folder with those above it, unless it exists. Throws UsageError with its name if it cannot be created. */
export function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw fileError(path, 'written', cause);
  }
}

function unreadable(name: string, cause: unknown): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EISDIR') return new UsageError(`${name} is a folder`, { remedy: 'specify a file' });
  return code === 'ENOENT'
    ? new UsageError(`${name} does not exist`, { remedy: 'specify an existing file' })
    : fileError(name, 'read', cause);
}
