import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
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
  type Stats,
} from 'node:fs';
import path, { basename, dirname, join, resolve, type PlatformPath } from 'node:path';
import { UsageError } from './errors';
import { fileError, type FileAction } from './file-error';

/** Returns the text of a user's file, or undefined if it does not exist. Throws UsageError if it cannot be read as UTF-8 text. */
export function readUserFile(file: string): string | undefined {
  const kind = attempt(file, 'read', () => statSync(file, { throwIfNoEntry: false }));
  if (kind === undefined) return undefined;
  // Reading a pipe would never end, and writing would replace a device.
  if (!kind.isFile()) {
    const problem = kind.isDirectory() ? 'is a folder' : 'is not a regular file';
    throw new UsageError(`${file} ${problem}`, { allowed: 'a file', remedy: 'move it away, then run this again' });
  }
  const bytes = attempt(file, 'read', () => readFileSync(file));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) {
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
  throw new UsageError(`${file} cannot be created: ${directory} must be a directory, but is a file`, {
    allowed: 'a directory',
    remedy: 'move it away first',
  });
}

/**
 * Writes a file atomically: a tool may read it at any time. Symbolic links and permissions are kept. Throws UsageError if
 * writing fails.
 */
export function replaceUserFile(file: string, text: string): void {
  const target = targetOf(file);
  attempt(file, 'written', () => {
    makeDirectory(dirname(target));
    replace(target, text, statSync(target, { throwIfNoEntry: false })?.mode);
  });
}

/** Writes a file, as `replaceUserFile` does, that only its owner can read. */
export function replacePrivateFile(file: string, text: string): void {
  const target = targetOf(file);
  attempt(file, 'written', () => {
    makeDirectory(dirname(target), 0o700);
    replace(target, text, 0o600);
  });
}

function replace(target: string, text: string, mode: number | undefined): void {
  const next = `${target}.${randomUUID()}`;
  try {
    // The temporary file must never be readable for more users than the final one.
    writeFileSync(next, text, { flag: 'wx', ...(mode !== undefined && { mode: mode & 0o700 }) });
    own(next, statSync(target, { throwIfNoEntry: false }) ?? statSync(dirname(target)));
    if (mode !== undefined) chmodSync(next, mode);
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** Creates a folder, and those around it. */
export function makeDirectory(directory: string, mode = 0o777): void {
  const around = dirname(directory);
  if (around === directory || existsSync(directory)) return;
  makeDirectory(around, mode);
  mkdirSync(directory, { recursive: true, mode });
  own(directory, statSync(around));
}

/** As root, gives a new file to the owner of what it replaces or is in: `sudo` must leave nothing in a home that its user cannot change. */
function own(file: string, { uid, gid }: Stats): void {
  if (process.getuid?.() === 0) chownSync(file, uid, gid);
}

/**
 * Removes a file, and its parent folders up to the given one if they are empty. Throws UsageError if it cannot be removed.
 * @param createdDirectory outermost folder that was created for the file
 */
export function removeUserFile(file: string, createdDirectory?: string): void {
  const target = targetOf(file);
  attempt(file, 'removed', () => {
    rmSync(target, { force: true });
    if (createdDirectory !== undefined) removeEmpty(dirname(target), createdDirectory);
  });
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

/** Resolves a path, even if it is a link to a file that does not exist. Throws UsageError if that is not possible. */
export function targetOf(file: string): string {
  return attempt(file, 'read', () => {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      return targetOf(resolve(realpathSync(dirname(file)), readlinkSync(file)));
    }
    const directory = dirname(file);
    return directory === file ? file : join(targetOf(directory), basename(file));
  });
}

function attempt<Result>(file: string, action: FileAction, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    throw cause instanceof UsageError ? cause : fileError(file, action, cause);
  }
}
