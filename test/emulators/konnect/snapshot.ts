import { omit, type Json } from './answers';
import type { CoreEntities } from './core-entities';
import type { Entity, World } from './world';

/** Returns the state of the world by names, without ids, times and versions, so that two runs can be compared. */
export function snapshot(world: World, entities: CoreEntities): Json {
  const names = new Map<string, string>();
  for (const all of [world.controlPlanes, world.networks]) {
    for (const { id, fields } of all.values()) names.set(id, `<${String(fields['name'])}>`);
  }
  for (const { id, provider_account_id } of world.providerAccounts)
    names.set(String(id), `<${String(provider_account_id)}>`);
  for (const { id, fields } of world.accounts.values()) names.set(id, `<${String(fields['name'])}>`);
  const view = ({ state, fields, reason }: Entity) => ({
    ...fields,
    state,
    ...(reason === undefined ? {} : { reason }),
  });
  const state = {
    controlPlanes: [...world.controlPlanes.values()].map((entity) => ({
      ...entity.fields,
      entities: entities.snapshot(entity.id),
    })),
    networks: live(world.networks).map(view),
    transitGateways: live(world.transitGateways).map((gateway) => ({ ...view(gateway), network: gateway.networkId })),
    privateDns: live(world.privateDns).map((dns) => ({ ...view(dns), network: dns.networkId })),
    customDomains: live(world.customDomains).map(view),
    addOns: live(world.addOns).map(view),
    configurations: [...world.configurations.values()]
      .filter(({ groups }) => groups.some(({ state: held }) => held !== 'terminated'))
      .map(({ body, groups }) => ({ ...body, groups: groups.map(view) })),
    accounts: [...world.accounts.values()].map(({ fields, roles, tokens }) => ({
      name: fields['name'],
      roles: roles.map((role) => omit(role, 'id')),
      tokens: tokens.map(({ name }) => name),
    })),
  };
  return JSON.parse(JSON.stringify(state), (_, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  ) as Json;
}

function live<Object extends Entity>(all: ReadonlyMap<string, Object>): Object[] {
  return [...all.values()].filter(({ state }) => state !== 'terminated');
}
