import { conflict, notFound, omit, page, type Answer, type Json } from './answers';
import { AVAILABILITY } from './availability';
import { enter } from './lifecycle';
import type { Handler } from './router';
import type { AccountEntity, Entity, World } from './world';

/** Availability, provider accounts, quotas, custom domains and add-ons, which are mostly read. */
export function organizationRoutes(world: World): Record<string, Handler> {
  const quota = (value: number) => ({
    id: '6f5e4d3c-2b1a-4c0d-8e9f-a0b1c2d3e4f5',
    resource: 'count/networks.not-offline',
    name: 'Active Networks',
    description: 'networks that are not offline',
    value,
    ...world.times(0, 0),
  });
  const largest = () => world.behaviour.pageSize;
  return {
    'GET /v2/cloud-gateways/availability.json': () => ({ status: 200, body: AVAILABILITY }),
    'GET /v2/cloud-gateways/provider-accounts': ({ query }) => page(world.providerAccounts, query, largest()),
    'GET /v2/cloud-gateways/resource-quotas': ({ query }) => page([], query, largest()),
    'GET /v2/cloud-gateways/default-resource-quotas': ({ query }) =>
      page([{ ...quota(world.behaviour.quotas.networks), overrides: [] }], query, largest()),
    ...deletable(world, 'custom-domains', 'Custom Domain', world.customDomains, largest),
    ...deletable(world, 'add-ons', 'Add-on', world.addOns, largest),
  };
}

/** https://developer.konghq.com/api/konnect/identity/v3/ */
export function identityRoutes(world: World): Record<string, Handler> {
  const me = () => ({
    status: 200,
    body: { id: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9', name: 'Example', state: 'active', ...world.times(0, 0) },
  });
  const find = (id = ''): AccountEntity => {
    const found = world.accounts.get(id);
    if (found === undefined) throw notFound('System Account');
    return found;
  };
  return {
    'GET /v3/organizations/me': me,
    'GET /v2/organizations/me': me,
    'GET /v3/system-accounts': ({ query }) =>
      page(
        [...world.accounts.values()].map(({ fields }) => fields),
        query,
        world.behaviour.pageSize,
      ),
    'POST /v3/system-accounts': ({ body }) => createAccount(world, body as Json),
    'DELETE /v3/system-accounts/:id': ({ params }) => {
      world.accounts.delete(find(params['id']).id);
      return { status: 204 };
    },
    'GET /v3/system-accounts/:id/assigned-roles': ({ params }) => ({
      status: 200,
      body: { data: find(params['id']).roles },
    }),
    'POST /v3/system-accounts/:id/assigned-roles': ({ params, body }) =>
      assignRole(world, find(params['id']), body as Json),
    'GET /v3/system-accounts/:id/access-tokens': ({ params, query }) =>
      page(
        find(params['id']).tokens.map((token) => withoutSecret(token)),
        query,
        world.behaviour.pageSize,
      ),
    'POST /v3/system-accounts/:id/access-tokens': ({ params, body }) =>
      createToken(world, find(params['id']), body as Json),
    'DELETE /v3/system-accounts/:id/access-tokens/:tokenId': ({ params }) => {
      const { tokens } = find(params['id']);
      const index = tokens.findIndex(({ id }) => id === params['tokenId']);
      if (index < 0) throw notFound('Access Token');
      tokens.splice(index, 1);
      return { status: 204 };
    },
  };
}

function createAccount(world: World, body: Json): Answer {
  if ([...world.accounts.values()].some(({ fields }) => fields['name'] === body['name'])) {
    throw conflict('System Account with this name already exists');
  }
  const now = world.now();
  const id = world.newId();
  const fields = { konnect_managed: false, ...body, id, ...world.times(now, now) };
  world.accounts.set(id, { id, fields, roles: [], tokens: [] });
  return { status: 201, body: fields };
}

function assignRole(world: World, { roles }: AccountEntity, body: Json): Answer {
  const same = (role: Json) => Object.entries(body).every(([key, value]) => role[key] === value);
  if (roles.some(same)) throw conflict('Role is already assigned');
  const role = { id: world.newId(), ...body };
  roles.push(role);
  return { status: 201, body: role };
}

function createToken(world: World, { tokens }: AccountEntity, { name, expires_at }: Json): Answer {
  if (tokens.some((token) => token['name'] === name)) throw conflict('Access Token with this name already exists');
  const now = world.now();
  const id = world.newId();
  const token = { id, name, expires_at, ...world.times(now, now), secret: `spat_${id.replaceAll('-', '')}` };
  tokens.push(token);
  return { status: 201, body: { ...withoutSecret(token), token: token.secret } };
}

function withoutSecret(token: Json): Json {
  return omit(token, 'secret');
}

/** Objects that the product only lists and deletes; tests create them. */
function deletable(
  world: World,
  path: string,
  title: string,
  all: Map<string, Entity>,
  largest: () => number,
): Record<string, Handler> {
  const find = (id = ''): Entity => {
    const found = all.get(id);
    if (found === undefined) throw notFound(title);
    return found;
  };
  const view = ({ id, state, fields, version, createdAt, updatedAt }: Entity): Json => ({
    ...fields,
    id,
    state,
    entity_version: version,
    ...world.times(createdAt, updatedAt),
  });
  return {
    [`GET /v2/cloud-gateways/${path}`]: ({ query }) => page([...all.values()].map(view), query, largest()),
    [`GET /v2/cloud-gateways/${path}/:id`]: ({ params }) => ({ status: 200, body: view(find(params['id'])) }),
    [`DELETE /v2/cloud-gateways/${path}/:id`]: ({ params }) => {
      const entity = find(params['id']);
      if (entity.state !== 'terminating') enter(entity, 'terminating', world.now());
      return { status: 204 };
    },
  };
}
