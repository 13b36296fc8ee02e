// https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/
import type { ActionNeeded, WaitHooks } from '../program/waiting';
import { assertUnchanged, createOnce, onlyOne, same } from './ensure';
import { path, type KonnectClient } from './konnect-client';
import { isBusy, isGone, reasonIn, sendWhenIdle, waitInKonnect } from './poll';
import type { DnsConfig, Ensured, TransitGateway } from './types';

const KIND = 'aws-transit-gateway-attachment';

/** Times after the network is ready. Kong's Terraform provider waits for up to an hour. */
export const TRANSIT_GATEWAY_TIMES = { expected: 10 * 60, deadline: 60 * 60 } as const;

/** The attachment of a network to your own transit gateway. */
export interface TransitGatewaySpec {
  /** At most 120 characters, unique in the network. */
  readonly name: string;
  readonly networkId: string;
  /** `tgw-…` */
  readonly transitGatewayId: string;
  /** RAM share of this transit gateway, for this network only. */
  readonly ramShareArn: string;
  /** CIDRs behind the transit gateway that Kong may reach. Can be changed later. */
  readonly cidrBlocks: readonly string[];
  readonly dnsConfig?: readonly DnsConfig[];
}

/** Hooks that act on the AWS side of an attachment. */
export interface AttachmentHooks extends WaitHooks {
  /** Accepts the attachment `tgw-attach-…` in AWS. @default - the user is asked to accept it */
  readonly acceptAttachment?: (attachmentId: string) => Promise<void>;
}

/** Returns all transit gateway attachments of a network, of any name and state. */
export function listTransitGateways(client: KonnectClient, networkId: string): Promise<TransitGateway[]> {
  return client.list({
    doing: `list transit gateways of network ${networkId}`,
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${networkId}/transit-gateways`,
  });
}

/**
 * Ensures that the network is attached; {@link waitForTransitGateway} waits for it. The network must be ready.
 * Throws CommandError (exit code 2) if the name belongs to an attachment of another transit gateway or share.
 */
export async function ensureTransitGateway(
  client: KonnectClient,
  spec: TransitGatewaySpec,
  hooks: WaitHooks = {},
): Promise<Ensured<TransitGateway>> {
  const find = () => findTransitGateway(client, spec);
  const existing = await find();
  if (existing === undefined) {
    const object = await createOnce(client, { find, create: () => create(client, spec, hooks) });
    assertAsWanted(object, spec);
    return { id: object.id, outcome: 'created', object };
  }
  assertAsWanted(existing, spec);
  if (same(existing.cidr_blocks, spec.cidrBlocks)) return { id: existing.id, outcome: 'reused', object: existing };
  const object = await client.send<TransitGateway>({
    doing: `update ${subjectOf(spec.name)}`,
    method: 'PATCH',
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${spec.networkId}/transit-gateways/${existing.id}`,
    body: { cidr_blocks: spec.cidrBlocks },
  });
  return { id: existing.id, outcome: 'updated', object };
}

/** Waits until the attachment carries traffic, and accepts it in AWS if necessary. Throws CommandError like `waitFor`. */
export async function waitForTransitGateway(
  client: KonnectClient,
  networkId: string,
  { id, name }: Pick<TransitGateway, 'id' | 'name'>,
  hooks: AttachmentHooks = {},
): Promise<TransitGateway> {
  return waitInKonnect(
    client,
    {
      subject: subjectOf(name),
      read: () => readTransitGateway(client, networkId, { id, name }),
      stateOf: ({ state }) => state,
      reasonOf: reasonIn,
      success: ['ready'],
      failure: ['error', 'terminating', 'terminated'],
      underway: ['created', 'initializing'],
      action: (state, object) => actionFor(state, object, hooks),
      remedy:
        "check that the RAM share includes Kong's account, contains only this transit gateway, and is ASSOCIATED, and that no CIDRs overlap; " +
        'then delete it with `ollama-eks konnect down` and run the command again',
      ...TRANSIT_GATEWAY_TIMES,
    },
    hooks,
  );
}

/** Reads a transit gateway attachment. Throws KonnectError, with status 404 if it does not exist. */
export function readTransitGateway(
  client: KonnectClient,
  networkId: string,
  { id, name }: Pick<TransitGateway, 'id' | 'name'>,
): Promise<TransitGateway> {
  return client.send({
    doing: `read ${subjectOf(name)}`,
    method: 'GET',
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${networkId}/transit-gateways/${id}`,
    expects: ['state', 'transit_gateway_attachment_config'],
  });
}

async function findTransitGateway(
  client: KonnectClient,
  { name, networkId }: TransitGatewaySpec,
): Promise<TransitGateway | undefined> {
  const found = await client.list<TransitGateway>({
    doing: `look up ${subjectOf(name)}`,
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${networkId}/transit-gateways`,
    query: { 'filter[name][eq]': name },
  });
  return onlyOne(
    subjectOf(name),
    found.filter((gateway) => gateway.name === name && !isGone(gateway)),
  );
}

function create(client: KonnectClient, spec: TransitGatewaySpec, hooks: WaitHooks): Promise<TransitGateway> {
  const subject = subjectOf(spec.name);
  const body = {
    name: spec.name,
    cidr_blocks: spec.cidrBlocks,
    ...(spec.dnsConfig === undefined ? {} : { dns_config: spec.dnsConfig }),
    transit_gateway_attachment_config: {
      kind: KIND,
      transit_gateway_id: spec.transitGatewayId,
      ram_share_arn: spec.ramShareArn,
    },
  };
  const send = () =>
    client.send<TransitGateway>({
      doing: `create ${subject}`,
      method: 'POST',
      host: 'global',
      path: path`/v2/cloud-gateways/networks/${spec.networkId}/transit-gateways`,
      expects: ['id', 'transit_gateway_attachment_config'],
      body,
    });
  return sendWhenIdle(client, { subject, send, busy: isBusy, ...TRANSIT_GATEWAY_TIMES }, hooks);
}

function assertAsWanted(
  { dns_config, transit_gateway_attachment_config: config }: TransitGateway,
  spec: TransitGatewaySpec,
): void {
  assertUnchanged(
    subjectOf(spec.name),
    [
      { field: 'kind', have: config.kind, want: KIND },
      { field: 'transit_gateway_id', have: config.transit_gateway_id, want: spec.transitGatewayId },
      { field: 'ram_share_arn', have: config.ram_share_arn, want: spec.ramShareArn },
      { field: 'dns_config', have: dns_config ?? [], want: spec.dnsConfig ?? [] },
    ],
    'use its gateway and share, or delete it with `ollama-eks konnect down` and run the command again',
  );
}

function actionFor(
  state: string,
  { transit_gateway_attachment_config: config }: TransitGateway,
  hooks: AttachmentHooks,
): ActionNeeded | undefined {
  if (state === 'pending-user-action') {
    return { remedy: 'Kong is waiting for an action on your side' };
  }
  if (state !== 'pending-acceptance') return undefined;
  const { attachment_id: attachmentId } = config;
  const { acceptAttachment } = hooks;
  const which = attachmentId ?? "the attachment of Kong's account";
  if (attachmentId === undefined || acceptAttachment === undefined) {
    return {
      remedy: `accept ${which} in AWS: aws ec2 accept-transit-gateway-vpc-attachment --transit-gateway-attachment-id ${attachmentId ?? 'ID'}`,
    };
  }
  return { remedy: `accepting ${which} in AWS`, act: () => acceptAttachment(attachmentId) };
}

function subjectOf(name: string): string {
  return `transit gateway attachment "${name}"`;
}
