import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tells the teardown, which Jest loads by itself, what the setup has made. */
const VARIABLE = 'OLLAMA_EKS_JEST_FOLDER';

/**
 * Makes one folder for whatever a run of Jest leaves in the temporary directory: CDKTF's `Testing.app` alone leaves a
 * folder a call. Called before the workers start, which inherit the environment.
 */
export function makeTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-jest-'));
  process.env[VARIABLE] = folder;
  process.env.TMPDIR = folder;
}

/** Removes it when the run is over. */
export function removeTemporaryFolder(): void {
  const folder = process.env[VARIABLE];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
