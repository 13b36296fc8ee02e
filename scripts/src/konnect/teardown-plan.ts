// https://developer.konghq.com/dedicated-cloud-gateways/ (deleting a network)
import { CommandError, ExitCode } from '../program/exit-codes';
import { configured } from './configuration';
import { othersOn, type KonnectClaim, type KonnectInventory, type NetworkInventory } from './inventory';
import { ownershipError } from './owner';
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
  readonly blockers: readonly CommandError[];
  /** What is left alone, since others use it, too. */
  readonly kept: readonly string[];
}

/**
 * Plans a teardown from what is there. Attachments go first, while the transit gateway and its RAM share still exist, since Kong takes them off
 * from its side; then the gateways, then the network they ran in, then the control plane. What belongs to another cluster is a blocker, and
 * so is a network that others use, unless it was named outright: then it is shared, and only what is ours goes.
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

/** Throws CommandError (exit code 6) where a teardown must not be done. */
export function assertUnblocked({ blockers }: Pick<TeardownPlan, 'blockers'>): void {
  const [first, ...others] = blockers;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new CommandError(ExitCode.failedState, blockers.map(({ message }) => message).join('\n'));
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

/** What becomes of a network: it goes; it stays, without what is ours; nothing is touched at all. */
type JudgedNetwork = { readonly entry: NetworkInventory } & (
  | { readonly verdict: 'delete' }
  | { readonly verdict: 'share'; readonly reason: string }
  | { readonly verdict: 'refuse'; readonly blocker: CommandError }
);

/** A network carries no mark of its own: it is ours by our control plane, or since it was named outright. */
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
      ? { entry, verdict: 'share', reason: `${used}: it stays` }
      : refuse(
          entry,
          used,
          `take that off the network first, or name the network outright (--network ${name}) to leave it to them`,
        );
  }
  if (controlPlane.id !== undefined || chosen.network) return { entry, verdict: 'delete' };
  return refuse(
    entry,
    `${subject} has no control plane "${controlPlane.name}", which would tell that it is of cluster "${owner.cluster}"`,
    `name the network outright (--network ${name}, KONNECT_NETWORK_NAME) where it is to be deleted`,
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
