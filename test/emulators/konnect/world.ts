import { createHash } from 'node:crypto';
import type { Json } from './answers';
import { REMOVED, settle, TIMELINE, type Living, type Next, type Timeline } from './lifecycle';

/** An object of Konnect: the fields of its JSON, and its state machine. */
export interface Entity extends Living {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  version: number;
  /** Fields of its JSON that are not derived from the rest. */
  fields: Json;
  reason?: string;
}

export interface NetworkEntity extends Entity {
  readyAt?: number;
}

export interface AttachmentEntity extends Entity {
  readonly networkId: string;
  acceptedAt?: number;
}

export interface GroupEntity extends Entity {
  readonly networkId: string;
}

export interface ConfigurationEntity {
  id: string;
  readonly controlPlaneId: string;
  version: number;
  readonly createdAt: number;
  updatedAt: number;
  /** As it was written. */
  body: Json;
  groups: GroupEntity[];
}

/** A system account with its roles and tokens. */
export interface AccountEntity {
  readonly id: string;
  readonly fields: Json;
  readonly roles: Json[];
  readonly tokens: (Json & { readonly secret: string })[];
}

/** Behavior of Konnect and AWS that varies between organizations and over time. */
export interface Behaviour {
  /** Who accepts the attachment in AWS. @default - the transit gateway */
  acceptance: 'auto' | 'manual' | 'user-action';
  /** Reasons for failure by kind; every object created from then on fails. */
  readonly failures: { network?: string; transitGateway?: string; privateDns?: string; dataPlaneGroup?: string };
  /** A state after `initializing` that is not in any specification. */
  unknownState: string | undefined;
  /** Maximum number of items on a page. */
  pageSize: number;
  /** Whether the name of a network stays taken while it is being deleted. */
  terminatingHoldsName: boolean;
  /** Whether gateways can be requested before their network is ready. */
  earlyGateways: boolean;
  /** Whether gateways get hostnames. */
  hostnames: boolean;
  readonly quotas: { networks: number; controlPlanes: number };
}

/** Duration of the unknown state, in seconds. */
const DETOUR = 90;

/** The maps of a world. */
const COPIED = [
  'controlPlanes',
  'networks',
  'transitGateways',
  'privateDns',
  'customDomains',
  'addOns',
  'configurations',
  'accounts',
] as const;

/** State of Konnect. */
export class World {
  public readonly controlPlanes = new Map<string, Entity>();
  public readonly networks = new Map<string, NetworkEntity>();
  public readonly transitGateways = new Map<string, AttachmentEntity>();
  public readonly privateDns = new Map<string, AttachmentEntity>();
  public readonly customDomains = new Map<string, Entity>();
  public readonly addOns = new Map<string, Entity>();
  public readonly configurations = new Map<string, ConfigurationEntity>();
  public readonly accounts = new Map<string, AccountEntity>();
  public readonly providerAccounts: Json[] = [];
  public readonly behaviour: Behaviour = {
    acceptance: 'auto',
    failures: {},
    unknownState: undefined,
    pageSize: 100,
    terminatingHoldsName: false,
    earlyGateways: true,
    hostnames: true,
    quotas: { networks: 3, controlPlanes: 10 },
  };
  #ids = 0;

  public constructor(
    public readonly now: () => number,
    public readonly geo: string,
    public readonly timeline: Timeline = TIMELINE,
  ) {
    this.addProviderAccount('123456789012');
  }

