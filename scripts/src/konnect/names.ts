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

/** The cluster that a claim is for. */
type Cluster = Pick<Target, 'clusterName' | 'region'>;

/** Returns the names from the settings. They default to the name of the cluster, so that clusters do not collide in Konnect. */
export function konnectNames(
  context: Pick<Context, 'settings' | 'directory'>,
  target?: Pick<Target, 'clusterName'>,
): KonnectNames {
  const { settings } = context;
  return {
    controlPlaneName: controlPlaneName(context, target),
    networkName: settings.get('networkName') ?? target?.clusterName ?? clusterName(context, 'network'),
  };
}

/** Returns the name of the control plane, for code that does not need the network. */
export function controlPlaneName(
  context: Pick<Context, 'settings' | 'directory'>,
  target?: Pick<Target, 'clusterName'>,
): string {
  return context.settings.get('controlPlane') ?? target?.clusterName ?? clusterName(context, 'controlPlane');
}

/** Returns the names, and the facts that decide what may be done with their objects. */
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

/** Returns the owner of everything that is created for a cluster. */
export function ownerOf({ clusterName: cluster, region }: Cluster, account?: string): Owner {
  return { cluster, region, account };
}

/** How to set the names that default to the name of the cluster. */
const NAMED = {
  controlPlane: { noun: 'control plane', ways: '--control-plane, KONNECT_CONTROL_PLANE_NAME' },
  network: { noun: 'network', ways: '--network, KONNECT_NETWORK_NAME' },
} as const;

/** Returns the name of the cluster as the default name of an object. Throws UsageError with the object's name settings. */
function clusterName(context: Pick<Context, 'settings' | 'directory'>, object: keyof typeof NAMED): string {
  const named = context.settings.get('clusterName');
  if (named !== undefined) return named;
  const project = findProject(context);
  if (project === undefined) {
    const { noun, ways } = NAMED[object];
    throw new UsageError(`the name of the ${noun} is not known`, {
      remedy: `specify the ${noun} (${ways}), its cluster (--cluster, OLLAMA_EKS_CLUSTER, cluster in ollama-eks.yaml), or the project (--project)`,
    });
  }
  return findTarget(context, project).clusterName;
}

/**
 * Returns the cluster that the command is for, if it is known: an explicit control plane name does not require one.
 * If it is known, a control plane with the labels of another cluster is not touched.
 */
function knownOwner(context: Pick<Context, 'settings' | 'directory'>): Owner | undefined {
  const { settings } = context;
  const project = findProject(context);
  const clusters = project?.stacks.flatMap((stack) => stack.clusters) ?? [];
  const named = settings.get('clusterName') !== undefined;
  const known = clusters.length > 0 ? named || clusters.length === 1 : named && settings.get('awsRegion') !== undefined;
  return known ? ownerOf(findTarget(context, project)) : undefined;
}

/** Returns the control plane of the current cluster. Throws CommandError (exit code 6) if it does not exist or belongs to another cluster. */
export async function requireControlPlane(
  context: Pick<Context, 'settings' | 'directory'>,
  client: KonnectClient,
): Promise<ControlPlane> {
  const name = controlPlaneName(context);
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane === undefined) {
    throw new CommandError(ExitCode.failedState, `control plane "${name}" does not exist`, {
      remedy: 'deploy first, or specify another (--control-plane, KONNECT_CONTROL_PLANE_NAME)',
    });
  }
  const owner = knownOwner(context);
  if (owner !== undefined) assertOurs(controlPlane, owner, true);
  return controlPlane;
}
