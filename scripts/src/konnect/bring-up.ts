// https://developer.konghq.com/dedicated-cloud-gateways/
import type { WaitHooks } from '../program/waiting';
import { ensureConfiguration, waitForConfiguration, type ConfigurationSpec } from './configuration';
import { ensureControlPlane, ensureProxyUrl } from './control-plane';
import type { KonnectClient } from './konnect-client';
import { KonnectError } from './konnect-error';
import { ensureNetwork, waitForNetwork } from './network';
import { preflight, requirePassed, type PreflightSpec } from './preflight';
import { findProxyUrl, type Probe, type ProxyUrlFinding } from './proxy-url';
import {
  ensureTransitGateway,
  waitForTransitGateway,
  type AttachmentHooks,
  type TransitGatewaySpec,
} from './transit-gateway';
import type { Configuration, ControlPlane, Ensured, Network, ProviderAccount, TransitGateway } from './types';

/** What can be started before any AWS resource exists. */
export type KonnectStartSpec = PreflightSpec;

/** Objects that have been created or are being provisioned. The network takes half an hour or more, during which other steps can run. */
export interface KonnectStart {
  readonly controlPlane: Ensured<ControlPlane>;
  readonly network: Ensured<Network>;
  /** Its `provider_account_id` is the principal of the RAM share. */
  readonly providerAccount: ProviderAccount;
}

/** What depends on the transit gateway and its RAM share. */
export interface KonnectFinishSpec {
  readonly gateway: Pick<ConfigurationSpec, 'region' | 'version' | 'apiAccess' | 'baseRps' | 'environment'>;
  readonly attachment: Omit<TransitGatewaySpec, 'networkId'>;
}

export interface KonnectResult {
  readonly configuration: Ensured<Configuration>;
  readonly transitGateway: Ensured<TransitGateway>;
  /** Undefined if the user has to provide it. */
  readonly proxyUrl: ProxyUrlFinding | undefined;
}

/** Runs all checks, ensures the control plane, and starts the network. Throws CommandError. */
export async function startKonnect(
  client: KonnectClient,
  spec: KonnectStartSpec,
  hooks: WaitHooks = {},
): Promise<KonnectStart> {
  const { providerAccount, availabilityZones } = requirePassed(await preflight(client, spec));
  const controlPlane = await ensureControlPlane(client, spec.controlPlane);
  const network = await ensureNetwork(
    client,
    {
      name: spec.networkName,
      region: spec.region,
      cidrBlock: spec.cidrBlock,
      providerAccountId: providerAccount.id,
      availabilityZones,
    },
    hooks,
  );
  return { controlPlane, network, providerAccount };
}

/**
 * Waits for the network, then ensures the gateways and the attachment in parallel, and finds the gateway's address.
 * Throws CommandError, after awaiting the other task.
 */
export async function finishKonnect(
  client: KonnectClient,
  { controlPlane, network }: KonnectStart,
  spec: KonnectFinishSpec,
  probe: Probe,
  hooks: AttachmentHooks = {},
): Promise<KonnectResult> {
  await waitForNetwork(client, network.object, hooks);
  const [gateways, attachment] = await Promise.allSettled([
    bringUpGateways(client, controlPlane.object, network.id, spec.gateway, hooks),
    bringUpAttachment(client, { ...spec.attachment, networkId: network.id }, hooks),
  ]);
  if (gateways.status === 'rejected') throw gateways.reason;
  if (attachment.status === 'rejected') throw attachment.reason;
  const proxyUrl = await findProxyUrl(controlPlane.object, gateways.value.object, network.id, probe);
  if (proxyUrl !== undefined) await ensureProxyUrl(client, controlPlane.object, proxyUrl.url);
  return { configuration: gateways.value, transitGateway: attachment.value, proxyUrl };
}

/**
 * Requests the gateways while the network is still being created, so that Konnect starts them as soon as it can, even if this program does
 * not run any more. Returns undefined if Konnect refuses that: they are then requested once the network is ready. Throws CommandError.
 */
export async function requestGateways(
  client: KonnectClient,
  { id, name }: ControlPlane,
  networkId: string,
  gateway: KonnectFinishSpec['gateway'],
  hooks: WaitHooks,
): Promise<Ensured<Configuration> | undefined> {
  const spec = { ...gateway, networkId, controlPlaneId: id, controlPlaneName: name };
  try {
    return await ensureConfiguration(client, spec, hooks);
  } catch (error) {
    // Whatever else is wrong with the request is reported when it is sent again.
    if (error instanceof KonnectError && error.status === 400) return undefined;
    throw error;
  }
}

/** Ensures the gateways and waits until they accept requests. The network must be ready. Throws CommandError. */
export async function bringUpGateways(
  client: KonnectClient,
  { id, name }: ControlPlane,
  networkId: string,
  gateway: KonnectFinishSpec['gateway'],
  hooks: WaitHooks,
): Promise<Ensured<Configuration>> {
  const spec = { ...gateway, networkId, controlPlaneId: id, controlPlaneName: name };
  const ensured = await ensureConfiguration(client, spec, hooks);
  return { ...ensured, object: await waitForConfiguration(client, { id, name }, hooks) };
}

/** Ensures the attachment and waits until it carries traffic. The network must be ready. Throws CommandError. */
export async function bringUpAttachment(
  client: KonnectClient,
  spec: TransitGatewaySpec,
  hooks: AttachmentHooks,
): Promise<Ensured<TransitGateway>> {
  const ensured = await ensureTransitGateway(client, spec, hooks);
  return { ...ensured, object: await waitForTransitGateway(client, spec.networkId, ensured.object, hooks) };
}
