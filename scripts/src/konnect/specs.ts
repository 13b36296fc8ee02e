import { CLUSTER_OUTPUTS, EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { wrongValue } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { ownCidrs, type KongExposure } from '../project/kong-exposure';
import type { Project } from '../project/project';
import type { Target } from '../project/target';
import type { KonnectFinishSpec, KonnectStartSpec } from './index';
import { controlPlaneName, konnectClaim } from './names';

/** Requests per second for which Kong always provides capacity. It scales up by itself. */
const BASE_RPS = 100;

/** Returns what is requested from Konnect before any AWS resource exists. */
export function startSpec(
  context: Pick<Context, 'settings' | 'directory'>,
  project: Project,
  exposure: KongExposure,
  target: Target,
  account?: string,
): KonnectStartSpec {
  const { settings } = context;
  const { clusterName, region } = target;
  const cidr = settings.get('kongCidr');
  if (cidr !== undefined && cidr !== exposure.kongCidr) {
    throw wrongValue('KONNECT_NETWORK_CIDR', cidr, `stack ${exposure.stack.name} routes ${exposure.kongCidr}`, {
      remedy: 'set `kongCidr` of the construct instead',
    });
  }
  const claim = konnectClaim(context, target, account);
  return {
    controlPlane: {
      name: claim.controlPlaneName,
      description: `Ollama on EKS cluster ${clusterName}`,
      labels: { 'managed-by': 'ollama-eks' },
      owner: claim.owner,
      chosen: claim.chosen.controlPlane,
    },
    networkName: claim.networkName,
    sharedNetwork: claim.chosen.network,
    region,
    cidrBlock: exposure.kongCidr,
    availabilityZones: settings.get('kongZones')?.split(/\s*,\s*/),
    providerAccount: settings.get('kongAccount'),
    version: settings.require('gatewayVersion'),
    ownCidrs: ownCidrs(project),
  };
}

/** Returns the requested gateways, which depend on the network but not on AWS. */
export function gatewaySpec({ settings }: Pick<Context, 'settings'>, { region }: Target): KonnectFinishSpec['gateway'] {
  return { region, version: settings.require('gatewayVersion'), baseRps: BASE_RPS };
}

/**
 * Returns the attachment that is requested once the transit gateway exists. It has the name of the control plane, so that each cluster in a
 * shared network has its own. Throws CommandError for missing outputs.
 */
export function attachmentSpec(
  context: Pick<Context, 'settings' | 'directory'>,
  { stack, prefix }: KongExposure,
  target: Target,
  outputs: Readonly<Record<string, unknown>>,
): KonnectFinishSpec['attachment'] {
  const output = (name: string): string => {
    const value = outputs[`${prefix}${name}`] ?? outputs[name];
    if (typeof value === 'string') return value;
    throw new CommandError(ExitCode.failedState, `stack ${stack.name} does not have the output ${prefix}${name}`, {
      remedy: 'deploy it first: ollama-eks deploy',
    });
  };
  return {
    name: controlPlaneName(context, target),
    transitGatewayId: output(EXPOSURE_OUTPUTS.transitGatewayId),
    ramShareArn: output(EXPOSURE_OUTPUTS.ramShareArn),
    cidrBlocks: [output(CLUSTER_OUTPUTS.vpcCidr)],
  };
}
