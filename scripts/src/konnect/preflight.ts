import { describeProblem, kongCidrRefusals, type KongCidrRules } from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { assertVersion, chooseZones, offeredRegion, readAvailability } from './availability';
import { findControlPlane, type ControlPlaneSpec } from './control-plane';
import { othersOn, readNetworkInventory } from './inventory';
import type { KonnectClient } from './konnect-client';
import { findNetwork } from './network';
import { assertOurs } from './owner';
import { findProviderAccount } from './provider-account';
import { readNetworkQuota } from './quota';
import type { Organization, ProviderAccount } from './types';

/** What is about to be created. */
export interface PreflightSpec {
  readonly controlPlane: ControlPlaneSpec;
  readonly networkName: string;
  /** Whether other control planes may use the network, too. @default false */
  readonly sharedNetwork?: boolean | undefined;
  /** AWS region of the network: that of the transit gateway. */
  readonly region: string;
  readonly cidrBlock: string;
  /** AZ IDs. @default - the zones of the existing network, or two that Kong offers */
  readonly availabilityZones?: readonly string[] | undefined;
  /** AWS account of Kong. Required only if there are several. */
  readonly providerAccount?: string | undefined;
  readonly version: string;
  /** CIDRs that the gateways will be routed to. */
  readonly ownCidrs: readonly string[];
}

/** One line of `doctor`: the finding, or the reason of a failure. */
export type PreflightCheck = {
  readonly id: 'token' | 'owner' | 'provider-account' | 'region' | 'zones' | 'version' | 'cidr' | 'quota';
} & ({ readonly status: 'ok'; readonly message: string } | { readonly status: 'fail'; readonly error: CommandError });

export interface PreflightReport {
  readonly checks: readonly PreflightCheck[];
  /** What the checks found. Set if none failed. */
  readonly found?: { readonly providerAccount: ProviderAccount; readonly availabilityZones: readonly string[] };
}

/** Returns the organization of the token. Throws KonnectError. */
export function readOrganization(client: KonnectClient): Promise<Organization> {
  return client.send({
    doing: 'check the Konnect token',
    method: 'GET',
    host: 'global',
    path: '/v3/organizations/me',
    expects: ['name'],
  });
}

/** Checks, without writing anything, whether Konnect would refuse the requests that are about to be sent. */
export async function preflight(client: KonnectClient, spec: PreflightSpec): Promise<PreflightReport> {
  const checks = new Checks();
  const organization = await checks.run('token', async () => {
    const me = await readOrganization(client);
    return [me, `valid, for organization ${me.name}`];
  });
  if (organization === undefined) return { checks: checks.list };
  await checks.run('owner', () => checkOwner(client, spec));
  const providerAccount = await checks.run('provider-account', async () => {
    const account = await findProviderAccount(client, spec.providerAccount);
    return [account, `AWS account ${account.provider_account_id}`];
  });
  const availabilityZones = await checkPlace(client, spec, checks);
  await checks.run('quota', () => checkQuota(client, spec.networkName));
  if (checks.failed || providerAccount === undefined || availabilityZones === undefined) return { checks: checks.list };
  return { checks: checks.list, found: { providerAccount, availabilityZones } };
}

/** Returns what the checks found. Throws CommandError with the exit code of the first failure and the messages of all. */
export function requirePassed({ checks, found }: PreflightReport): NonNullable<PreflightReport['found']> {
  if (found !== undefined) return found;
  const failures = checks.flatMap((check) => (check.status === 'fail' ? [check] : []));
  const exitCode = failures[0]?.error.exitCode ?? ExitCode.unexpected;
  throw new CommandError(exitCode, failures.map(({ id, error }) => `${id}: ${error.message}`).join('\n'));
}

