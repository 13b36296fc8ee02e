import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCustomSynthesis, Construct, type ISynthesisSession, TerraformStack } from '../framework';
import { type Downloads, DOWNLOADS_FILE, type DownloadsFile } from './downloads';

/** Writes what a stack's deliveries download next to its `cdk.tf.json` when the app is synthesized. One per stack. */
export class DownloadsWriter extends Construct {
  /** Adds the downloads of a delivery to the file of its stack. */
  public static add(scope: Construct, downloads: Downloads): void {
    const stack = TerraformStack.of(scope);
    const id = 'ollama-eks-downloads';
    const writer = (stack.node.tryFindChild(id) as DownloadsWriter | undefined) ?? new DownloadsWriter(stack, id);
    writer.deliveries.push(downloads);
  }

  private readonly deliveries: Downloads[] = [];

  private constructor(
    private readonly stack: TerraformStack,
    id: string,
  ) {
    super(stack, id);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  private write({ manifest, outdir }: ISynthesisSession): void {
    const file: DownloadsFile = { formatVersion: 1, deliveries: this.deliveries };
    const { workingDirectory } = manifest.forStack(this.stack);
    writeFileSync(join(outdir, workingDirectory, DOWNLOADS_FILE), `${JSON.stringify(file, null, 2)}\n`);
  }
}
