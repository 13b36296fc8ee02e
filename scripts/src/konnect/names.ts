import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { findProject } from '../project/project';
import { findTarget, type Target } from '../project/target';
import {
  assertOurs,
  findControlPlane,
  type ControlPlane,
  type KonnectClaim,
  type KonnectClient,
  type KonnectNames,
  type Owner,
} from './index';

/** The cluster that a claim is made for. */
type Cluster = Pick<Target, 'clusterName' | 'region'>;

/** The names of the settings, and where they say nothing, that of the cluster: so clusters never meet in Konnect. */
export function konnectNames(
  context: Pick<Context, 'settings' | 'directory'>,
  target?: Pick<Target, 'clusterName'>,
): KonnectNames {
  const { settings } = context;
  const byCluster = () => target?.clusterName ?? clusterName(context);
  return {
    controlPlaneName: settings.get('controlPlane') ?? byCluster(),
    networkName: settings.get('networkName') ?? byCluster(),
  };
}

/** The name of the control plane alone, for what needs no network. */
export function controlPlaneName(
  context: Pick<Context, 'settings' | 'directory'>,
  target?: Pick<Target, 'clusterName'>,
): string {
  return context.settings.get('controlPlane') ?? target?.clusterName ?? clusterName(context);
}

/** The names, and what may be done with what they lead to. */
export function konnectClaim(
  context: Pick<Context, 'settings' | 'directory'>,
  target: Cluster,
  account?: string,
): KonnectClaim {
  const { settings } = context;
  return {
    ...konnectNames(context, target),
    owner: ownerOf(target, account),
    chosen: {
      controlPlane: settings.get('controlPlane') !== undefined,
      network: settings.get('networkName') !== undefined,
    },
  };
}

/** Whose what is made for this cluster is. */
export function ownerOf({ clusterName: cluster, region }: Cluster, account?: string): Owner {
  return { cluster, region, account };
}

function clusterName(context: Pick<Context, 'settings' | 'directory'>): string {
  const named = context.settings.get('clusterName');
  if (named !== undefined) return named;
  const project = findProject(context);
  if (project === undefined) {
    throw new UsageError('which control plane? it is called as the cluster is', {
      remedy:
        'name that (--cluster, OLLAMA_EKS_CLUSTER, cluster in ollama-eks.yaml), its project (--project), or the control plane itself (--control-plane, KONNECT_CONTROL_PLANE_NAME)',
    });
  }
  return findTarget(context, project).clusterName;
}

/**
 * The cluster that is worked on, as far as it is known: a control plane that is named outright needs none.
 * A control plane with the mark of another one is then not touched.
 */
function knownOwner(context: Pick<Context, 'settings' | 'directory'>): Owner | undefined {
  const { settings } = context;
  const project = findProject(context);
  const clusters = project?.stacks.flatMap((stack) => stack.clusters) ?? [];
  const named = settings.get('clusterName') !== undefined;
  const known = clusters.length > 0 ? named || clusters.length === 1 : named && settings.get('awsRegion') !== undefined;
  return known ? ownerOf(findTarget(context, project)) : undefined;
}

/** The control plane of the cluster that is worked on. Throws CommandError (exit code 6) where there is none, or it is another's. */
export async function requireControlPlane(
  context: Pick<Context, 'settings' | 'directory'>,
  client: KonnectClient,
): Promise<ControlPlane> {
  const name = controlPlaneName(context);
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane === undefined) {
    throw new CommandError(ExitCode.failedState, `there is no control plane "${name}"`, {
      remedy: 'deploy first, or name another (--control-plane, KONNECT_CONTROL_PLANE_NAME)',
    });
  }
  const owner = knownOwner(context);
  if (owner !== undefined) assertOurs(controlPlane, owner, true);
  return controlPlane;
}
