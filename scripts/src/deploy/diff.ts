import type { Context } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import { print } from '../program/output';
import { describePreview, differs, notCompared, previewDeployment, withPreview } from './preview';

/** Options of `diff`. */
export interface DiffOptions {
  /** End with exit code 7 if something would change. */
  readonly exitCode?: boolean;
}

/** Shows what a deployment would change: Terraform's plans, and the objects of the GitOps tree against those that run. */
export async function diff(
  context: Context,
  example: string | undefined,
  { exitCode = false }: DiffOptions,
): Promise<void> {
  await withPreview(context, example, { team: '', allowDeletions: false }, async (deployment) => {
    const { clusterName } = deployment.target;
    const preview = await previewDeployment(deployment);
    const isDifferent = differs(preview);
    const left = notCompared(preview);
    const isKnown = isDifferent || left.length === 0;
    print(context, { cluster: clusterName, differs: isKnown ? isDifferent : null, ...preview }, () =>
      describePreview(deployment, preview),
    );
    if (!exitCode) return;
    if (isDifferent) throw new CommandError(ExitCode.different, `${clusterName} differs from the project`);
    if (left.length > 0) throw new CommandError(ExitCode.failedState, `cannot be compared: ${left.join(', ')}`);
  });
}
