import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path, { dirname, resolve, type PlatformPath } from 'node:path';
import { UsageError } from '../program/errors';
import { messageOf } from '../program/exit-codes';
import { readTextFile } from '../program/text-file';

/** Returns the text of a user's file, or undefined if it does not exist. Throws UsageError if it cannot be read as UTF-8 text. */
export function readUserFile(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const kind = statSync(file);
  // Reading a pipe would never end, and writing would replace a device.
  if (!kind.isFile() && !kind.isDirectory()) {
    throw new UsageError(`${file} is not a regular file`, { remedy: 'move it away first' });
  }
  const text = readTextFile(file);
  if (!Buffer.from(text).equals(readFileSync(file))) {
    throw new UsageError(`${file} is not UTF-8 text`, { remedy: 'convert it to UTF-8 first' });
  }
  return text;
}

/** Returns the outermost folder that must be created for a file. Throws UsageError if a file is in its place. */
export function missingDirectory(file: string): string | undefined {
  return outermostMissing(file, dirname(file)) ?? outermostMissing(file, dirname(targetOf(file)));
}

function outermostMissing(file: string, innermost: string): string | undefined {
  let missing: string | undefined;
  let directory = innermost;
  for (; !existsSync(directory); directory = dirname(directory)) missing = directory;
  if (statSync(directory).isDirectory()) return missing;
  throw new UsageError(
    `${file} cannot be created: ${directory} must be a directory, but is a file; move it away first`,
  );
}

/**
 * Writes a file atomically: a tool may read it at any time. Symbolic links and permissions are kept. Throws UsageError if
 * writing fails.
 */
export function replaceUserFile(file: string, text: string): void {
  try {
    replace(targetOf(file), text);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${messageOf(cause)}`);
  }
}

function replace(target: string, text: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const mode = statSync(target, { throwIfNoEntry: false })?.mode;
  const next = `${target}.${randomUUID()}`;
  try {
    // The temporary file must never be readable for more users than the final one.
    writeFileSync(next, text, { flag: 'wx', ...(mode !== undefined && { mode: mode & 0o700 }) });
    if (mode !== undefined) chmodSync(next, mode);
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * Removes a file, and its parent folders up to the given one if they are empty. Throws UsageError if it cannot be removed.
 * @param createdDirectory outermost folder that was created for the file
 */
export function removeUserFile(file: string, createdDirectory: string | undefined): void {
  const target = targetOf(file);
  try {
    rmSync(target, { force: true });
    if (createdDirectory !== undefined) removeEmpty(dirname(target), createdDirectory);
  } catch (cause) {
    throw new UsageError(`${file} cannot be removed: ${messageOf(cause)}`);
  }
}

function removeEmpty(directory: string, outermost: string): void {
  if (directory !== outermost && !isBelow(outermost, directory)) return;
  if (!existsSync(directory) || readdirSync(directory).length > 0) return;
  rmdirSync(directory);
  removeEmpty(dirname(directory), outermost);
}

/** Returns whether a file is below a folder, by the path rules of a platform. */
export function isBelow(directory: string, file: string, platform: PlatformPath = path): boolean {
  const way = platform.relative(directory, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${platform.sep}`) && !platform.isAbsolute(way);
}

/** Resolves a path, even if it is a link to a file that does not exist. */
function targetOf(file: string): string {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  return targetOf(resolve(realpathSync(dirname(file)), readlinkSync(file)));
}
