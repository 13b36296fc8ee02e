import { CommandError, ExitCode } from '../program/exit-codes';
import type { WaitHooks } from '../program/waiting';
import { releaseConfiguration, waitForNoGroups } from './configuration';
import { deleteIfExists } from './ensure';
import { readInventory, type KonnectClaim } from './inventory';
import { path, type KonnectClient } from './konnect-client';
import { KonnectError } from './konnect-error';
import { NETWORK_DELETION_TIMES, readNetwork } from './network';
import { isBusy, sendWhenIdle, waitInKonnect, waitUntilGone } from './poll';
import {
  assertUnblocked,
  describeStep,
  planTeardown,
  TEARDOWN_ORDER,
  type TeardownKind,
  type TeardownPlan,
  type TeardownStep,
} from './teardown-plan';
import type { Stateful } from './types';

export interface TeardownHooks extends WaitHooks {
  readonly onStep?: (step: TeardownStep, event: 'started' | 'done') => void;
}

/** Reads the inventory and plans the teardown, without writing anything. */
export async function readTeardownPlan(client: KonnectClient, claim: KonnectClaim): Promise<TeardownPlan> {
  return planTeardown(await readInventory(client, claim), claim);
}

/**
 * Deletes all objects of a deployment in Konnect, in order, and waits until they are gone. Can be killed and run again at any moment.
 * The transit gateway and its RAM share in AWS must still exist. Returns what was deleted.
 * Throws CommandError (exit code 6) if something must not be deleted, or remains at the end.
 */
export async function tearDown(
  client: KonnectClient,
  claim: KonnectClaim,
  hooks: TeardownHooks = {},
): Promise<readonly TeardownStep[]> {
  const plan = await readTeardownPlan(client, claim);
  assertUnblocked(plan);
  const { steps } = plan;
  for (const kind of TEARDOWN_ORDER) {
    const ofKind = steps.filter((step) => step.kind === kind);
    for (const step of ofKind) {
      hooks.onStep?.(step, 'started');
      if (!step.alreadyGoing) await remove(client, step, hooks);
    }
    for (const step of ofKind) {
      await waitUntilRemoved(client, step, steps, hooks);
      hooks.onStep?.(step, 'done');
    }
  }
  const left = (await readTeardownPlan(client, claim)).steps;
  if (left.length > 0) {
    throw new CommandError(
      ExitCode.failedState,
      `not everything was deleted, these remain: ${left.map(describeStep).join(', ')}`,
      { remedy: 'run the command again' },
    );
  }
  return steps;
}

/** Requests a deletion, which Konnect refuses while the object or one that depends on it is changing. */
async function remove(client: KonnectClient, step: TeardownStep, hooks: TeardownHooks): Promise<void> {
  if (step.kind === 'configuration') {
    await releaseConfiguration(client, step, hooks);
    return;
  }
  const subject = describeStep(step);
  const send = () => deleteIfExists(client, { doing: `delete ${subject}`, ...addressOf(step) });
  await sendWhenIdle(client, { subject, send, busy: isBusy, ...NETWORK_DELETION_TIMES }, hooks);
}

async function waitUntilRemoved(
  client: KonnectClient,
  step: TeardownStep,
  steps: readonly TeardownStep[],
  hooks: TeardownHooks,
): Promise<void> {
  if (step.kind === 'control-plane') return; // deleted synchronously
  if (step.kind === 'configuration') {
    await waitForNoGroups(client, step, hooks);
    for (const network of steps.filter(({ kind }) => kind === 'network')) await waitUntilUnused(client, network, hooks);
    return;
  }
  const subject = describeStep(step);
  await waitUntilGone(
    client,
    {
      subject,
      read: () =>
        client.send<Stateful>({ doing: `read ${subject}`, method: 'GET', expects: ['state'], ...addressOf(step) }),
      remedy: 'send its ID to Kong support',
      ...NETWORK_DELETION_TIMES,
    },
    hooks,
  );
}

/** Waits until a network is unused. It continues to count configurations for a while after their groups are gone. */
async function waitUntilUnused(client: KonnectClient, { id, name }: TeardownStep, hooks: TeardownHooks): Promise<void> {
  const read = async (): Promise<number> => {
    try {
      return (await readNetwork(client, { id, name })).configuration_reference_count;
    } catch (error) {
      if (error instanceof KonnectError && error.status === 404) return 0;
      throw error;
    }
  };
  await waitInKonnect(
    client,
    {
      subject: `network "${name}"`,
      read,
      stateOf: (count) => (count === 0 ? 'unused' : 'in use'),
      success: ['unused'],
      failure: [],
      underway: ['in use'],
      remedy: 'check which configurations use it',
      ...NETWORK_DELETION_TIMES,
    },
    hooks,
  );
}

function addressOf({ kind, id, networkId = '' }: TeardownStep): {
  readonly host: 'global' | 'region';
  readonly path: string;
} {
  const paths: Readonly<Record<Exclude<TeardownKind, 'configuration'>, string>> = {
    'transit-gateway': path`/v2/cloud-gateways/networks/${networkId}/transit-gateways/${id}`,
    'private-dns': path`/v2/cloud-gateways/networks/${networkId}/private-dns/${id}`,
    'custom-domain': path`/v2/cloud-gateways/custom-domains/${id}`,
    'add-on': path`/v2/cloud-gateways/add-ons/${id}`,
    network: path`/v2/cloud-gateways/networks/${id}`,
    'control-plane': path`/v2/control-planes/${id}`,
  };
  if (kind === 'configuration') throw new RangeError('a configuration is emptied, not deleted');
  return { host: kind === 'control-plane' ? 'region' : 'global', path: paths[kind] };
}
