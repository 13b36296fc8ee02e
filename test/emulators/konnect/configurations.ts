import { badRequest, conflict, notFound, page, text, type Answer, type Json } from './answers';
import { AVAILABILITY } from './availability';
import { enter } from './lifecycle';
import type { Handler } from './router';
import type { ConfigurationEntity, GroupEntity, World } from './world';

/** https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/create-configuration */
export function configurationRoutes(world: World): Record<string, Handler> {
  const views = () =>
    [...world.configurations.values()].map((configuration) => configurationView(world, configuration));
  return {
    'GET /v2/cloud-gateways/configurations': ({ query }) => page(views(), query, world.behaviour.pageSize),
    'PUT /v2/cloud-gateways/configurations': ({ body }) => put(world, body as Json),
    'GET /v2/cloud-gateways/configurations/:id': ({ params }) => {
      const found = views().find(({ id }) => id === params['id']);
      if (found === undefined) throw notFound('Configuration');
      return { status: 200, body: found };
    },
  };
}

function put(world: World, body: Json): Answer {
  const controlPlaneId = String(body['control_plane_id']);
  const wanted = body['dataplane_groups'] as Json[];
  const current = world.configurations.get(controlPlaneId);
  // An orphan is released. Whether Konnect does this is unknown, but nothing else could.
  if (!world.controlPlanes.has(controlPlaneId) && wanted.length > 0) throw notFound('Control Plane');
  if (body['version'] !== undefined && !(AVAILABILITY['versions'] as unknown[]).includes(body['version'])) {
    throw badRequest('version', 'version is not supported');
  }
  for (const group of wanted) {
    const network = world.networks.get(String(group['cloud_gateway_network_id']));
    if (network === undefined) throw notFound('Network');
    if (network.fields['region'] !== group['region'])
      throw badRequest('dataplane_groups.0.region', 'region is not that of the network');
    const early = !world.behaviour.earlyGateways && ['created', 'initializing'].includes(network.state);
    if (early || ['offline', 'terminating', 'terminated'].includes(network.state)) {
      throw badRequest('dataplane_groups.0.cloud_gateway_network_id', `network is ${network.state}`);
    }
  }
  if (current !== undefined && JSON.stringify(comparable(current.body)) === JSON.stringify(comparable(body))) {
    throw conflict('Proposed cloud gateway configuration and current cloud gateway configuration are identical.');
  }
  if (
    current?.groups.some(({ state }) => ['created', 'initializing', 'terminating'].includes(state)) === true &&
    wanted.length > 0
  ) {
    throw badRequest(
      'dataplane_groups',
      'Data-plane groups in the previous configuration have not finished provisioning',
    );
  }
  const now = world.now();
  const configuration = current ?? {
    id: '',
    controlPlaneId,
    version: 0,
    createdAt: now,
    updatedAt: now,
    body,
    groups: [],
  };
  configuration.id = world.newId(); // a new one for each write
  configuration.version += 1;
  configuration.updatedAt = now;
  configuration.body = body;
  replaceGroups(world, configuration, wanted);
  world.configurations.set(controlPlaneId, configuration);
  return { status: 200, body: configurationView(world, configuration) };
}

/** Groups of an unchanged place are kept; those of removed places are terminated. */
function replaceGroups(world: World, configuration: ConfigurationEntity, wanted: readonly Json[]): void {
  const live = configuration.groups.filter(({ state }) => state !== 'terminating' && state !== 'terminated');
  const kept: GroupEntity[] = [];
  for (const fields of wanted) {
    const same = live.find(
      (group) => group.fields['region'] === fields['region'] && group.networkId === fields['cloud_gateway_network_id'],
    );
    if (same !== undefined) same.fields = fields;
    else
      configuration.groups.push({ ...world.newEntity(fields), networkId: String(fields['cloud_gateway_network_id']) });
    if (same !== undefined) kept.push(same);
  }
  for (const group of live) {
    if (!kept.includes(group)) enter(group, 'terminating', world.now());
  }
}

function comparable({ version, api_access = 'private+public', dataplane_groups }: Json): unknown {
  const groups = (dataplane_groups as Json[]).map((group) => JSON.stringify(Object.entries(group).sort()));
  return {
    version: groups.length === 0 ? '' : version,
    api_access: groups.length === 0 ? '' : api_access,
    groups: groups.sort(),
  };
}

/** Returns a configuration as Konnect shows it. */
export function configurationView(
  world: World,
  { id, controlPlaneId, version, body, groups, createdAt, updatedAt }: ConfigurationEntity,
): Json {
  return {
    id,
    control_plane_id: controlPlaneId,
    control_plane_geo: body['control_plane_geo'],
    ...(body['version'] === undefined ? {} : { version: body['version'] }),
    kind: 'dedicated.v0',
    api_access: body['api_access'] ?? 'private+public',
    dataplane_group_config: body['dataplane_groups'],
    dataplane_groups: groups.map((group) => groupView(world, group, controlPlaneId)),
    entity_version: version,
    ...world.times(createdAt, updatedAt),
  };
}

function groupView(
  world: World,
  { id, fields, state, reason, createdAt, updatedAt }: GroupEntity,
  controlPlaneId: string,
): Json {
  const ready = state === 'ready';
  const label = text(world.controlPlanes.get(controlPlaneId)?.fields['name']);
  return {
    ...fields,
    id,
    state,
    state_metadata: reason === undefined ? {} : { reported_status: 'ERROR', reason },
    private_ip_addresses: ready ? ['192.168.0.10', '192.168.1.10'] : [],
    egress_ip_addresses: ready ? ['198.51.100.7'] : [],
    hostnames: ready && world.behaviour.hostnames ? [`${label}.${String(fields['region'])}.gateways.example.com`] : [],
    ...world.times(createdAt, updatedAt),
  };
}
