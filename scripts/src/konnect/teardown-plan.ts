// https://developer.konghq.com/dedicated-cloud-gateways/ (deleting a network)
import { configured } from './configuration';
import type { KonnectInventory, NetworkInventory } from './inventory';
import { isGone } from './poll';

/** What is deleted, in the order in which Konnect lets go of it. */
export const TEARDOWN_ORDER = [
  'transit-gateway',
  'private-dns',
  'custom-domain',
  'add-on',
  'configuration',
  'network',
  'control-plane',
] as const;

export type TeardownKind = (typeof TEARDOWN_ORDER)[number];

/** One thing to delete. */
export interface TeardownStep {
  readonly kind: TeardownKind;
  readonly id: string;
  readonly name: string;
  /** It was deleted before and only has to be waited for. */
  readonly alreadyGoing: boolean;
  /** Of what hangs on a network. */
  readonly networkId?: string;
}

/** All that a teardown will do. */
export interface TeardownPlan {
  readonly steps: readonly TeardownStep[];
  /** Why it must not be done; empty when it may. */
  readonly blockers: readonly string[];
}

/**
 * Plans a teardown from what is there. Attachments go first, while the transit gateway and its RAM share still exist, since Kong takes them off
 * from its side; then the gateways, then the network they ran in, then the control plane. A network that others use is a blocker.
 */
export function planTeardown(inventory: KonnectInventory): TeardownPlan {
  const { controlPlane, configuration, networks, customDomains, addOns } = inventory;
  const steps: TeardownStep[] = [
    ...networks.flatMap(stepsOnNetwork),
    ...networks.flatMap(orphansOf),
    ...customDomains.map(({ id, domain, state }) => step('custom-domain', id, domain, state)),
    ...addOns.map(({ id, name, state }) => step('add-on', id, name, state)),
    ...networks.map(({ network: { id, name, state } }) => step('network', id, name, state)),
  ];
  if (controlPlane !== undefined) {
    const { id, name } = controlPlane;
    const groups = configuration === undefined ? [] : configured(configuration);
    const left = configuration?.dataplane_groups.some(({ state }) => state !== 'terminated') === true;
    if (groups.length > 0 || left) {
      steps.push({ kind: 'configuration', id, name, alreadyGoing: groups.length === 0 });
    }
    steps.push({ kind: 'control-plane', id, name, alreadyGoing: false });
  }
  steps.sort((left, right) => TEARDOWN_ORDER.indexOf(left.kind) - TEARDOWN_ORDER.indexOf(right.kind));
  return { steps, blockers: networks.flatMap((entry) => blockersOf(entry, controlPlane?.id)) };
}

/** `network "ollama-eks" (1f2e…)`, as people are asked about it. */
export function describeStep({ kind, name, id }: TeardownStep): string {
  const what: Readonly<Record<TeardownKind, string>> = {
    'transit-gateway': `transit gateway attachment "${name}"`,
    'private-dns': `private DNS "${name}"`,
    'custom-domain': `custom domain "${name}"`,
    'add-on': `add-on "${name}"`,
    configuration: `all data plane groups of control plane "${name}"`,
    network: `network "${name}"`,
    'control-plane': `control plane "${name}", with its services, routes and consumers`,
  };
  return `${what[kind]} (${id})`;
}

function stepsOnNetwork({ network, transitGateways, privateDns }: NetworkInventory): TeardownStep[] {
  const on = { networkId: network.id };
  return [
    ...transitGateways.map(({ id, name, state }) => ({ ...step('transit-gateway', id, name, state), ...on })),
    ...privateDns.map(({ id, name, state }) => ({ ...step('private-dns', id, name, state), ...on })),
  ];
}

function step(kind: TeardownKind, id: string, name: string, state: string): TeardownStep {
  return { kind, id, name, alreadyGoing: isGone({ state }) };
}

/** Configurations whose control plane was deleted first. */
function orphansOf({ users }: NetworkInventory): TeardownStep[] {
  return users
    .filter(({ orphaned }) => orphaned)
    .map(({ configuration }) => ({
      kind: 'configuration',
      id: configuration.control_plane_id,
      name: configuration.control_plane_id,
      alreadyGoing: configured(configuration).length === 0,
    }));
}

/** Gateways of another control plane would lose their network. */
function blockersOf({ network, users }: NetworkInventory, controlPlaneId: string | undefined): string[] {
  return users
    .filter(({ configuration, orphaned }) => !orphaned && configuration.control_plane_id !== controlPlaneId)
    .map(
      ({ configuration: { control_plane_id: user, control_plane_geo: geo } }) =>
        `network "${network.name}" (${network.id}) is used by control plane ${user} in ${geo}; ` +
        'take that off the network first, or name it as the control plane to delete',
    );
}