/** Checks region, version, zones, and CIDR, which depend on each other. */
async function checkPlace(
  client: KonnectClient,
  spec: PreflightSpec,
  checks: Checks,
): Promise<readonly string[] | undefined> {
  const region = await checks.run('region', async () => {
    const availability = await readAvailability(client);
    const offered = offeredRegion(availability, spec.region);
    return [{ availability, offered }, `gateways can run in ${spec.region}`];
  });
  if (region === undefined) return undefined;
  const { availability, offered } = region;
  await checks.run('version', () => {
    assertVersion(availability, spec.version);
    return [spec.version, `Kong Gateway ${spec.version} is offered`];
  });
  const zones = await checks.run('zones', async () => {
    const wanted = spec.availabilityZones ?? (await findNetwork(client, spec.networkName))?.availability_zones;
    const chosen = chooseZones(offered, wanted);
    return [chosen, chosen.join(', ')];
  });
  if (zones === undefined) return undefined;
  await checks.run('cidr', () => {
    const { cidr_blocks: allowed, reserved_cidr_blocks: reserved } = offered;
    requireCidr(spec.cidrBlock, {
      allowed,
      reserved,
      neighbors: spec.ownCidrs.map((cidr) => ({ name: 'your own networks', cidr })),
      zoneCount: zones.length,
    });
    return [spec.cidrBlock, `${spec.cidrBlock} is free and large enough`];
  });
  return zones;
}

/** Throws UsageError with everything that is wrong with the range. */
function requireCidr(cidr: string, rules: KongCidrRules): void {
  const refusals = kongCidrRefusals('kongCidr', cidr, rules);
  if (refusals.length === 0) return;
  const all = (parts: readonly string[]) => [...new Set(parts)].join('; ');
  throw new UsageError(all(refusals.map(describeProblem)), {
    allowed: all(refusals.map(({ allowed }) => allowed)),
    remedy: all(refusals.map(({ remedy }) => remedy)),
  });
}

/** Throws CommandError if existing objects of these names belong to others. */
async function checkOwner(client: KonnectClient, spec: PreflightSpec): Promise<[true, string]> {
  const { name, owner, chosen = false } = spec.controlPlane;
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane !== undefined && owner !== undefined) assertOurs(controlPlane, owner, chosen);
  const network = await findNetwork(client, spec.networkName);
  if (network !== undefined && spec.sharedNetwork !== true) {
    const others = othersOn(await readNetworkInventory(client, network, controlPlane?.id), {
      id: controlPlane?.id,
      name,
    });
    if (others.length > 0) {
      throw new CommandError(
        ExitCode.failedState,
        `network "${network.name}" (${network.id}) is used by ${others.join(', ')}`,
        {
          remedy: `set its name explicitly (--network ${network.name}, KONNECT_NETWORK_NAME) to share it, or choose another name`,
        },
      );
    }
  }
  const state = (object: unknown) => (object === undefined ? 'does not exist yet' : 'may be used');
  return [true, `control plane "${name}" ${state(controlPlane)}, network "${spec.networkName}" ${state(network)}`];
}

async function checkQuota(client: KonnectClient, networkName: string): Promise<[true, string]> {
  const { used, limit } = await readNetworkQuota(client);
  const use = `networks in use: ${String(used)} of ${limit === undefined ? 'unlimited' : String(limit)}`;
  if (limit !== undefined && used >= limit && (await findNetwork(client, networkName)) === undefined) {
    throw new CommandError(ExitCode.quota, `${use}, none left for "${networkName}"`, {
      remedy: 'delete a network, or request a higher quota from Kong',
    });
  }
  return [true, use];
}

/** Runs checks and collects their results. */
class Checks {
  public readonly list: PreflightCheck[] = [];

  public get failed(): boolean {
    return this.list.some(({ status }) => status === 'fail');
  }

  /** Returns the value that the check found, or undefined after a failure. Rethrows errors other than CommandError. */
  public async run<Value>(
    id: PreflightCheck['id'],
    check: () => readonly [Value, string] | Promise<readonly [Value, string]>,
  ): Promise<Value | undefined> {
    try {
      const [value, message] = await check();
      this.list.push({ id, status: 'ok', message });
      return value;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.list.push({ id, status: 'fail', error });
      return undefined;
    }
  }
}
