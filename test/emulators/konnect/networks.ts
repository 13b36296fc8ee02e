import { badRequest, conflict, forbidden, notFound, page, type Answer, type Json } from './answers';
import { zonesOf } from './availability';
import { enter } from './lifecycle';
import type { Handler } from './router';
import { configurationView } from './configurations';
import type { NetworkEntity, World } from './world';

/** https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/list-networks and following */
export function networkRoutes(world: World): Record<string, Handler> {
  const find = (id = '') => findNetwork(world, id);
  return {
    'GET /v2/cloud-gateways/networks': ({ query }) =>
      page(
        [...world.networks.values()].map((network) => view(world, network)),
        query,
        world.behaviour.pageSize,
      ),
    'POST /v2/cloud-gateways/networks': ({ body }) => create(world, body as Json),
    'GET /v2/cloud-gateways/networks/:networkId': ({ params }) => ({
      status: 200,
      body: view(world, find(params['networkId'])),
    }),
    'PATCH /v2/cloud-gateways/networks/:networkId': ({ params, body }) => {
      const network = find(params['networkId']);
      Object.assign(network.fields, body);
      return { status: 200, body: view(world, network) };
    },
    'DELETE /v2/cloud-gateways/networks/:networkId': ({ params }) => remove(world, find(params['networkId'])),
    'GET /v2/cloud-gateways/networks/:networkId/configuration-references': ({ params, query }) => {
      const users = usersOf(world, find(params['networkId']).id);
      return page(
        users.map((user) => configurationView(world, user)),
        query,
        world.behaviour.pageSize,
      );
    },
  };
}

/** Throws a 404 for a missing network. */
export function findNetwork(world: World, id: string): NetworkEntity {
  const network = world.networks.get(id);
  if (network === undefined) throw notFound('Network');
  return network;
}

function create(world: World, body: Json): Answer {
  const { name, region, availability_zones, cloud_gateway_provider_account_id, state } = body;
  const zones = zonesOf(region);
  if (zones === undefined) throw badRequest('region', 'region is not supported');
  if (!(availability_zones as unknown[]).every((zone) => zones.includes(zone))) {
    throw badRequest('availability_zones', 'availability zone does not belong to the region');
  }
  if (!world.providerAccounts.some(({ id }) => id === cloud_gateway_provider_account_id)) {
    throw badRequest('cloud_gateway_provider_account_id', 'provider account not found');
  }
  const { quotas, terminatingHoldsName } = world.behaviour;
  const holding = [...world.networks.values()].filter(
    ({ state: held }) => held !== 'terminated' && (terminatingHoldsName || held !== 'terminating'),
  );
  if (holding.some(({ fields }) => fields['name'] === name))
    throw conflict('Network with provided name already exists.');
  const active = [...world.networks.values()].filter(({ state: held }) => held !== 'offline' && held !== 'terminated');
  if (active.length >= quotas.networks) {
    throw forbidden(
      'Quota Exceeded',
      `Maximum number of Active Networks exceeded. Max allowed: ${String(quotas.networks)}`,
    );
  }
  const network = world.newEntity(body);
  if (state === 'offline') network.state = 'offline';
  world.networks.set(network.id, network);
  return { status: 201, body: view(world, network) };
}

function remove(world: World, network: NetworkEntity): Answer {
  if (usersOf(world, network.id).length > 0) {
    throw badRequest('networkId', 'Network cannot be referenced by any active configuration');
  }
  if (attachmentsOf(world, network.id) > 0) {
    throw badRequest(
      'networkId',
      'Network has transit gateways or private DNS that are not terminated: dependents still terminating',
    );
  }
  if (network.state !== 'terminating' && network.state !== 'terminated') enter(network, 'terminating', world.now());
  return { status: 204 };
}

function usersOf(world: World, networkId: string) {
  return [...world.configurations.values()].filter(({ groups }) =>
    groups.some((group) => group.networkId === networkId && group.state !== 'terminated'),
  );
}

function attachmentsOf(world: World, networkId: string): number {
  return [...world.transitGateways.values(), ...world.privateDns.values()].filter(
    (attachment) => attachment.networkId === networkId && attachment.state !== 'terminated',
  ).length;
}

function view(world: World, { id, fields, state, reason, version, createdAt, updatedAt }: NetworkEntity): Json {
  return {
    id,
    name: fields['name'],
    default: false,
    cloud_gateway_provider_account_id: fields['cloud_gateway_provider_account_id'],
    region: fields['region'],
    availability_zones: fields['availability_zones'],
    cidr_block: fields['cidr_block'],
    state,
    state_metadata: reason === undefined ? {} : { reported_status: 'ERROR', reason },
    provider_metadata: { vpc_id: 'vpc-0123456789abcdef0', subnet_ids: [] },
    transit_gateway_count: [...world.transitGateways.values()].filter(
      (gateway) => gateway.networkId === id && gateway.state !== 'terminated',
    ).length,
    configuration_reference_count: usersOf(world, id).length,
    entity_version: version,
    ...world.times(createdAt, updatedAt),
  };
}
