import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { addCustomSynthesis, Construct, type ISynthesisSession, TerraformStack } from '../framework';
import { type FileTree, writeFiles } from './file-tree';

/** Digits of the hash in an asset's path; enough to tell two contents apart. */
const HASH_LENGTH = 16;

/**
 * Files that go with a stack, beside its `cdk.tf.json`: what a `TerraformAsset` is to a directory on disk, for files that
 * are made at synth. Their path holds a hash of their content and nothing of this machine, so a change of content is a
 * change of path, which Terraform plans as an update.
 */
export class GeneratedAsset extends Construct {
  /** Path of the files' directory, relative to that of the stack. */
  public readonly path: string;
  /** Directory of all versions of this asset; relative, too. */
  private readonly directory: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly files: FileTree,
  ) {
    super(scope, id);
    this.directory = posix.join('assets', TerraformStack.of(this).getLogicalId(this.node));
    this.path = posix.join(this.directory, hashOf(files));
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  private write({ outdir, manifest }: ISynthesisSession): void {
    const stackDirectory = join(outdir, manifest.forStack(TerraformStack.of(this)).workingDirectory);
    rmSync(join(stackDirectory, this.directory), { recursive: true, force: true });
    writeFiles(this.files, join(stackDirectory, this.path));
  }
}

function hashOf(files: FileTree): string {
  const hash = createHash('sha256');
  for (const [path, text] of files) {
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}
