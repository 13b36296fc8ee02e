import { findConfiguration } from './configuration';
import { findControlPlane } from './control-plane';
import { path, type KonnectClient } from './konnect-client';
import { KonnectError } from './konnect-error';
import { listNetworks, listNetworkUsers } from './network';
import type { Owner } from './owner';
import { isGone } from './poll';
import { listPrivateDns } from './private-dns';
import { listTransitGateways } from './transit-gateway';
import type { AddOn, Configuration, ControlPlane, CustomDomain, Network, PrivateDns, TransitGateway } from './types';

/** The two names by which everything is found. IDs are never stored. */
export interface KonnectNames {
  readonly controlPlaneName: string;
  readonly networkName: string;
}

/** The names, and the facts that decide whether their objects may be reused and deleted. */
export interface KonnectClaim extends KonnectNames {
  readonly owner: Owner;
  /** Which names were set explicitly. Such a control plane without owner labels counts as ours, and such a network may be shared. */
  readonly chosen: { readonly controlPlane: boolean; readonly network: boolean };
}

/** A network and everything attached to it. */
export interface NetworkInventory {
  readonly network: Network;
  readonly transitGateways: readonly TransitGateway[];
  readonly privateDns: readonly PrivateDns[];
  /** Configurations of any control plane that use the network. */
  readonly users: readonly NetworkUser[];
}

export interface NetworkUser {
  readonly configuration: Configuration;
  /** Whether its control plane was deleted first, so that nobody else can remove it from the network. */
  readonly orphaned: boolean;
}

/** Everything in Konnect that belongs to one deployment, in any state. */
export interface KonnectInventory {
  readonly controlPlane: ControlPlane | undefined;
  readonly configuration: Configuration | undefined;
  readonly customDomains: readonly CustomDomain[];
  readonly addOns: readonly AddOn[];
  /** Networks of that name that are not terminated. */
  readonly networks: readonly NetworkInventory[];
}

/** Reads the inventory, without writing anything. Throws KonnectError. */
export async function readInventory(
  client: KonnectClient,
  { controlPlaneName, networkName }: KonnectNames,
): Promise<KonnectInventory> {
  const controlPlane = await findControlPlane(client, controlPlaneName);
  const networks: NetworkInventory[] = [];
  for (const network of await listNetworks(client, networkName)) {
    if (network.state !== 'terminated') networks.push(await readNetworkInventory(client, network, controlPlane?.id));
  }
  return {
    controlPlane,
    networks,
    configuration: controlPlane && (await findConfiguration(client, controlPlane)),
    customDomains: controlPlane === undefined ? [] : await listCustomDomains(client, controlPlane),
    addOns: controlPlane === undefined ? [] : await listAddOns(client, controlPlane),
  };
}

/** Returns descriptions of the objects of others that use a network, and would lose it. */
export function othersOn(
  { users, transitGateways }: Pick<NetworkInventory, 'users' | 'transitGateways'>,
  controlPlane: { readonly id: string | undefined; readonly name: string },
): string[] {
  return [
    ...users
      .filter(({ configuration, orphaned }) => !orphaned && configuration.control_plane_id !== controlPlane.id)
      .map(({ configuration: { control_plane_id: id, control_plane_geo: geo } }) => `control plane ${id} in ${geo}`),
    ...transitGateways
      .filter((gateway) => !isGone(gateway) && gateway.name !== controlPlane.name)
      .map(({ id, name }) => `transit gateway attachment "${name}" (${id})`),
  ];
}

/** Reads everything attached to a network. A network that is being deleted may disappear in between. */
export async function readNetworkInventory(
  client: KonnectClient,
  network: Network,
  controlPlaneId: string | undefined,
): Promise<NetworkInventory> {
  const { id } = network;
  return {
    network,
    transitGateways: (await emptyIfNotFound(() => listTransitGateways(client, id))).filter(
      ({ state }) => state !== 'terminated',
    ),
    privateDns: (await emptyIfNotFound(() => listPrivateDns(client, id))).filter(({ state }) => state !== 'terminated'),
    users: await readUsers(client, network, controlPlaneId),
  };
}

async function readUsers(
  client: KonnectClient,
  network: Network,
  controlPlaneId: string | undefined,
): Promise<NetworkUser[]> {
  const users: NetworkUser[] = [];
  for (const configuration of await emptyIfNotFound(() => listNetworkUsers(client, network))) {
    const isOurs = configuration.control_plane_id === controlPlaneId;
    users.push({ configuration, orphaned: !isOurs && (await isOrphaned(client, configuration)) });
  }
  return users;
}

/** Whether the control plane of a configuration no longer exists. One in another geography cannot be looked up and counts as existing. */
async function isOrphaned(client: KonnectClient, configuration: Configuration): Promise<boolean> {
  if (configuration.control_plane_geo !== client.geo) return false;
  const { control_plane_id: id } = configuration;
  try {
    await client.send({
      doing: `look up control plane ${id}`,
      method: 'GET',
      host: 'region',
      path: path`/v2/control-planes/${id}`,
    });
    return false;
  } catch (error) {
    if (error instanceof KonnectError && error.status === 404) return true;
    throw error;
  }
}

async function emptyIfNotFound<Item>(list: () => Promise<Item[]>): Promise<Item[]> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof KonnectError && error.status === 404) return [];
    throw error;
  }
}

async function listCustomDomains(client: KonnectClient, { id, name }: ControlPlane): Promise<CustomDomain[]> {
  const found = await client.list<CustomDomain>({
    doing: `list custom domains of control plane "${name}"`,
    host: 'global',
    path: path`/v2/cloud-gateways/custom-domains`,
    query: { 'filter[control_plane_id][eq]': id, 'filter[control_plane_geo][eq]': client.geo },
  });
  return found.filter(({ state }) => state !== 'terminated');
}

function listAddOns(client: KonnectClient, { id, name }: ControlPlane): Promise<AddOn[]> {
  return client.list<AddOn>({
    doing: `list add-ons of control plane "${name}"`,
    host: 'global',
    path: path`/v2/cloud-gateways/add-ons`,
    query: { 'filter[owner.control_plane_id][eq]': id },
  });
}
