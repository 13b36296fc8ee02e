import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
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
import { readTextFile } from '../program/text-file';

/** The text of a file of a person's; undefined where it does not exist. Throws UsageError where it cannot be read. */
export function readUserFile(file: string): string | undefined {
  return existsSync(file) ? readTextFile(file) : undefined;
}

/** The outermost directory that must be created for a file. Throws UsageError where a file is in its place. */
export function missingDirectory(file: string): string | undefined {
  return outermostMissing(file, dirname(file)) ?? outermostMissing(file, dirname(targetOf(file)));
}

function outermostMissing(file: string, innermost: string): string | undefined {
  let missing: string | undefined;
  let directory = innermost;
  for (; !existsSync(directory); directory = dirname(directory)) missing = directory;
  if (statSync(directory).isDirectory()) return missing;
  throw new UsageError(`${file} cannot be created: ${directory} is a file, not a directory; move it away first`);
}

/**
 * Writes a file whole or not at all: a tool may read it at any moment. A link to somebody's dotfiles stays one; so do permissions.
 * Throws UsageError where it cannot be written.
 */
export function replaceUserFile(file: string, text: string): void {
  try {
    replace(targetOf(file), text);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function replace(target: string, text: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const mode = statSync(target, { throwIfNoEntry: false })?.mode;
  const next = `${target}.${randomUUID()}`;
  try {
    // At no time may others read more than they may read in the end.
    writeFileSync(next, text, { flag: 'wx', ...(mode !== undefined && { mode: mode & 0o700 }) });
    if (mode !== undefined) chmodSync(next, mode);
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * Removes a file, and the directories up to the given one that are empty then. Throws UsageError where it cannot be removed.
 * @param createdDirectory the outermost directory that was created for it
 */
export function removeUserFile(file: string, createdDirectory: string | undefined): void {
  const target = targetOf(file);
  try {
    rmSync(target, { force: true });
    if (createdDirectory !== undefined) removeEmpty(dirname(target), createdDirectory);
  } catch (cause) {
    throw new UsageError(`${file} cannot be removed: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function removeEmpty(directory: string, outermost: string): void {
  if (directory !== outermost && !isBelow(outermost, directory)) return;
  if (!existsSync(directory) || readdirSync(directory).length > 0) return;
  rmdirSync(directory);
  removeEmpty(dirname(directory), outermost);
}

/** Whether a file lies below a directory, by the rules for paths of this machine. */
export function isBelow(directory: string, file: string, platform: PlatformPath = path): boolean {
  const way = platform.relative(directory, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${platform.sep}`) && !platform.isAbsolute(way);
}

/** Where a path leads, also through a link to nothing. */
function targetOf(file: string): string {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  return targetOf(resolve(realpathSync(dirname(file)), readlinkSync(file)));
}
