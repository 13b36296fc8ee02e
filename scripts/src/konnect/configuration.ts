// https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/create-configuration
import { CommandError, ExitCode } from '../program/exit-codes';
import type { WaitHooks } from '../program/waiting';
import { assertUnchanged, same } from './ensure';
import type { KonnectClient } from './konnect-client';
import { KonnectError } from './konnect-error';
import { isGone, reasonIn, sendWhenIdle, waitInKonnect } from './poll';
import type {
  ApiAccess,
  Configuration,
  DataPlaneGroup,
  DataPlaneGroupConfig,
  Ensured,
  EnvironmentVariable,
  Geo,
} from './types';

const CONFIGURATIONS = '/v2/cloud-gateways/configurations';

/** Times for the groups in a ready network. The deadline also covers the network itself. */
export const CONFIGURATION_TIMES = { expected: 10 * 60, deadline: 75 * 60 } as const;

/** Default of Konnect. */
const DEFAULT_ACCESS: ApiAccess = 'private+public';

/** Konnect has two wordings: "Proposed [cloud gateway] configuration and current … are identical". */
const IDENTICAL = /identical/i;

/** "Data-plane groups in the previous configuration have not finished provisioning" */
const NOT_FINISHED = /not finished provisioning/i;

/** The desired data plane group of a control plane. */
export interface ConfigurationSpec {
  readonly controlPlaneId: string;
  readonly controlPlaneName: string;
  readonly networkId: string;
  /** AWS region of the network. */
  readonly region: string;
  /** Kong Gateway version, major and minor: `3.14`. */
  readonly version: string;
  /** `private` gives the gateway private addresses only. @default 'private+public' */
  readonly apiAccess?: ApiAccess;
  /** Requests per second for which capacity is always provided. */
  readonly baseRps: number;
  /** `KONG_…` and `OTEL_…` variables of the gateways. */
  readonly environment?: readonly EnvironmentVariable[];
}

/** Returns the current configuration of a control plane, or undefined if it never had one. */
export async function findConfiguration(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
): Promise<Configuration | undefined> {
  const found = await client.list<Configuration>({
    doing: `look up ${subjectOf(controlPlane.name)}`,
    host: 'global',
    path: CONFIGURATIONS,
    query: { 'filter[control_plane_id][eq]': controlPlane.id, 'filter[control_plane_geo][eq]': client.geo },
  });
  return found.find(({ control_plane_id }) => control_plane_id === controlPlane.id);
}

/**
 * Ensures that gateways of the desired version run in the network. A write replaces the whole configuration, so groups in other regions are
 * preserved. Waits for an earlier change that is still in progress.
 * The returned ID changes with every write. Throws CommandError if the region's group runs in another network.
 */
export async function ensureConfiguration(
  client: KonnectClient,
  spec: ConfigurationSpec,
  hooks: WaitHooks = {},
): Promise<Ensured<Configuration>> {
  const controlPlane = { id: spec.controlPlaneId, name: spec.controlPlaneName };
  const existing = await findConfiguration(client, controlPlane);
  const current = existing === undefined ? [] : configured(existing);
  assertSameNetwork(spec, current);
  const groups = [...current.filter((group) => !isOurs(group, spec)), wantedGroup(spec)];
  const body = {
    control_plane_id: spec.controlPlaneId,
    control_plane_geo: client.geo,
    version: spec.version,
    api_access: spec.apiAccess ?? DEFAULT_ACCESS,
    dataplane_groups: groups,
  };
  if (existing !== undefined && isAsPut(existing, body)) {
    return { id: existing.id, outcome: 'reused', object: existing };
  }
  const object = await putConfiguration(client, controlPlane, body, hooks);
  return { id: object.id, outcome: current.length === 0 ? 'created' : 'updated', object };
}

/** Removes all gateways from a control plane. Konnect has no DELETE for this, so an empty list of groups is written. */
export async function releaseConfiguration(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
  hooks: WaitHooks = {},
): Promise<Configuration> {
  const body = { control_plane_id: controlPlane.id, control_plane_geo: client.geo, dataplane_groups: [] };
  return putConfiguration(client, controlPlane, body, hooks);
}

/** Waits until every group of the control plane accepts requests. Throws CommandError like `waitFor`. */
export async function waitForConfiguration(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
  hooks: WaitHooks = {},
): Promise<Configuration> {
  return waitInKonnect(
    client,
    {
      subject: subjectOf(controlPlane.name),
      read: () => readConfiguration(client, controlPlane),
      stateOf: (configuration) => overallState(running(configuration)),
      reasonOf: ({ dataplane_groups }) => dataplane_groups.map(reasonIn).find((reason) => reason !== undefined),
      success: ['ready'],
      failure: ['none', 'failed'],
      underway: ['created', 'initializing'],
      remedy: 'run the command again; if that does not help, send the reason to Kong support',
      ...CONFIGURATION_TIMES,
    },
    hooks,
  );
}

