import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetType, type Construct, TerraformAsset } from '../framework';
import { type FileTree, writeFiles } from './file-tree';

/** Digits of the hash in an asset's path; enough to tell two contents apart. */
const HASH_LENGTH = 16;

let workspace: string | undefined;

/**
 * Files that go with a stack, beside its `cdk.tf.json`. Their path there holds a hash of their content and nothing of
 * this machine, so a change of content is a change of path, which Terraform plans as an update.
 */
export function generatedAsset(scope: Construct, id: string, files: FileTree): TerraformAsset {
  const assetHash = hashOf(files);
  const path = join(temporaryDirectory(), assetHash);
  if (!existsSync(path)) {
    writeFiles(files, path);
  }
  return new TerraformAsset(scope, id, { path, type: AssetType.DIRECTORY, assetHash });
}

function hashOf(files: FileTree): string {
  const hash = createHash('sha256');
  for (const [path, text] of files) {
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

/** Where files wait for synth, which copies assets from disk; gone with the process. */
function temporaryDirectory(): string {
  if (workspace === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'ollama-eks-'));
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    workspace = directory;
  }
  return workspace;
}
