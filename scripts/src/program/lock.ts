import { existsSync, mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Context } from './context';
import type { UsageError } from './errors';
import { fileError } from './file-error';
import { makeDirectory } from './user-file';

/** Milliseconds between two attempts to take the lock. */
const RETRY = 50;

/** Milliseconds after which a lock is that of a run that was killed: a run that takes longer than to write a few files renews it. */
const STALE = 10_000;

/** Milliseconds between two renewals. */
const RENEWAL = STALE / 4;

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

/**
 * Acts for as long as it takes, if no other run holds the lock. Throws UsageError if one does, or if the lock cannot be created.
 * @param refusal what to throw if another run holds the lock
 */
export async function alone<Result>(
  { clock }: Pick<Context, 'clock'>,
  lock: string,
  refusal: () => UsageError,
  act: () => Promise<Result>,
): Promise<Result> {
  // The first attempt only removes the lock of a run that was killed.
  if (!take(lock, clock.now()) && !take(lock, clock.now())) throw refusal();
  const renewals = setInterval(() => renew(lock, clock.now()), RENEWAL);
  try {
    return await act();
  } finally {
    clearInterval(renewals);
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

/** Marks a lock as that of a run that is alive, unless someone has removed its folder meanwhile. */
function renew(lock: string, now: number): void {
  if (existsSync(lock)) utimesSync(lock, now / 1000, now / 1000);
}

function release(lock: string): void {
  rmSync(lock, { recursive: true, force: true });
}
