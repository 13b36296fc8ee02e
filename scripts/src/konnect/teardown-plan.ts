// https://developer.konghq.com/dedicated-cloud-gateways/ (deleting a network)
import { CommandError, ExitCode } from '../program/exit-codes';
import { configured } from './configuration';
import { othersOn, type KonnectClaim, type KonnectInventory, type NetworkInventory } from './inventory';
import { ownershipError } from './owner';
import { isGone } from './poll';

/** Kinds of objects, in the order in which Konnect allows their deletion. */
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

/** An object to delete. */
export interface TeardownStep {
  readonly kind: TeardownKind;
  readonly id: string;
  readonly name: string;
  /** Whether it is already being deleted and only needs to be awaited. */
  readonly alreadyGoing: boolean;
  /** Network of an attached object. */
  readonly networkId?: string;
}

/** Plan of a teardown. */
export interface TeardownPlan {
  readonly steps: readonly TeardownStep[];
  /** Reasons for which the teardown must not be done. Empty if it may be. */
  readonly blockers: readonly CommandError[];
  /** Objects that remain because others use them, too. */
  readonly kept: readonly string[];
}

/**
 * Plans a teardown. Attachments are deleted first, while the transit gateway and its RAM share still exist, since Kong detaches them from its
 * side; then the gateways, their network, and the control plane. Objects of another cluster block the teardown. So does a network that others
 * use, unless its name was set explicitly: then it is shared, and only our objects are deleted.
 */
export function planTeardown(inventory: KonnectInventory, claim: KonnectClaim): TeardownPlan {
  const { controlPlane, configuration, customDomains, addOns } = inventory;
  const { owner, chosen, controlPlaneName: name } = claim;
  const foreign = controlPlane && ownershipError(controlPlane, owner, chosen.controlPlane);
  if (foreign !== undefined) return { steps: [], blockers: [foreign], kept: [] };
  const networks = inventory.networks.map((entry) => judge(entry, claim, { id: controlPlane?.id, name }));
  const going = networks.flatMap(({ entry, verdict }) => (verdict === 'delete' ? [entry] : []));
  const steps: TeardownStep[] = [
    ...networks.flatMap(({ entry, verdict }) => stepsOnNetwork(entry, verdict, name)),
    ...going.flatMap(orphansOf),
    ...customDomains.map(({ id, domain, state }) => step('custom-domain', id, domain, state)),
    ...addOns.map((addOn) => step('add-on', addOn.id, addOn.name, addOn.state)),
    ...going.map(({ network }) => step('network', network.id, network.name, network.state)),
  ];
  if (controlPlane !== undefined) {
    const { id } = controlPlane;
    const groups = configuration === undefined ? [] : configured(configuration);
    const left = configuration?.dataplane_groups.some(({ state }) => state !== 'terminated') === true;
    if (groups.length > 0 || left) {
      steps.push({ kind: 'configuration', id, name, alreadyGoing: groups.length === 0 });
    }
    steps.push({ kind: 'control-plane', id, name, alreadyGoing: false });
  }
  steps.sort((left, right) => TEARDOWN_ORDER.indexOf(left.kind) - TEARDOWN_ORDER.indexOf(right.kind));
  return {
    steps,
    blockers: networks.flatMap((network) => (network.verdict === 'refuse' ? [network.blocker] : [])),
    kept: networks.flatMap((network) => (network.verdict === 'share' ? [network.reason] : [])),
  };
}

/** Throws CommandError (exit code 6) if a teardown must not be done. */
export function assertUnblocked({ blockers }: Pick<TeardownPlan, 'blockers'>): void {
  const [first, ...others] = blockers;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new CommandError(ExitCode.failedState, blockers.map(({ message }) => message).join('\n'));
}

/** Describes a step in prompts: `network "ollama-eks" (1f2e…)`. */
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

/** Verdict on a network: delete it; keep it, without our objects; or refuse the teardown. */
type JudgedNetwork = { readonly entry: NetworkInventory } & (
  | { readonly verdict: 'delete' }
  | { readonly verdict: 'share'; readonly reason: string }
  | { readonly verdict: 'refuse'; readonly blocker: CommandError }
);

/** Judges a network. Networks have no labels: a network is ours if it belongs to our control plane, or if its name was set explicitly. */
function judge(
  entry: NetworkInventory,
  { chosen, owner }: KonnectClaim,
  controlPlane: { readonly id: string | undefined; readonly name: string },
): JudgedNetwork {
  const { id, name } = entry.network;
  const subject = `network "${name}" (${id})`;
  const others = othersOn(entry, controlPlane);
  if (others.length > 0) {
    const used = `${subject} is used by ${others.join(', ')}`;
    return chosen.network
      ? { entry, verdict: 'share', reason: `${used}, and is kept` }
      : refuse(
          entry,
          used,
          `remove that from the network first, or set the network's name explicitly (--network ${name}) to keep it for them`,
        );
  }
  if (controlPlane.id !== undefined || chosen.network) return { entry, verdict: 'delete' };
  return refuse(
    entry,
    `control plane "${controlPlane.name}" does not exist, so nothing shows that ${subject} belongs to cluster "${owner.cluster}"`,
    `set the network's name explicitly (--network ${name}, KONNECT_NETWORK_NAME) to delete it`,
  );
}

function refuse(entry: NetworkInventory, problem: string, remedy: string): JudgedNetwork {
  return { entry, verdict: 'refuse', blocker: new CommandError(ExitCode.failedState, problem, { remedy }) };
}

function stepsOnNetwork(
  { network, transitGateways, privateDns }: NetworkInventory,
  verdict: JudgedNetwork['verdict'],
  controlPlaneName: string,
): TeardownStep[] {
  const on = { networkId: network.id };
  const shared = verdict === 'share';
  const gateways = shared ? transitGateways.filter(({ name }) => name === controlPlaneName) : transitGateways;
  return [
    ...gateways.map(({ id, name, state }) => ({ ...step('transit-gateway', id, name, state), ...on })),
    ...(shared ? [] : privateDns).map(({ id, name, state }) => ({ ...step('private-dns', id, name, state), ...on })),
  ];
}

function step(kind: TeardownKind, id: string, name: string, state: string): TeardownStep {
  return { kind, id, name, alreadyGoing: isGone({ state }) };
}

/** Returns steps for configurations whose control plane was deleted first. */
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
