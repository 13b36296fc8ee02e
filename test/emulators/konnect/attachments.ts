import { badRequest, notFound, page, type Answer, type Json } from './answers';
import { enter } from './lifecycle';
import { findNetwork } from './networks';
import type { Handler } from './router';
import type { AttachmentEntity, World } from './world';

/** Attachments of a network: transit gateways and private DNS, which behave alike. */
interface AttachmentKind {
  readonly path: 'transit-gateways' | 'private-dns';
  readonly title: string;
  readonly all: Map<string, AttachmentEntity>;
  /** States in which an attachment cannot be deleted. */
  readonly transitional: readonly string[];
  readonly refuse: (networkId: string, body: Json) => void;
  readonly view: (entity: AttachmentEntity) => Json;
}

/** https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/create-transit-gateway */
export function transitGatewayRoutes(world: World): Record<string, Handler> {
  return routes(world, {
    path: 'transit-gateways',
    title: 'Transit Gateway',
    all: world.transitGateways,
    transitional: ['created', 'initializing', 'pending-acceptance', 'pending-user-action'],
    refuse: (networkId, body) => refuseTransitGateway(world, networkId, body),
    view: (entity) => transitGatewayView(world, entity),
  });
}

/** https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/create-private-dns */
export function privateDnsRoutes(world: World): Record<string, Handler> {
  return routes(world, {
    path: 'private-dns',
    title: 'Private DNS',
    all: world.privateDns,
    transitional: ['created', 'initializing'],
    refuse: () => undefined,
    view: (entity) => ({ ...entity.fields, ...common(world, entity) }),
  });
}

/** Returns AWS's id of an attachment. */
export function attachmentIdOf({ id }: AttachmentEntity): string {
  return `tgw-attach-${id.replaceAll('-', '').slice(0, 17)}`;
}

/** Returns the target of an attachment. */
export function transitGatewayIdOf({ fields }: AttachmentEntity): string {
  return String((fields['transit_gateway_attachment_config'] as Json | undefined)?.['transit_gateway_id']);
}

function routes(world: World, kind: AttachmentKind): Record<string, Handler> {
  const base = `/v2/cloud-gateways/networks/:networkId/${kind.path}`;
  const find = ({ networkId = '', id = '' }: Readonly<Record<string, string>>): AttachmentEntity => {
    const found = kind.all.get(id);
    if (found?.networkId !== findNetwork(world, networkId).id) throw notFound(kind.title);
    return found;
  };
  const ofNetwork = (networkId: string) => [...kind.all.values()].filter((entity) => entity.networkId === networkId);
  return {
    [`GET ${base}`]: ({ params: { networkId = '' }, query }) =>
      page(ofNetwork(findNetwork(world, networkId).id).map(kind.view), query, world.behaviour.pageSize),
    [`POST ${base}`]: ({ params: { networkId = '' }, body }) =>
      create(world, kind, networkId, body as Json, ofNetwork(networkId)),
    [`GET ${base}/:id`]: ({ params }) => ({ status: 200, body: kind.view(find(params)) }),
    [`PATCH ${base}/:id`]: ({ params, body }) => {
      const entity = find(params);
      entity.fields = { ...entity.fields, ...(body as Json) };
      entity.version += 1;
      return { status: 200, body: kind.view(entity) };
    },
    [`DELETE ${base}/:id`]: ({ params }) => {
      const entity = find(params);
      if (kind.transitional.includes(entity.state)) {
        throw badRequest('id', `${kind.title} must be in a non-transitional state to be deleted`);
      }
      if (entity.state !== 'terminating' && entity.state !== 'terminated') enter(entity, 'terminating', world.now());
      return { status: 204 };
    },
  };
}

function create(
  world: World,
  kind: AttachmentKind,
  networkId: string,
  body: Json,
  others: readonly AttachmentEntity[],
): Answer {
  const network = findNetwork(world, networkId);
  if (network.state !== 'ready') throw badRequest('networkId', `Network is not ready: it is ${network.state}`);
  const live = others.filter(({ state }) => state !== 'terminating' && state !== 'terminated');
  if (live.some(({ fields }) => fields['name'] === body['name']))
    throw badRequest('name', `${kind.title} with this name already exists`);
  kind.refuse(networkId, body);
  const entity = { ...world.newEntity(body), networkId };
  kind.all.set(entity.id, entity);
  return { status: 201, body: kind.view(entity) };
}

function refuseTransitGateway(world: World, networkId: string, body: Json): void {
  const live = [...world.transitGateways.values()].filter(
    ({ state }) => state !== 'terminating' && state !== 'terminated',
  );
  for (const cidr of body['cidr_blocks'] as string[]) {
    const overlaps = live.some(
      (other) => other.networkId === networkId && (other.fields['cidr_blocks'] as string[]).includes(cidr),
    );
    if (overlaps) {
      throw badRequest(
        'cidr_blocks',
        `unable to create transit gateway with cidr block ${cidr} because it overlaps with cidr blocks from an existing attachment`,
      );
    }
  }
  const share = (body['transit_gateway_attachment_config'] as Json)['ram_share_arn'];
  const reused = live.some(
    (other) => (other.fields['transit_gateway_attachment_config'] as Json)['ram_share_arn'] === share,
  );
  if (reused)
    throw badRequest('transit_gateway_attachment_config.ram_share_arn', 'RAM share is in use by another attachment');
}

function transitGatewayView(world: World, entity: AttachmentEntity): Json {
  const config = entity.fields['transit_gateway_attachment_config'] as Json;
  const known = !['created', 'initializing'].includes(entity.state);
  return {
    dns_config: [],
    ...entity.fields,
    ...common(world, entity),
    transit_gateway_attachment_config: { ...config, ...(known ? { attachment_id: attachmentIdOf(entity) } : {}) },
  };
}

function common(world: World, { id, state, reason, version, createdAt, updatedAt }: AttachmentEntity): Json {
  return {
    id,
    state,
    state_metadata: reason === undefined ? {} : { reported_status: 'ERROR', reason },
    entity_version: version,
    ...world.times(createdAt, updatedAt),
  };
}
