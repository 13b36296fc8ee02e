// https://developer.konghq.com/plugins/key-auth/
import { randomBytes, randomUUID } from 'node:crypto';
import { ADMIN_GROUP, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { path } from '../konnect';
import type { ConsumerEntity, Entities, Entity, GroupEntity, KeyEntity } from '../konnect/entities';
import { UsageError } from '../program/errors';
import { teamName } from '../program/team-name';

/** Tag of everything that is made here. It is not that of the consumers' file: a sync of that would delete what is not in it. */
const TEAMS_TAG = 'ollama-eks-teams';

/** Bytes of a key; in base64url they are 43 characters. */
const KEY_BYTES = 32;

/** Tag of a key that holds its place in the order of rotations; Kong's own time has seconds only. */
const SERIAL = /^ollama-eks-key-(\d+)$/;

/** A key of a team, without the key. */
export interface TeamKey {
  readonly id: string;
  readonly created: string;
}

/** A consumer of ours. */
export interface Team {
  readonly id: string;
  readonly name: string;
  /** Oldest first; two while a rotation is under way. */
  readonly keys: readonly TeamKey[];
  /** Whether it may call admin routes. */
  readonly admin: boolean;
}

/** A key that was made just now: shown once, kept nowhere but in Kong. */
export interface NewKey {
  readonly team: Team;
  readonly key: string;
}

/** Teams and their keys. Only what carries our tag is ever changed. */
export class Teams {
  public constructor(
    private readonly entities: Entities,
    /** Told of every key before it is sent or after it was read. */
    private readonly onSecret: (key: string) => void,
  ) {}

  public async list(): Promise<readonly Team[]> {
    const [consumers, keys, groups] = await Promise.all([
      this.entities.list<ConsumerEntity>('consumers', TEAMS_TAG),
      this.entities.list<KeyEntity>('key-auths', TEAMS_TAG),
      this.entities.list<GroupEntity>('acls', TEAMS_TAG),
    ]);
    keys.forEach(({ key }) => this.onSecret(key));
    return consumers
      .map((consumer) => teamOf(consumer, keys, groups))
      .sort((left, right) => left.name.localeCompare(right.name));
  }

  /** Names of consumers that come from a file: theirs is another tag, and they are changed there. */
  public async namesFromFile(): Promise<readonly string[]> {
    const consumers = await this.entities.list<ConsumerEntity>('consumers', KONG_CONSUMERS_TAG);
    return consumers
      .filter((consumer) => !isOurs(consumer))
      .map(({ id, username = id }) => username)
      .sort();
  }

  /** The team, with a key: made where it is missing. `key` is there only where it was made just now. */
  public async ensure(name: string): Promise<{ readonly team: Team; readonly key?: string }> {
    const existing = await this.find(name);
    if (existing !== undefined && existing.keys.length > 0) return { team: existing };
    return this.add(name, false);
  }

  /** A new team with a key. One that was left without a key by an interrupted run gets it. Throws UsageError where it has one. */
  public async add(name: string, admin: boolean): Promise<NewKey> {
    const existing = await this.find(name);
    if (existing !== undefined && existing.keys.length > 0) {
      throw new UsageError(`team "${name}" has a key already`, {
        remedy: `give it another by \`ollama-eks consumers rotate ${name}\``,
      });
    }
    const id = existing?.id ?? (await this.#create(name));
    if (admin && existing?.admin !== true) {
      await this.entities.put(`let team "${name}" call admin routes`, path`consumers/${id}/acls/${randomUUID()}`, {
        group: ADMIN_GROUP,
        tags: [TEAMS_TAG],
      });
    }
    return this.#addKey(name, id, 1);
  }

  /** A second key; the first goes on working until `finishRotation`. Throws UsageError while a rotation is under way. */
  public async rotate(name: string): Promise<NewKey> {
    const team = await this.require(name);
    if (team.keys.length > 1) {
      throw new UsageError(
        `team "${name}" has ${String(team.keys.length)} keys: a rotation is under way since ${team.keys.at(-1)?.created ?? ''}`,
        { remedy: 'end it by --finish (the new key stays) or --cancel (the old one stays)' },
      );
    }
    return this.#addKey(
      name,
      team.id,
      (await this.#serials(team.id)).reduce((most, { serial }) => Math.max(most, serial), 0) + 1,
    );
  }

  /** Deletes all keys of the team but the newest; returns how many. */
  public async finishRotation(name: string): Promise<number> {
    const team = await this.require(name);
    return this.#deleteKeys(team, team.keys.slice(0, -1));
  }

  /** Deletes the newest key where there is an older one; returns how many. */
  public async cancelRotation(name: string): Promise<number> {
    const team = await this.require(name);
    return this.#deleteKeys(team, team.keys.length > 1 ? team.keys.slice(-1) : []);
  }

  /** Deletes the team and its keys. Throws UsageError where others have hung something on it that would go, too. */
  public async remove({ id, name, keys }: Team): Promise<void> {
    const foreign = [
      ...(await this.entities.list<KeyEntity>('key-auths')),
      ...(await this.entities.list<GroupEntity>('acls')),
    ].filter((entity) => entity.consumer.id === id && !isOurs(entity));
    if (foreign.length > 0) {
      throw new UsageError(
        `team "${name}" has credentials or groups that are not ours (${foreign.map((entity) => entity.id).join(', ')})`,
        { remedy: 'delete them where they were made, then remove the team' },
      );
    }
    await this.#deleteKeys({ id, name }, keys);
    await this.entities.delete(`delete team "${name}"`, path`consumers/${id}`);
  }

  /** The newest key itself, for a check of the endpoint. */
  public async readKey({ id, name }: Pick<Team, 'id' | 'name'>): Promise<string> {
    const newest = (await this.#serials(id)).at(-1);
    if (newest === undefined)
      throw new UsageError(`team "${name}" has no key`, { remedy: `\`ollama-eks consumers add ${name}\` makes one` });
    return newest.key.key;
  }

  /** Throws UsageError for a name that leads to no team of ours. */
  public async require(name: string): Promise<Team> {
    const team = await this.find(name);
    if (team === undefined) {
      throw new UsageError(`there is no team "${name}"`, {
        remedy: `\`ollama-eks consumers list\` shows those that there are`,
      });
    }
    return team;
  }

  /** Throws UsageError for what is no name, or one that another program's consumer has. */
  public async find(name: string): Promise<Team | undefined> {
    const consumer = await this.entities.consumer(teamName(name));
    if (consumer === undefined) return undefined;
    if (!isOurs(consumer)) {
      throw hasTag(consumer, KONG_CONSUMERS_TAG)
        ? new UsageError(`consumer "${name}" (${consumer.id}) comes from a file (ollama-eks kong sync --consumers)`, {
            remedy: 'change it there, or choose another name',
          })
        : new UsageError(`consumer "${name}" (${consumer.id}) has no tag ${TEAMS_TAG}: another program made it`, {
            remedy: 'choose another name',
          });
    }
    return (await this.list()).find(({ id }) => id === consumer.id);
  }

  async #create(name: string): Promise<string> {
    const id = randomUUID();
    await this.entities.put(`create team "${name}"`, path`consumers/${id}`, {
      username: name,
      tags: [TEAMS_TAG],
    });
    return id;
  }

  async #addKey(name: string, consumer: string, serial: number): Promise<NewKey> {
    const key = randomBytes(KEY_BYTES).toString('base64url');
    this.onSecret(key);
    await this.entities.put(`give team "${name}" a key`, path`consumers/${consumer}/key-auth/${randomUUID()}`, {
      key,
      tags: [TEAMS_TAG, `ollama-eks-key-${String(serial)}`],
    });
    return { team: await this.require(name), key };
  }

  async #deleteKeys({ id, name }: Pick<Team, 'id' | 'name'>, keys: readonly TeamKey[]): Promise<number> {
    for (const key of keys) {
      await this.entities.delete(`delete key ${key.id} of team "${name}"`, path`consumers/${id}/key-auth/${key.id}`);
    }
    return keys.length;
  }

  /** Our keys of a consumer, oldest first. */
  async #serials(consumer: string): Promise<readonly { readonly key: KeyEntity; readonly serial: number }[]> {
    const keys = await this.entities.list<KeyEntity>('key-auths', TEAMS_TAG);
    keys.forEach(({ key }) => this.onSecret(key));
    return inOrder(keys.filter((key) => key.consumer.id === consumer)).map((key) => ({ key, serial: serialOf(key) }));
  }
}

function teamOf(
  { id, username = id }: ConsumerEntity,
  keys: readonly KeyEntity[],
  groups: readonly GroupEntity[],
): Team {
  const own = inOrder(keys.filter((key) => key.consumer.id === id));
  return {
    id,
    name: username,
    keys: own.map((key) => ({ id: key.id, created: new Date((key.created_at ?? 0) * 1000).toISOString() })),
    admin: groups.some(({ consumer, group }) => consumer.id === id && group === ADMIN_GROUP),
  };
}

function inOrder(keys: readonly KeyEntity[]): KeyEntity[] {
  return [...keys].sort(
    (left, right) => serialOf(left) - serialOf(right) || (left.created_at ?? 0) - (right.created_at ?? 0),
  );
}

/** 0 for a key that has lost its place. */
function serialOf({ tags }: Entity): number {
  return Math.max(0, ...(tags ?? []).map((tag) => Number(SERIAL.exec(tag)?.[1] ?? 0)));
}

function isOurs(entity: Entity): boolean {
  return hasTag(entity, TEAMS_TAG);
}

function hasTag({ tags }: Entity, tag: string): boolean {
  return tags?.includes(tag) === true;
}
