import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder that is removed after the tests of the suite in which this is called. */
export function workDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
