import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../program/file-error';
import type { Context } from '../program/context';
import { makeDirectory } from './user-file';

/** Milliseconds between two attempts to take the lock. */
const RETRY = 50;

/** Milliseconds after which a lock is that of a run that was killed: no run holds it for longer than it takes to write a few files. */
const STALE = 10_000;

/** Acts while no other run holds the lock, which is a folder: only one run can create it. Throws UsageError if it cannot be created. */
export async function locked<Result>(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  lock: string,
  act: () => Result,
): Promise<Result> {
  while (!take(lock, clock.now())) await clock.sleep(RETRY, signal);
  try {
    return act();
  } finally {
    release(lock);
  }
}

function take(lock: string, now: number): boolean {
  try {
    makeDirectory(dirname(lock), 0o700);
    mkdirSync(lock);
    return true;
  } catch (cause) {
    const taken = statSync(lock, { throwIfNoEntry: false });
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EEXIST' && (taken === undefined || taken.isDirectory());
    if (!isTaken) throw fileError(lock, 'written', cause);
    if (taken !== undefined && now - taken.mtimeMs > STALE) release(lock);
    return false;
  }
}

function release(lock: string): void {
  rmSync(lock, { recursive: true, force: true });
}
