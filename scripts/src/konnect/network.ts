// https://developer.konghq.com/dedicated-cloud-gateways/ and /api/konnect/cloud-gateways/v2/#/operations/create-network
import { CommandError, ExitCode } from '../program/exit-codes';
import type { WaitHooks } from '../program/waiting';
import { assertUnchanged, createOnce, onlyOne } from './ensure';
import { path, type KonnectClient } from './konnect-client';
import type { KonnectError } from './konnect-error';
import { isGone, reasonIn, waitInKonnect, waitUntilGone } from './poll';
import type { Configuration, Ensured, Network } from './types';

const NETWORKS = '/v2/cloud-gateways/networks';

/** Kong: "30 to 40 minutes"; its Terraform provider waits for up to an hour. */
export const NETWORK_TIMES = { expected: 35 * 60, deadline: 75 * 60 } as const;

/** Kong's Terraform provider allows half an hour for a deletion. */
export const NETWORK_DELETION_TIMES = { expected: 10 * 60, deadline: 40 * 60 } as const;

/** The desired network. Only its name can be changed later. */
export interface NetworkSpec {
  /** At most 120 characters. */
  readonly name: string;
  /** `ProviderAccount.id`, not the AWS account number. */
  readonly providerAccountId: string;
  /** AWS region. */
  readonly region: string;
  /** AZ IDs: `usw2-az1`. */
  readonly availabilityZones: readonly string[];
  readonly cidrBlock: string;
}

/** Returns the network of that name that is not being deleted, or undefined. Throws CommandError if several have it. */
export async function findNetwork(client: KonnectClient, name: string): Promise<Network | undefined> {
  const all = await listNetworks(client, name);
  return onlyOne(
    subjectOf(name),
    all.filter((network) => !isGone(network)),
  );
}

/** Returns all networks of that name, including those that are being deleted. */
export async function listNetworks(client: KonnectClient, name: string): Promise<Network[]> {
  const found = await client.list<Network>({
    doing: `look up ${subjectOf(name)}`,
    host: 'global',
    path: NETWORKS,
    query: { 'filter[name][eq]': name },
  });
  return found.filter((network) => network.name === name);
}

/**
 * Ensures that the network exists or is being provisioned; {@link waitForNetwork} waits for it.
 * If a network of the same name is being deleted and still occupies the name, waits for its deletion.
 * Throws CommandError: exit code 2 if it exists with another region, zones, CIDR, or account; 4 if the quota is exhausted.
 */
export async function ensureNetwork(
  client: KonnectClient,
  spec: NetworkSpec,
  hooks: WaitHooks = {},
): Promise<Ensured<Network>> {
  const find = () => findNetwork(client, spec.name);
  const existing = await find();
  if (existing !== undefined) {
    assertAsWanted(existing, spec);
    return { id: existing.id, outcome: 'reused', object: existing };
  }
  const onTaken = (error: KonnectError) => waitForPredecessor(client, spec.name, error, hooks);
  const object = await createOnce(client, { find, onTaken, create: () => create(client, spec) });
  assertAsWanted(object, spec);
  return { id: object.id, outcome: 'created', object };
}

/** Waits until gateways can run in the network. Throws CommandError like `waitFor`. */
export async function waitForNetwork(
  client: KonnectClient,
  { id, name }: Pick<Network, 'id' | 'name'>,
  hooks: WaitHooks = {},
): Promise<Network> {
  return waitInKonnect(
    client,
    {
      subject: subjectOf(name),
      read: () => readNetwork(client, { id, name }),
      stateOf: ({ state }) => state,
      reasonOf: reasonIn,
      success: ['ready'],
      failure: ['offline', 'terminating', 'terminated', 'error'],
      underway: ['created', 'initializing'],
      remedy: `delete it with \`ollama-eks konnect down\` and create it again, or send its ID ${id} to Kong support`,
      ...NETWORK_TIMES,
    },
    hooks,
  );
}

/** Reads a network. Throws KonnectError, with status 404 if it does not exist. */
export function readNetwork(client: KonnectClient, { id, name }: Pick<Network, 'id' | 'name'>): Promise<Network> {
  return client.send({
    doing: `read ${subjectOf(name)}`,
    method: 'GET',
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${id}`,
    expects: ['state'],
  });
}

/** Returns the configurations of any control plane that use a network. */
export function listNetworkUsers(
  client: KonnectClient,
  { id, name }: Pick<Network, 'id' | 'name'>,
): Promise<Configuration[]> {
  return client.list({
    doing: `list the users of ${subjectOf(name)}`,
    host: 'global',
    path: path`/v2/cloud-gateways/networks/${id}/configuration-references`,
  });
}

async function waitForPredecessor(
  client: KonnectClient,
  name: string,
  taken: KonnectError,
  hooks: WaitHooks,
): Promise<void> {
  const going = (await listNetworks(client, name)).filter(({ state }) => state === 'terminating');
  if (going.length === 0) throw taken;
  for (const network of going) {
    await waitUntilGone(
      client,
      {
        subject: `earlier ${subjectOf(name)} (${network.id})`,
        read: () => readNetwork(client, network),
        remedy: 'send its ID to Kong support',
        ...NETWORK_DELETION_TIMES,
      },
      hooks,
    );
  }
}

function create(client: KonnectClient, spec: NetworkSpec): Promise<Network> {
  return client.send({
    doing: `create ${subjectOf(spec.name)}`,
    method: 'POST',
    host: 'global',
    path: NETWORKS,
    expects: ['id', 'state'],
    body: {
      name: spec.name,
      cloud_gateway_provider_account_id: spec.providerAccountId,
      region: spec.region,
      availability_zones: spec.availabilityZones,
      cidr_block: spec.cidrBlock,
    },
  });
}

function assertAsWanted(network: Network, spec: NetworkSpec): void {
  assertUnchanged(
    subjectOf(spec.name),
    [
      { field: 'region', have: network.region, want: spec.region },
      { field: 'availability_zones', have: network.availability_zones, want: spec.availabilityZones },
      { field: 'cidr_block', have: network.cidr_block, want: spec.cidrBlock },
      {
        field: 'cloud_gateway_provider_account_id',
        have: network.cloud_gateway_provider_account_id,
        want: spec.providerAccountId,
      },
    ],
    'use its values, or choose another name (KONNECT_NETWORK_NAME)',
  );
  if (network.state === 'offline') {
    const reason = reasonIn(network);
    throw new CommandError(
      ExitCode.failedState,
      `${subjectOf(spec.name)} is offline${reason === undefined ? '' : ` (${reason})`}: it was never provisioned`,
      { remedy: `delete it with \`ollama-eks konnect down\` and run the command again` },
    );
  }
}

function subjectOf(name: string): string {
  return `network "${name}"`;
}
