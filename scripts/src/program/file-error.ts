// https://man7.org/linux/man-pages/man3/errno.3.html
import { UsageError } from './errors';
import { messageOf } from './exit-codes';

/** What a program does with a file. */
export type FileAction = 'read' | 'removed' | 'written';

/** Why a file cannot be used, and what to do about it. */
type Cause = readonly [reason: string, remedy: string];

const DENIED: Cause = [
  'permission denied',
  'change the permissions of the file and its folder, or run this as their owner',
];
const FULL: Cause = ['no space is left on the disk', 'free some space, then run this again'];
const BUSY: Cause = ['another program uses it', 'close that program, then run this again'];
const LIMIT: Cause = ['too many files are open', 'close some programs, then run this again'];

/** Causes by the code of the operating system. */
const CAUSES: Readonly<Record<string, Cause>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: ['the file system is read-only', 'mount it with write access, then run this again'],
  ENOSPC: FULL,
  EDQUOT: FULL,
  EBUSY: BUSY,
  ETXTBSY: BUSY,
  EMFILE: LIMIT,
  ENFILE: LIMIT,
  EEXIST: ['something else is in its place', 'move it away, then run this again'],
  EISDIR: ['it is a folder', 'move it away, then run this again'],
  ENOTDIR: ['a part of its path is a file instead of a folder', 'move that file away, then run this again'],
  ENOENT: ['a folder of its path does not exist', 'create that folder, then run this again'],
  ELOOP: ['its symbolic links form a loop', 'remove one of the links, then run this again'],
  ENAMETOOLONG: ['its path is too long', 'use a folder with a shorter path'],
  EIO: ['the disk reports an error', 'check the disk, then run this again'],
};

/**
 * Returns the error for a file that cannot be used, in words instead of the system's code.
 * @param action what failed
 */
export function fileError(file: string, action: FileAction, cause: unknown): UsageError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const [reason, remedy] = CAUSES[code] ?? [messageOf(cause), 'fix the cause, then run this again'];
  return new UsageError(`${file} cannot be ${action}: ${reason}`, { remedy, cause });
}