  /** Returns ids in the same order in every run. */
  public newId(): string {
    this.#ids += 1;
    const hex = createHash('sha256')
      .update(`konnect ${String(this.#ids)}`)
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  public newEntity(fields: Json): Entity {
    const now = this.now();
    return { id: this.newId(), state: 'created', enteredAt: now, createdAt: now, updatedAt: now, version: 1, fields };
  }

  /** Copies another world into this one, which must be new. */
  public copyFrom(other: World): void {
    for (const name of COPIED) {
      const mine = this[name] as Map<string, unknown>;
      for (const [id, entity] of structuredClone(other[name] as Map<string, unknown>)) mine.set(id, entity);
    }
    this.providerAccounts.splice(0, Infinity, ...structuredClone(other.providerAccounts));
    Object.assign(this.behaviour, structuredClone(other.behaviour));
    this.#ids = other.#ids;
  }

  public addProviderAccount(accountNumber: string): void {
    this.providerAccounts.push({
      id: this.newId(),
      provider: 'aws',
      provider_account_id: accountNumber,
      ...this.times(this.now(), this.now()),
    });
  }

  public times(createdAt: number, updatedAt: number): { created_at: string; updated_at: string } {
    return { created_at: new Date(createdAt).toISOString(), updated_at: new Date(updatedAt).toISOString() };
  }

  /** Advances everything to the current time. */
  public settle(): void {
    for (const network of this.networks.values()) {
      settle(network, this.now(), this.#nextOfNetwork);
      if (network.state === 'ready') network.readyAt ??= network.enteredAt;
    }
    for (const configuration of this.configurations.values()) {
      for (const group of configuration.groups) settle(group, this.now(), this.#nextOfGroup);
      configuration.groups = configuration.groups.filter(({ state }) => state !== REMOVED);
    }
    for (const gateway of this.transitGateways.values()) settle(gateway, this.now(), this.#nextOfTransitGateway);
    for (const dns of this.privateDns.values()) settle(dns, this.now(), this.#nextOfPrivateDns);
    for (const other of [...this.customDomains.values(), ...this.addOns.values()])
      settle(other, this.now(), this.#nextOfOther);
    for (const all of [this.networks, this.transitGateways, this.privateDns, this.customDomains, this.addOns]) {
      for (const { id, state } of all.values()) {
        if (state === REMOVED) all.delete(id);
      }
    }
  }

  readonly #nextOfNetwork: Next<NetworkEntity> = (network) => {
    const { created, networkReady, networkGone } = this.timeline;
    switch (network.state) {
      case 'created':
        return { state: 'initializing', after: created };
      case 'initializing':
        return this.#detour() ?? this.#outcome(network, this.behaviour.failures.network, 'offline', networkReady);
      case this.behaviour.unknownState:
        return this.#outcome(network, this.behaviour.failures.network, 'offline', networkReady);
      default:
        return this.#ending(network, networkGone);
    }
  };

  readonly #nextOfGroup: Next<GroupEntity> = (group) => {
    const { created, groupReady, groupGone } = this.timeline;
    if (group.state === 'created') return { state: 'initializing', after: created };
    if (group.state !== 'initializing') return this.#ending(group, groupGone);
    const readyAt = this.networks.get(group.networkId)?.readyAt;
    if (readyAt === undefined) return undefined; // gateways start when their network is ready
    if (this.behaviour.failures.dataPlaneGroup !== undefined) {
      group.reason = this.behaviour.failures.dataPlaneGroup;
      return undefined;
    }
    return { state: 'ready', after: Math.max(0, (readyAt - group.enteredAt) / 1000) + groupReady };
  };

  readonly #nextOfTransitGateway: Next<AttachmentEntity> = (gateway) => {
    const { created, attachmentPending, attachmentReady, attachmentGone } = this.timeline;
    const failure = this.behaviour.failures.transitGateway;
    switch (gateway.state) {
      case 'created':
        return { state: 'initializing', after: created };
      case 'initializing':
      case this.behaviour.unknownState: {
        if (gateway.state === 'initializing') {
          const detour = this.#detour();
          if (detour !== undefined) return detour;
        }
        if (failure !== undefined || this.behaviour.acceptance === 'auto') {
          return this.#outcome(gateway, failure, 'error', attachmentPending + attachmentReady);
        }
        const pending = this.behaviour.acceptance === 'manual' ? 'pending-acceptance' : 'pending-user-action';
        return { state: pending, after: attachmentPending };
      }
      case 'pending-acceptance':
      case 'pending-user-action':
        return gateway.acceptedAt === undefined
          ? undefined
          : { state: 'ready', after: Math.max(0, (gateway.acceptedAt - gateway.enteredAt) / 1000) + attachmentReady };
      default:
        return this.#ending(gateway, attachmentGone);
    }
  };

  readonly #nextOfPrivateDns: Next<AttachmentEntity> = (dns) => {
    const { created, dnsReady, attachmentGone } = this.timeline;
    if (dns.state === 'created') return { state: 'initializing', after: created };
    if (dns.state === 'initializing') return this.#outcome(dns, this.behaviour.failures.privateDns, 'error', dnsReady);
    return this.#ending(dns, attachmentGone);
  };

  readonly #nextOfOther: Next<Entity> = ({ state }) => {
    const after = this.timeline.created;
    if (state === 'initializing') return { state: 'ready', after };
    return state === 'terminating' ? { state: REMOVED, after } : undefined; // add-ons never become "terminated"
  };

  #detour(): { state: string; after: number } | undefined {
    return this.behaviour.unknownState === undefined
      ? undefined
      : { state: this.behaviour.unknownState, after: DETOUR };
  }

  #outcome(
    entity: Entity,
    failure: string | undefined,
    failed: string,
    after: number,
  ): { state: string; after: number } {
    if (failure === undefined) return { state: 'ready', after };
    entity.reason = failure;
    return { state: failed, after };
  }

  #ending(entity: Entity, gone: number): { state: string; after: number } | undefined {
    if (entity.state === 'terminating') return { state: 'terminated', after: gone };
    return entity.state === 'terminated' ? { state: REMOVED, after: this.timeline.listedAfterwards } : undefined;
  }
}
