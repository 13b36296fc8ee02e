import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Passes the folder of the setup to the teardown, which Jest loads separately. */
const VARIABLE = 'OLLAMA_EKS_JEST_FOLDER';

/**
 * Creates one folder for everything that a run of Jest leaves in the temporary folder: CDKTF's `Testing.app` leaves a folder
 * per call. It is called before the workers start, which inherit the environment.
 */
export function makeTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-jest-'));
  process.env[VARIABLE] = folder;
  process.env.TMPDIR = folder;
}

/** Removes the folder after the run. */
export function removeTemporaryFolder(): void {
  const folder = process.env[VARIABLE];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
