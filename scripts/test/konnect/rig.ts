import {
  FAULT_EFFECTS,
  KillableClock,
  KonnectEmulator,
  TIMELINE,
  VirtualClock,
  type FaultName,
  type Timeline,
} from '../../../test/emulators/konnect';
import {
  ensureConfiguration,
  ensureControlPlane,
  ensurePrivateDns,
  ensureSystemAccount,
  ensureTransitGateway,
  findNetwork,
  finishKonnect,
  healthProbe,
  KonnectClient,
  startKonnect,
  syncRoles,
  tearDown,
  waitForPrivateDns,
  type AttachmentHooks,
  type KonnectClaim,
  type KonnectFinishSpec,
  type KonnectStartSpec,
  type Owner,
  type TeardownHooks,
} from '../../src/konnect';
import type { Clock } from '../../src/program/context';

/** A sentinel that looks like a token and must not appear anywhere. */
export const TOKEN = 'kpat_SENTINEL0123456789';

/** Short durations, for tests that wait hundreds of times: every read costs time. */
export const SHORT: Timeline = {
  ...TIMELINE,
  networkReady: 100,
  networkGone: 50,
  groupReady: 70,
  groupGone: 40,
  attachmentPending: 40,
  attachmentReady: 40,
  attachmentGone: 40,
  dnsReady: 40,
};

export const OWNER: Owner = { cluster: 'ollama', region: 'us-west-2', account: '111122223333' };

/** Names that were not set explicitly. */
export const NAMES: KonnectClaim = {
  controlPlaneName: 'ollama-eks',
  networkName: 'ollama-eks',
  owner: OWNER,
  chosen: { controlPlane: false, network: false },
};

export const START: KonnectStartSpec = {
  controlPlane: {
    name: 'ollama-eks',
    description: 'Ollama on EKS',
    labels: { 'managed-by': 'ollama-eks' },
    owner: OWNER,
  },
  networkName: 'ollama-eks',
  region: 'us-west-2',
  cidrBlock: '192.168.0.0/22',
  version: '3.14',
  ownCidrs: ['10.0.0.0/16'],
};

export const FINISH: KonnectFinishSpec = {
  gateway: { region: 'us-west-2', version: '3.14', baseRps: 100 },
  attachment: {
    name: 'ollama-eks',
    transitGatewayId: 'tgw-0123456789abcdef0',
    ramShareArn: 'arn:aws:ram:us-west-2:111122223333:resource-share/5c1c1a2e-0000-4000-8000-000000000000',
    cidrBlocks: ['10.0.0.0/16'],
  },
};

export interface Rig {
  readonly clock: VirtualClock;
  readonly konnect: KonnectEmulator;
  /** All messages to the user. */
  readonly said: string[];
}

export function newRig(timeline: Timeline = SHORT): Rig {
  const clock = new VirtualClock();
  return { clock, konnect: new KonnectEmulator({ clock, token: TOKEN, timeline }), said: [] };
}

/** Returns another rig in the same state at the same time. */
export function copyOf(rig: Rig): Rig {
  const { konnect } = rig;
  const clock = new VirtualClock(rig.clock.now());
  const copy = new KonnectEmulator({ clock, token: TOKEN, timeline: konnect.world.timeline });
  copy.world.copyFrom(konnect.world);
  return { clock, konnect: copy, said: [] };
}

export interface ClientOverrides {
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export function clientOf({ clock, konnect, said }: Rig, overrides: ClientOverrides = {}): KonnectClient {
  return new KonnectClient({
    token: TOKEN,
    geo: 'us',
    clock,
    fetch: konnect.fetch,
    random: () => 0.5,
    onRetry: (message) => said.push(message),
    ...overrides,
  });
}

export function hooksOf({ said, konnect }: Rig): AttachmentHooks & TeardownHooks {
  return {
    onProgress: (wait) => said.push(JSON.stringify(wait)),
    onNotice: (message) => said.push(message),
    acceptAttachment: (id) => {
      konnect.acceptAttachment(id);
      return Promise.resolve();
    },
  };
}

/** Creates everything up to an attached gateway. */
export async function bringUp(rig: Rig, client = clientOf(rig)) {
  const started = await startKonnect(client, START, hooksOf(rig));
  return finishKonnect(client, started, FINISH, healthProbe(rig.konnect.fetch, client.clock), hooksOf(rig));
}

export function bringDown(rig: Rig, client = clientOf(rig)) {
  return tearDown(client, NAMES, hooksOf(rig));
}

/** Changes an existing deployment: labels, version, CIDRs, private DNS, and an account for CI. */
export async function change(rig: Rig, client = clientOf(rig)): Promise<void> {
  const hooks = hooksOf(rig);
  const { id } = await ensureControlPlane(client, { ...START.controlPlane, labels: { env: 'dev' } });
  const network = await findNetwork(client, NAMES.networkName);
  if (network === undefined) throw new Error('the network is not there');
  const gateway = { ...FINISH.gateway, version: '3.15', controlPlaneId: id, controlPlaneName: NAMES.controlPlaneName };
  await ensureConfiguration(client, { ...gateway, networkId: network.id }, hooks);
  const cidrBlocks = ['10.0.0.0/16', '10.1.0.0/16'];
  await ensureTransitGateway(client, { ...FINISH.attachment, cidrBlocks, networkId: network.id }, hooks);
  const config = { kind: 'aws-private-hosted-zone-attachment', hosted_zone_id: 'Z0123456789ABCDEFGHIJ' } as const;
  const dns = await ensurePrivateDns(client, { name: 'internal', networkId: network.id, config }, hooks);
  await waitForPrivateDns(client, network.id, dns.object, hooks);
  await ensureSystemAccount(client, {
    name: 'ollama-eks-sync',
    description: 'syncs gateway configuration',
    roles: syncRoles('us', id),
    token: { name: 'ci', expiresAt: new Date('2026-06-01T00:00:00Z') },
  });
}

/** All faults by name. */
export const FAULT_NAMES = Object.keys(FAULT_EFFECTS) as FaultName[];

/** Returns the error that is thrown, or undefined. */
export async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

export { KillableClock };
