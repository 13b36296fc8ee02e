// https://developer.konghq.com/dedicated-cloud-gateways/private-hosted-zones/ and …/outbound-dns-resolver/
import type { WaitHooks } from '../program/waiting';
import { assertUnchanged, createOnce, onlyOne, same } from './ensure';
import { path, type KonnectClient } from './konnect-client';
import { isBusy, isGone, reasonIn, sendWhenIdle, waitInKonnect } from './poll';
import type { Ensured, PrivateDns, PrivateDnsConfig } from './types';

export const PRIVATE_DNS_TIMES = { expected: 5 * 60, deadline: 60 * 60 } as const;

/** How the gateways resolve names of a private network. */
export interface PrivateDnsSpec {
  /** Unique in the network. */
  readonly name: string;
  readonly networkId: string;
  readonly config: PrivateDnsConfig;
}

/** Returns all private DNS attachments of a network, of any name and state. */
export function listPrivateDns(client: KonnectClient, networkId: string): Promise<PrivateDns[]> {
  return client.list({
    doing: `list private DNS of network ${networkId}`,
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${networkId}/private-dns`,
  });
}

/**
 * Ensures that the attachment exists; {@link waitForPrivateDns} waits for it. The network must be ready.
 * Updates resolver addresses in place. Throws CommandError (exit code 2) for a different hosted zone.
 */
export async function ensurePrivateDns(
  client: KonnectClient,
  spec: PrivateDnsSpec,
  hooks: WaitHooks = {},
): Promise<Ensured<PrivateDns>> {
  const find = () => findPrivateDns(client, spec);
  const existing = await find();
  if (existing === undefined) {
    const object = await createOnce(client, { find, create: () => create(client, spec, hooks) });
    assertAsWanted(object, spec);
    return { id: object.id, outcome: 'created', object };
  }
  assertAsWanted(existing, spec);
  if (same(existing.private_dns_attachment_config, spec.config)) {
    return { id: existing.id, outcome: 'reused', object: existing };
  }
  const object = await client.send<PrivateDns>({
    doing: `update ${subjectOf(spec.name)}`,
    method: 'PATCH',
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${spec.networkId}/private-dns/${existing.id}`,
    body: { name: spec.name, private_dns_attachment_config: spec.config },
  });
  return { id: existing.id, outcome: 'updated', object };
}

/** Waits until the gateways use the attachment. Throws CommandError like `waitFor`. */
export async function waitForPrivateDns(
  client: KonnectClient,
  networkId: string,
  { id, name }: Pick<PrivateDns, 'id' | 'name'>,
  hooks: WaitHooks = {},
): Promise<PrivateDns> {
  return waitInKonnect(
    client,
    {
      subject: subjectOf(name),
      read: () => readPrivateDns(client, networkId, { id, name }),
      stateOf: ({ state }) => state,
      reasonOf: reasonIn,
      success: ['ready'],
      failure: ['error', 'terminating', 'terminated'],
      underway: ['created', 'initializing'],
      action: (state) =>
        state === 'pending-association'
          ? { remedy: "associate Kong's VPC with the hosted zone: aws route53 associate-vpc-with-hosted-zone" }
          : undefined,
      remedy: 'check the zone and its association, delete it with `ollama-eks konnect down`, and run the command again',
      ...PRIVATE_DNS_TIMES,
    },
    hooks,
  );
}

/** Reads a private DNS attachment. Throws KonnectError, with status 404 if it does not exist. */
export function readPrivateDns(
  client: KonnectClient,
  networkId: string,
  { id, name }: Pick<PrivateDns, 'id' | 'name'>,
): Promise<PrivateDns> {
  return client.send({
    doing: `read ${subjectOf(name)}`,
    method: 'GET',
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${networkId}/private-dns/${id}`,
    expects: ['state'],
  });
}

async function findPrivateDns(
  client: KonnectClient,
  { name, networkId }: PrivateDnsSpec,
): Promise<PrivateDns | undefined> {
  const all = await listPrivateDns(client, networkId);
  return onlyOne(
    subjectOf(name),
    all.filter((dns) => dns.name === name && !isGone(dns)),
  );
}

function create(client: KonnectClient, spec: PrivateDnsSpec, hooks: WaitHooks): Promise<PrivateDns> {
  const subject = subjectOf(spec.name);
  const send = () =>
    client.send<PrivateDns>({
      doing: `create ${subject}`,
      method: 'POST',
      host: 'global',
      path: path`/v2/cloud-gateways/networks/${spec.networkId}/private-dns`,
      expects: ['id', 'private_dns_attachment_config'],
      body: { name: spec.name, private_dns_attachment_config: spec.config },
    });
  return sendWhenIdle(client, { subject, send, busy: isBusy, ...PRIVATE_DNS_TIMES }, hooks);
}

function assertAsWanted(
  { private_dns_attachment_config: have }: PrivateDns,
  { name, config: want }: PrivateDnsSpec,
): void {
  assertUnchanged(
    subjectOf(name),
    [
      { field: 'kind', have: have.kind, want: want.kind },
      { field: 'hosted_zone_id', have: zoneOf(have), want: zoneOf(want) },
    ],
    'use its zone, or choose another name',
  );
}

function zoneOf(config: PrivateDnsConfig): string | undefined {
  return config.kind === 'aws-private-hosted-zone-attachment' ? config.hosted_zone_id : undefined;
}

function subjectOf(name: string): string {
  return `private DNS "${name}"`;
}
