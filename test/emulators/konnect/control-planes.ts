import { badRequest, conflict, notFound, page, type Answer, type Json } from './answers';
import type { Handler } from './router';
import type { Entity, World } from './world';

const RESERVED_LABEL = /^(kong|konnect|mesh|kic|_)/;

/** https://developer.konghq.com/api/konnect/control-planes/v2/ */
export function controlPlaneRoutes(world: World): Record<string, Handler> {
  const find = (id: string): Entity => {
    const found = world.controlPlanes.get(id);
    if (found === undefined) throw notFound('Control Plane');
    return found;
  };
  return {
    'GET /v2/control-planes': ({ query }) =>
      page(
        [...world.controlPlanes.values()].map((entity) => view(world, entity)),
        query,
        world.behaviour.pageSize,
      ),
    'POST /v2/control-planes': ({ body }) => create(world, body as Json),
    'GET /v2/control-planes/:id': ({ params }) => ({ status: 200, body: view(world, find(params['id'] ?? '')) }),
    'PATCH /v2/control-planes/:id': ({ params, body }) => {
      const entity = find(params['id'] ?? '');
      entity.fields = { ...entity.fields, ...(body as Json) };
      entity.updatedAt = world.now();
      return { status: 200, body: view(world, entity) };
    },
    'DELETE /v2/control-planes/:id': ({ params }) => {
      world.controlPlanes.delete(find(params['id'] ?? '').id);
      return { status: 204 };
    },
  };
}

function create(world: World, body: Json): Answer {
  const { name, labels = {} } = body;
  if ([...world.controlPlanes.values()].some(({ fields }) => fields['name'] === name)) {
    throw conflict('Control Plane with provided name already exists.');
  }
  if (world.controlPlanes.size >= world.behaviour.quotas.controlPlanes) {
    throw badRequest('name', 'Control Plane usage limits have been reached.');
  }
  const reserved = Object.keys(labels as Json).find((key) => RESERVED_LABEL.test(key));
  if (reserved !== undefined) throw badRequest('labels', `label key ${reserved} is reserved`);
  const entity = world.newEntity({ description: '', labels: {}, proxy_urls: [], ...body });
  world.controlPlanes.set(entity.id, entity);
  return { status: 201, body: view(world, entity) };
}

function view(world: World, { id, fields, createdAt, updatedAt }: Entity): Json {
  const label = id.slice(0, 10).replace('-', '');
  return {
    id,
    name: fields['name'],
    description: fields['description'],
    labels: fields['labels'],
    config: {
      control_plane_endpoint: `https://${label}.${world.geo}.cp0.konghq.com`,
      telemetry_endpoint: `https://${label}.${world.geo}.tp0.konghq.com`,
      cluster_type: fields['cluster_type'] ?? 'CLUSTER_TYPE_CONTROL_PLANE',
      auth_type: fields['auth_type'] ?? 'pinned_client_certs',
      cloud_gateway: fields['cloud_gateway'] ?? false,
      proxy_urls: fields['proxy_urls'],
    },
    ...world.times(createdAt, updatedAt),
  };
}
