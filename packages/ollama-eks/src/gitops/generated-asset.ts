import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { addCustomSynthesis, Construct, type ISynthesisSession, TerraformStack } from '../framework';
import { type FileTree, writeFiles } from './file-tree';

/** Number of hash digits in an asset's path; enough to distinguish contents. */
const HASH_LENGTH = 16;

/**
 * Files that belong to a stack, next to its `cdk.tf.json`: like a `TerraformAsset`, but for files that are generated at
 * synth. Their path contains a hash of their content and nothing about this machine, so changed content means a changed
 * path, which Terraform plans as an update.
 */
export class GeneratedAsset extends Construct {
  /** Path of the files' directory, relative to the stack's directory. */
  public readonly path: string;
  /** Directory of all versions of this asset, relative to the stack's directory. */
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
