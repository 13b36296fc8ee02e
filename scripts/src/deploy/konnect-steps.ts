import {
  bringUpAttachment,
  bringUpGateways,
  ensureProxyUrl,
  findProxyUrl,
  healthProbe,
  requestGateways,
  startKonnect,
  waitForNetwork,
  type Configuration,
  type KonnectFinishSpec,
  type KonnectStart,
  type Network,
} from '../konnect';
import { openKonnect } from '../konnect/access';
import { attachmentSpec, gatewaySpec, startSpec } from '../konnect/specs';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { Done } from '../program/steps';
import { waitHooks } from '../program/waiting';
import type { KongDeployment } from './deployment';
import type { Known } from './preflight';
import { remember, synthesizeAndApply, type AllApplied, type Infrastructure } from './terraform-steps';

/** A transit gateway that is shared with Kong's account, and so can be attached. */
export interface Shared {
  readonly attachment: KonnectFinishSpec['attachment'];
}

/** Proof that the gateways were requested, or that Konnect refused it. */
export interface Requested {
  readonly requested: true;
}

/** An attachment that carries traffic. */
export interface Attached {
  /** `tgw-attach-…` */
  readonly attachmentId: string;
}

/** Ensures the control plane, and requests the network, which takes more than half an hour. */
export async function start(
  { context, project, exposure, target }: KongDeployment,
  { known }: { readonly known: Known },
): Promise<Done<KonnectStart>> {
  const spec = startSpec(context, project, exposure, target, known.account);
  const result = await startKonnect(openKonnect(context), spec, waitHooks(context));
  const { controlPlane, network } = result;
  const outcome = `control plane ${controlPlane.outcome}, network ${network.outcome} (${network.object.state})`;
  return { outcome, result };
}

/** Waits for the network. */
export async function awaitNetwork(
  { context }: KongDeployment,
  { started }: { readonly started: KonnectStart },
  signal: AbortSignal,
): Promise<Done<Network>> {
  const client = openKonnect(context, 'konnectToken', signal);
  const result = await waitForNetwork(client, started.network.object, waitHooks(context));
  return { outcome: result.state, result };
}

/** Shares the transit gateway with Kong's account, unless Terraform owns that principal. */
export async function share(
  { context, exposure, target, aws }: KongDeployment,
  { started, infrastructure }: { readonly started: KonnectStart; readonly infrastructure: Infrastructure },
): Promise<Done<Shared>> {
  const attachment = attachmentSpec(context, exposure, target, infrastructure.outputs);
  const { ramShareArn } = attachment;
  const { provider_account_id: account } = started.providerAccount;
  const before = await aws.sharePrincipalStatus(ramShareArn, account);
  if (before === undefined || before === 'DISASSOCIATED' || before === 'FAILED') {
    await aws.associatePrincipal(ramShareArn, account);
  }
  const status = (await aws.sharePrincipalStatus(ramShareArn, account)) ?? 'not associated';
  if (status !== 'ASSOCIATED') {
    context.reporter.warn(`the RAM share with Kong's account ${account} is ${status}; Kong must accept it first`);
  }
  return { outcome: `${account} ${status}`, result: { attachment } };
}

/** Requests the gateways before their network is ready. The result only proves that this is over: nobody else requests them now. */
export async function request(
  { context, target }: KongDeployment,
  { started: { controlPlane, network } }: { readonly started: KonnectStart },
): Promise<Done<Requested>> {
  const requested = await requestGateways(
    openKonnect(context),
    controlPlane.object,
    network.id,
    gatewaySpec(context, target),
    waitHooks(context),
  );
  const outcome = requested?.outcome ?? 'refused before the network is ready; requested again then';
  return { outcome, result: { requested: true } };
}

/** Ensures the gateways in the network. */
export async function bringUp(
  { context, target }: KongDeployment,
  { started, network }: { readonly started: KonnectStart; readonly network: Network },
): Promise<Done<Configuration>> {
  const { outcome, object: result } = await bringUpGateways(
    openKonnect(context),
    started.controlPlane.object,
    network.id,
    gatewaySpec(context, target),
    waitHooks(context),
  );
  return { outcome, result };
}

/** What an attachment needs. */
export interface AttachNeeds {
  readonly known: Known;
  readonly network: Network;
  readonly shared: Shared;
  /** Proof that every stack is applied: the infrastructure is synthesized and applied again for the routes. */
  readonly applied: AllApplied;
}

/** Has Kong attach its network. Accepts the attachment by its id and creates the routes once that id is known. */
export async function attach(
  deployment: KongDeployment,
  { known, network, shared }: AttachNeeds,
): Promise<Done<Attached>> {
  const { context, aws } = deployment;
  let routed = known.facts.kongAttachmentId;
  const route = async (id: string): Promise<void> => {
    if (routed === id) return;
    routed = id;
    await synthesizeAndApply(deployment, { ...known.facts, kongAttachmentId: id });
  };
  /** Accepts it with Terraform, which then owns it, or with the AWS CLI if the stack does not. */
  const acceptAttachment = async (id: string): Promise<void> => {
    await route(id);
    if ((await aws.attachmentState(id)) === 'pendingAcceptance') await aws.acceptAttachment(id);
  };
  const { outcome, object } = await bringUpAttachment(
    openKonnect(context),
    { ...shared.attachment, networkId: network.id },
    { ...waitHooks(context), acceptAttachment },
  );
  const { attachment_id: attachmentId } = object.transit_gateway_attachment_config;
  if (attachmentId === undefined) {
    throw new CommandError(
      ExitCode.failedState,
      `transit gateway attachment "${object.name}" is ready, but Konnect does not report its id`,
      { remedy: 'run the command again' },
    );
  }
  await route(attachmentId);
  remember(deployment, { ...known.facts, kongAttachmentId: attachmentId });
  return { outcome: `${outcome}, ${attachmentId} ${object.state}`, result: { attachmentId } };
}

/** What is needed to find the address. */
export interface AddressNeeds {
  readonly started: KonnectStart;
  readonly network: Network;
  readonly gateways: Configuration;
}

/** Finds the address of the gateways, and records it in the control plane. */
export async function findAddress(
  { context }: KongDeployment,
  { started, network, gateways }: AddressNeeds,
): Promise<Done<string>> {
  const { fetch, clock, signal, settings } = context;
  const controlPlane = started.controlPlane.object;
  const probe = healthProbe(fetch, clock, signal);
  const found = await findProxyUrl(controlPlane, gateways, network.id, probe);
  const url = settings.get('proxyUrl') ?? found?.url;
  if (url === undefined) {
    throw new CommandError(
      ExitCode.failedState,
      `Konnect does not report the address of control plane "${controlPlane.name}"`,
      { remedy: 'look it up in Konnect, set OLLAMA_EKS_URL, and run the command again' },
    );
  }
  await ensureProxyUrl(openKonnect(context), controlPlane, url);
  return { outcome: url, result: url };
}
