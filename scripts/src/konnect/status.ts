import type { Context } from '../program/context';
import { print, table } from '../program/output';
import type { Target } from '../project/target';
import { openKonnect } from './access';
import { readInventory, type KonnectInventory } from './index';
import { konnectNames } from './names';

/** State of a control plane, which has none of its own. */
export const EXISTS = 'exists';

/** One object in Konnect and its state. */
export interface KonnectState {
  readonly kind: 'control plane' | 'data plane group' | 'network' | 'attachment' | 'private DNS' | 'domain' | 'add-on';
  /** Name; for a data plane group, its region. */
  readonly name: string;
  readonly id: string;
  /** State in Konnect's words; `exists` for a control plane, which has none. */
  readonly state: string;
  /** Why it is in that state, if Konnect says so. */
  readonly reason?: string;
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
  print(context, { objects: states }, () => describeStates(states));
}

export function describeStates(states: readonly KonnectState[]): string {
  if (states.length === 0) return 'nothing exists in Konnect';
  return table(
    ['object', 'state', 'id'],
    states.map((one) => [konnectName(one), stateText(one), one.id]),
  );
}

/** `network ollama` */
export function konnectName({ kind, name }: KonnectState): string {
  return `${kind} ${name}`;
}

/** `initializing (waiting for AWS)` */
export function stateText({ state, reason }: KonnectState): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

function statesOf({ controlPlane, configuration, networks, customDomains, addOns }: KonnectInventory): KonnectState[] {
  const of = (
    kind: KonnectState['kind'],
    name: string,
    { id, state, state_metadata: metadata }: { id: string; state: string; state_metadata?: { reason?: string } },
  ): KonnectState => ({ kind, name, id, state, ...(metadata?.reason !== undefined && { reason: metadata.reason }) });
  return [
    ...(controlPlane === undefined ? [] : [of('control plane', controlPlane.name, { ...controlPlane, state: EXISTS })]),
    ...(configuration?.dataplane_groups ?? []).map((group) => of('data plane group', group.region, group)),
    ...networks.flatMap(({ network, transitGateways, privateDns }) => [
      of('network', network.name, network),
      ...transitGateways.map((gateway) => of('attachment', gateway.name, gateway)),
      ...privateDns.map((dns) => of('private DNS', dns.name, dns)),
    ]),
    ...customDomains.map((domain) => of('domain', domain.domain, domain)),
    ...addOns.map((addOn) => of('add-on', addOn.name, addOn)),
  ];
}
