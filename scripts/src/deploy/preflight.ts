import {
  findNetwork,
  isGone,
  listTransitGateways,
  preflight,
  requirePassed,
  type KonnectClient,
  type TransitGateway,
} from '../konnect';
import { openKonnect } from '../konnect/access';
import { konnectNames } from '../konnect/names';
import { startSpec } from '../konnect/specs';
import type { Done } from '../program/steps';
import type { KongFacts } from '../project/kong-context';
import { withKong, type Deployment } from './deployment';

/** What is known before anything is created. */
export interface Known {
  /** AWS account of the deployment. */
  readonly account: string;
  /** What synth needs to know about Kong. */
  readonly facts: KongFacts;
}

/** Checks access to AWS and Konnect, and finds what synth needs to know about Kong. Changes nothing. */
export async function checkAccounts(deployment: Deployment): Promise<Done<Known>> {
  const { context, aws, project, target } = deployment;
  const { Account: account } = await aws.identity();
  const kong = withKong(deployment);
  if (kong === undefined) return { outcome: `AWS account ${account}`, result: { account, facts: {} } };
  const client = openKonnect(context);
  const spec = startSpec(context, project, kong.exposure, target, account);
  const { providerAccount } = requirePassed(await preflight(client, spec));
  const attachment = await findAttachment(client, deployment);
  const facts = {
    kongProviderAccountId: providerAccount.provider_account_id,
    kongAttachmentId: attachment?.transit_gateway_attachment_config.attachment_id,
  };
  const outcome = `AWS account ${account}, Kong's account ${providerAccount.provider_account_id}`;
  return { outcome, result: { account, facts } };
}

async function findAttachment(
  client: KonnectClient,
  { context, target }: Deployment,
): Promise<TransitGateway | undefined> {
  const { controlPlaneName, networkName } = konnectNames(context, target);
  const network = await findNetwork(client, networkName);
  if (network === undefined) return undefined;
  const found = await listTransitGateways(client, network.id);
  return found.find((gateway) => gateway.name === controlPlaneName && !isGone(gateway));
}
