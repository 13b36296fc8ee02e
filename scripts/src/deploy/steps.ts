import { argoNamespace } from '../argo/application';
import { waitForApplications } from '../argo/applications';
import type { Context } from '../program/context';
import type { Step } from '../program/steps';
import { openCluster } from '../systems/cluster-access';
import type { Deployment } from './deployment';

/** Which part of a deployment is wanted: all, or what is in Konnect, for an infrastructure that is there. */
export type Part = 'all' | 'konnect';

/** A step that writes next to nothing. */
const QUICK = 1;

/**
 * The steps of a deployment. Konnect's network takes longest, so it is asked for first, and all of AWS is made while it comes up. Minutes
 * are what each usually takes: EKS and its node groups by AWS' own word, Konnect by Kong's.
 */
export function deploymentSteps(context: Context, deployment: Deployment, part: Part = 'all'): Step<Context>[] {
  const namespace = argoNamespace(deployment.project);
  const steps: Step<Context>[] = [
    step('preflight', 'accounts, tokens, quotas, ranges', QUICK, [], () => deployment.preflight()),
  ];
  if (deployment.exposure !== undefined) steps.push(...konnectSteps(deployment, part));
  if (part === 'konnect') {
    steps.push(
      step('infrastructure', 'what Terraform made', QUICK, ['preflight'], () => deployment.readInfrastructure()),
    );
    return steps;
  }
  steps.push(
    step('infrastructure', infrastructureOf(deployment), 20, ['preflight'], () => deployment.infrastructure()),
    step('platform', 'Argo CD, or Helm releases', 8, ['infrastructure'], () => deployment.platform()),
  );
  if (namespace !== undefined) {
    steps.push({
      ...step('applications', 'every Application synced and healthy', 15, ['platform'], async (signal) => {
        const kubectl = await openCluster(context, deployment.target);
        const applications = await waitForApplications(context, kubectl, namespace, signal);
        return `${String(applications.length)} healthy`;
      }),
      waits: true,
    });
  }
  const served = namespace === undefined ? 'platform' : 'applications';
  if (deployment.exposure !== undefined) steps.push(...kongSteps(deployment, served));
  else steps.push(step('verify', 'every server answers', 2, [served], () => deployment.verify()));
  return steps;
}

function infrastructureOf({ exposure }: Deployment): string {
  return `network, cluster, nodes${exposure === undefined ? '' : ', transit gateway'}`;
}

function konnectSteps(deployment: Deployment, part: Part): Step<Context>[] {
  // not beside the platform: Terraform might read a stack while synth writes it
  const alone = part === 'all' ? ['platform'] : [];
  return [
    step('konnect', 'control plane there, network asked for', QUICK, ['preflight'], () => deployment.startKonnect()),
    {
      ...step('network', 'Konnect network ready', 35, ['konnect'], (signal) => deployment.network(signal)),
      waits: true,
    },
    step('principal', "transit gateway shared with Kong's account", QUICK, ['konnect', 'infrastructure'], () =>
      deployment.principal(),
    ),
    step('gateways', 'data plane group ready', 10, ['network'], () => deployment.gateways()),
    step('attachment', 'transit gateway attached, accepted and routed', 10, ['network', 'principal', ...alone], () =>
      deployment.attachment(),
    ),
    step('address', 'proxy URL', 0, ['gateways'], () => deployment.address()),
  ];
}

function kongSteps(deployment: Deployment, served: string): Step<Context>[] {
  return [
    step('configuration', 'services, routes and plugins', QUICK, ['konnect', 'infrastructure'], () =>
      deployment.configuration(),
    ),
    step('consumer', 'first team', 0, ['konnect'], () => deployment.consumer()),
    step('verify', 'the whole path answers', 2, [served, 'attachment', 'address', 'configuration', 'consumer'], () =>
      deployment.verify(),
    ),
  ];
}

function step(
  id: string,
  title: string,
  minutes: number,
  needs: readonly string[],
  run: (signal: AbortSignal) => Promise<string>,
): Step<Context> {
  return { id, title, minutes, needs, run: (_, signal) => run(signal) };
}
