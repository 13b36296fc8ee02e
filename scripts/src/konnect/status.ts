import type { Context } from '../program/context';
import { print, table } from '../program/output';
import type { Target } from '../project/target';
import { openKonnect } from './access';
import { readInventory, type KonnectInventory } from './index';
import { konnectNames } from './names';

/** One object in Konnect and its state. */
export interface KonnectState {
  readonly object: string;
  readonly id: string;
  readonly state: string;
}

/** Returns the objects of a deployment in Konnect and their states. */
export async function konnectStates(
  context: Context,
  target?: Pick<Target, 'clusterName'>,
): Promise<readonly KonnectState[]> {
  return statesOf(await readInventory(openKonnect(context), konnectNames(context, target)));
}

/** `konnect status` */
export async function konnectStatus(context: Context): Promise<void> {
  const states = await konnectStates(context);
  print(context, states, () => describeStates(states));
}

export function describeStates(states: readonly KonnectState[]): string {
  if (states.length === 0) return 'nothing exists in Konnect';
  return table(
    ['object', 'state', 'id'],
    states.map(({ object, state, id }) => [object, state, id]),
  );
}

function statesOf({ controlPlane, configuration, networks, customDomains, addOns }: KonnectInventory): KonnectState[] {
  const stateOf = ({ state, state_metadata: metadata }: { state: string; state_metadata?: { reason?: string } }) =>
    metadata?.reason === undefined ? state : `${state} (${metadata.reason})`;
  return [
    ...(controlPlane === undefined
      ? []
      : [{ object: `control plane ${controlPlane.name}`, id: controlPlane.id, state: 'exists' }]),
    ...(configuration?.dataplane_groups ?? []).map((group) => ({
      object: `data plane group in ${group.region}`,
      id: group.id,
      state: stateOf(group),
    })),
    ...networks.flatMap(({ network, transitGateways, privateDns }) => [
      { object: `network ${network.name}`, id: network.id, state: stateOf(network) },
      ...transitGateways.map((gateway) => ({
        object: `attachment ${gateway.name}`,
        id: gateway.id,
        state: stateOf(gateway),
      })),
      ...privateDns.map((dns) => ({ object: `private DNS ${dns.name}`, id: dns.id, state: stateOf(dns) })),
    ]),
    ...customDomains.map((domain) => ({ object: `domain ${domain.domain}`, id: domain.id, state: stateOf(domain) })),
    ...addOns.map((addOn) => ({ object: `add-on ${addOn.name}`, id: addOn.id, state: stateOf(addOn) })),
  ];
}
