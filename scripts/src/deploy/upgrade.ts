import { upgradeOf, type Upgrade } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { UsageError } from '../program/errors';
import { print } from '../program/output';
import { course, runSteps } from '../program/steps';
import { openCluster } from '../systems/cluster-access';
import type { Deployment } from './deployment';
import { describePreview, differs, previewDeployment, withPreview, type Preview } from './preview';
import { stepTable, upgradeSteps } from './steps';
import { projectVersions, runningVersions } from './versions';

/** Options of `upgrade`. */
export interface UpgradeOptions {
  readonly allowDeletions?: boolean;
}

/** An upgrade, with everything that it would change. */
interface Plan {
  readonly deployment: Deployment;
  readonly upgrade: Upgrade | undefined;
  /** Undefined if nobody is asked: then each plan is shown before it is applied, as in `deploy`. */
  readonly preview: Preview | undefined;
}

/** Upgrades Kubernetes or Istio to the version that the project sets, and verifies every server after each step. */
export async function upgrade(
  context: Context,
  example: string | undefined,
  { allowDeletions = false }: UpgradeOptions,
): Promise<void> {
  const plan = await withPreview(context, example, { team: '', allowDeletions }, async (deployment): Promise<Plan> => {
    const found = await findUpgrade(deployment);
    const isShown = found === undefined || context.flags.dryRun || !context.flags.yes;
    return { deployment, upgrade: found, preview: isShown ? await previewDeployment(deployment) : undefined };
  });
  const { clusterName } = plan.deployment.target;
  if (plan.upgrade === undefined || context.flags.dryRun) {
    print(context, { cluster: clusterName, upgrade: plan.upgrade, ...plan.preview }, () => describe(plan));
    return;
  }
  const { part, from, to } = plan.upgrade;
  context.reporter.note(describe(plan));
  if (!(await context.confirm(`Upgrade ${part} of ${clusterName} from ${from} to ${to}?`))) {
    reportDeclined(context);
    return;
  }
  await runSteps(context, upgradeSteps(plan.deployment));
  print(context, { cluster: clusterName, upgraded: { part, from, to } }, () =>
    [`${part} ${to}: every server answers`, `to go back: ${plan.upgrade?.back ?? ''}`].join('\n'),
  );
}

/** Compares what runs with what the project sets. Throws ValidationError or UsageError for an upgrade that cannot work. */
async function findUpgrade({ context, aws, project, target }: Deployment): Promise<Upgrade | undefined> {
  const kubectl = await openCluster(context, target);
  const found = upgradeOf(await runningVersions(aws, kubectl, target), projectVersions(project, target));
  if (found?.part !== 'kubernetes') return found;
  const insights = await aws.upgradeErrors(target.clusterName, found.to);
  if (insights.length > 0) {
    const what = insights.map(({ name, insightStatus }) => `${name}: ${insightStatus.reason}`).join('; ');
    throw new UsageError(`EKS reports that ${target.clusterName} is not ready for ${found.to}: ${what}`, {
      remedy: 'fix that, wait until EKS has checked again (daily), and run the command again',
    });
  }
  return found;
}

function describe({ deployment, upgrade: found, preview }: Plan): string {
  const { clusterName } = deployment.target;
  const changes = preview === undefined ? [] : [describePreview(deployment, preview)];
  if (found === undefined) {
    const differing = preview !== undefined && differs(preview);
    const left = differing ? ['what differs needs no upgrade: ollama-eks deploy applies it'] : [];
    return [`${clusterName} runs the versions of the project`, ...changes, ...left].join('\n');
  }
  const { part, from, to, rolls, back } = found;
  const steps = course(upgradeSteps(deployment));
  return [
    `${part} of ${clusterName}: ${from} → ${to}. What rolls:`,
    ...rolls.map((phrase, index) => `  ${String(index + 1)}. ${phrase}`),
    `To go back: ${back}`,
    ...changes,
    stepTable(steps),
    `about ${String(steps.minutes)} min`,
  ].join('\n');
}
