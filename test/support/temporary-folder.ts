import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Passes the folder of the setup to the teardown, which Jest loads separately. */
const VARIABLE = 'OLLAMA_EKS_JEST_FOLDER';

/** Linux keeps these files in memory. Tests create and remove thousands of small ones, which takes a disk seconds. */
const MEMORY = '/dev/shm';
/** Many times what a run leaves there, since containers often limit it to 64 MiB. */
const ROOM_BYTES = 2 ** 30;

function hasRoom(folder: string): boolean {
  if (process.platform !== 'linux' || !existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ROOM_BYTES;
}

/**
 * Creates one folder for everything that a run of Jest leaves in the temporary folder: CDKTF's `Testing.app` leaves a folder
 * per call. It is called before the workers start, which inherit the environment.
 */
export function makeTemporaryFolder(): void {
  const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'ollama-eks-jest-'));
  process.env[VARIABLE] = folder;
  process.env.TMPDIR = folder;
}

/** Removes the folder after the run. */
export function removeTemporaryFolder(): void {
  const folder = process.env[VARIABLE];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
