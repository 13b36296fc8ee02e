import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCustomSynthesis, Construct, type ISynthesisSession, TerraformStack } from '../framework';
import { stackCosts } from '../stack-costs';
import { withCosts } from './summarize';
import { type ClusterSummary, SUMMARY_FILE, type SummaryFile } from './summary';

/** Writes the summaries of a stack's clusters next to its `cdk.tf.json` when the app is synthesized. One per stack. */
export class SummaryWriter extends Construct {
  /** Adds the summary of a cluster to the file of its stack. */
  public static add(scope: Construct, summary: ClusterSummary): void {
    const stack = TerraformStack.of(scope);
    const id = 'ollama-eks-summary';
    const writer = (stack.node.tryFindChild(id) as SummaryWriter | undefined) ?? new SummaryWriter(stack, id);
    writer.clusters.push(summary);
  }

  private readonly clusters: ClusterSummary[] = [];

  private constructor(
    private readonly stack: TerraformStack,
    id: string,
  ) {
    super(stack, id);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  private write(session: ISynthesisSession): void {
    const clusters = this.clusters.map((cluster) => withCosts(cluster, stackCosts(this.stack, cluster.clusterName)));
    const file: SummaryFile = { formatVersion: 1, clusters };
    const { workingDirectory } = session.manifest.forStack(this.stack);
    writeFileSync(join(session.outdir, workingDirectory, SUMMARY_FILE), `${JSON.stringify(file, null, 2)}\n`);
  }
}
