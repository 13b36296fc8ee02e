import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates an empty folder that is removed after the tests of the calling suite. */
export function workDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