/** Waits until the control plane has no groups. */
export async function waitForNoGroups(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
  hooks: WaitHooks = {},
): Promise<void> {
  await waitInKonnect(
    client,
    {
      subject: subjectOf(controlPlane.name),
      read: () => findConfiguration(client, controlPlane),
      stateOf: (configuration) => {
        const left = (configuration?.dataplane_groups ?? []).filter(({ state }) => state !== 'terminated');
        return left.length === 0 ? 'terminated' : (left[0]?.state ?? '');
      },
      success: ['terminated'],
      failure: [],
      underway: ['created', 'initializing', 'ready', 'terminating'],
      remedy: 'run the command again',
      expected: 5 * 60,
      deadline: 40 * 60,
    },
    hooks,
  );
}

/** Returns the requested groups. For older configurations, Konnect returns these settings only in the running groups. */
export function configured(configuration: Configuration): readonly DataPlaneGroupConfig[] {
  return configuration.dataplane_group_config.length > 0
    ? configuration.dataplane_group_config
    : running(configuration).map(asConfig);
}

function running(configuration: Configuration): DataPlaneGroup[] {
  return configuration.dataplane_groups.filter((group) => !isGone(group));
}

function asConfig({
  provider,
  region,
  cloud_gateway_network_id,
  autoscale,
  environment,
}: DataPlaneGroup): DataPlaneGroupConfig {
  return {
    provider,
    region,
    ...(cloud_gateway_network_id === undefined ? {} : { cloud_gateway_network_id }),
    ...(autoscale === undefined ? {} : { autoscale }),
    ...(environment === undefined ? {} : { environment }),
  };
}

function wantedGroup({ region, networkId, baseRps, environment }: ConfigurationSpec): DataPlaneGroupConfig {
  return {
    provider: 'aws',
    region,
    cloud_gateway_network_id: networkId,
    autoscale: { kind: 'autopilot', base_rps: baseRps },
    ...(environment === undefined || environment.length === 0 ? {} : { environment }),
  };
}

function isOurs(group: DataPlaneGroupConfig, { region }: ConfigurationSpec): boolean {
  return group.provider === 'aws' && group.region === region;
}

function assertSameNetwork(spec: ConfigurationSpec, current: readonly DataPlaneGroupConfig[]): void {
  const ours = current.find((group) => isOurs(group, spec));
  if (ours === undefined) return;
  assertUnchanged(
    `data plane group in ${spec.region} of control plane "${spec.controlPlaneName}"`,
    [{ field: 'cloud_gateway_network_id', have: ours.cloud_gateway_network_id, want: spec.networkId }],
    'use that network, remove its gateways with `ollama-eks konnect down`, or choose another control plane',
  );
}

/** Whether a configuration is equal to the body of a PUT. */
function isAsPut(existing: Configuration, wanted: ConfigurationBody): boolean {
  if (!same(comparable(configured(existing)), comparable(wanted.dataplane_groups))) return false;
  const { version = existing.version, api_access = existing.api_access } = wanted;
  const sameVersion = existing.version === version || existing.version?.startsWith(`${version ?? ''}.`) === true;
  return sameVersion && (existing.api_access ?? DEFAULT_ACCESS) === (api_access ?? DEFAULT_ACCESS);
}

/** Normalizes groups: an omitted environment equals an empty one. */
function comparable(groups: readonly DataPlaneGroupConfig[]): unknown {
  return groups.map(({ environment = [], ...group }) => ({ ...group, environment }));
}

interface ConfigurationBody {
  readonly control_plane_id: string;
  readonly control_plane_geo: Geo;
  readonly version?: string;
  readonly api_access?: ApiAccess;
  readonly dataplane_groups: readonly DataPlaneGroupConfig[];
}

/** Writes a configuration. Treats "identical" as success, and waits while the answer is "not finished provisioning". */
async function putConfiguration(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
  body: ConfigurationBody,
  hooks: WaitHooks,
): Promise<Configuration> {
  const subject = subjectOf(controlPlane.name);
  const send = async () => {
    try {
      return await client.send<Configuration>({
        doing: `write ${subject}`,
        method: 'PUT',
        host: 'global',
        path: CONFIGURATIONS,
        expects: ['id', 'dataplane_groups'],
        body,
      });
    } catch (error) {
      if (!(error instanceof KonnectError) || error.status !== 409 || !error.says(IDENTICAL)) throw error;
      const current = await readConfiguration(client, controlPlane);
      if (!isAsPut(current, body)) throw error;
      return current;
    }
  };
  const busy = (error: KonnectError) => error.status === 400 && error.says(NOT_FINISHED);
  return sendWhenIdle(client, { subject, send, busy, ...CONFIGURATION_TIMES }, hooks);
}

async function readConfiguration(
  client: KonnectClient,
  controlPlane: { readonly id: string; readonly name: string },
): Promise<Configuration> {
  const found = await findConfiguration(client, controlPlane);
  if (found === undefined) {
    throw new CommandError(ExitCode.failedState, `${subjectOf(controlPlane.name)} no longer exists`, {
      remedy: 'run the command again',
    });
  }
  return found;
}

/** Returns the state of the first group that is not ready. Konnect reports errors only in the metadata. */
function overallState(groups: readonly DataPlaneGroup[]): string {
  if (groups.length === 0) return 'none';
  if (groups.some(({ state_metadata: metadata }) => /error|fail/i.test(metadata?.reported_status ?? '')))
    return 'failed';
  return groups.find(({ state }) => state !== 'ready')?.state ?? 'ready';
}

function subjectOf(controlPlaneName: string): string {
  return `configuration of control plane "${controlPlaneName}"`;
}
