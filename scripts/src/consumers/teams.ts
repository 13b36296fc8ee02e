// https://developer.konghq.com/plugins/key-auth/
import { randomBytes, randomUUID } from 'node:crypto';
import { ADMIN_GROUP, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { path } from '../konnect';
import {
  hasTag,
  type ConsumerEntity,
  type Entities,
  type Entity,
  type GroupEntity,
  type KeyEntity,
  type PluginEntity,
} from '../konnect/entities';
import { UsageError } from '../program/errors';
import { teamName } from '../program/team-name';

/** Tag of everything that is created here. It differs from the tag of the consumers file, whose sync deletes everything with its tag that is not in the file. */
const TEAMS_TAG = 'ollama-eks-teams';

/** Bytes of a key: 43 characters in base64url. */
const KEY_BYTES = 32;

/** Tag with the number of a key in the order of rotations. Kong's creation time has a resolution of one second. */
const SERIAL = /^ollama-eks-key-(\d+)$/;

/** Plugin that limits a consumer. Kong applies it instead of that of a service. @see https://developer.konghq.com/gateway/entities/plugin/#plugin-precedence */
const LIMITER = 'rate-limiting';

/** Limits of a team's requests, each counted separately by each node of Kong. */
export interface TeamLimits {
  /** @default - not limited */
  readonly perMinute?: number | undefined;
  /** @default - not limited */
  readonly perDay?: number | undefined;
}

/** A key of a team, without its secret. */
export interface TeamKey {
  readonly id: string;
  readonly created: string;
}

/** A consumer that this program manages. */
export interface Team {
  readonly id: string;
  readonly name: string;
  /** Keys, oldest first: two during a rotation. */
  readonly keys: readonly TeamKey[];
  /** Whether the team may call admin routes. */
  readonly admin: boolean;
  /** Limits of the team, ours or not, which replace those of the configuration. @default - those of the configuration apply */
  readonly limits?: TeamLimits;
}

/** A new key, which is shown once and stored nowhere but in Kong. */
export interface NewKey {
  readonly team: Team;
  readonly key: string;
}

/** Teams and their keys. Changes only objects with the tag of this program. */
export class Teams {
  public constructor(
    private readonly entities: Entities,
    /** Called with every key, before it is sent and after it is read. */
    private readonly onSecret: (key: string) => void,
  ) {}

  public async list(): Promise<readonly Team[]> {
    const [consumers, keys, groups, plugins] = await Promise.all([
      this.entities.list<ConsumerEntity>('consumers', TEAMS_TAG),
      this.entities.list<KeyEntity>('key-auths', TEAMS_TAG),
      this.entities.list<GroupEntity>('acls', TEAMS_TAG),
      this.entities.list<PluginEntity>('plugins'),
    ]);
    keys.forEach(({ key }) => this.onSecret(key));
    return consumers
      .map((consumer) => teamOf(consumer, keys, groups, plugins))
      .sort((left, right) => left.name.localeCompare(right.name));
  }

  /** Returns the names of consumers that come from a file. They have another tag, and are changed in the file. */
  public async namesFromFile(): Promise<readonly string[]> {
    const consumers = await this.entities.list<ConsumerEntity>('consumers', KONG_CONSUMERS_TAG);
    return consumers
      .filter((consumer) => !isOurs(consumer))
      .map(({ id, username = id }) => username)
      .sort();
  }

  /** Returns the team, and creates the team or its key if missing. `key` is set only for a new key. */
  public async ensure(name: string): Promise<{ readonly team: Team; readonly key?: string }> {
    const existing = await this.find(name);
    if (existing !== undefined && existing.keys.length > 0) return { team: existing };
    return this.add(name, false);
  }

  /** Creates a team with a key. A team that an interrupted run left without a key gets one. Throws UsageError if the team has a key. */
  public async add(name: string, admin: boolean): Promise<NewKey> {
    const existing = await this.findWithoutKey(name);
    const id = existing?.id ?? (await this.#create(name));
    if (admin && existing?.admin !== true) {
      await this.entities.put(`allow team "${name}" to call admin routes`, path`consumers/${id}/acls/${randomUUID()}`, {
        group: ADMIN_GROUP,
        tags: [TEAMS_TAG],
      });
    }
    return this.#addKey(name, id, 1);
  }

  /** Returns the team that an interrupted run left without a key, or undefined if there is none. Throws UsageError if the team has a key. */
  public async findWithoutKey(name: string): Promise<Team | undefined> {
    const existing = await this.find(name);
    if (existing !== undefined && existing.keys.length > 0) {
      throw new UsageError(`team "${name}" already has a key`, {
        remedy: `create another one with \`ollama-eks consumers rotate ${name}\``,
      });
    }
    return existing;
  }

  /** Creates a second key. The first remains valid until `finishRotation`. Throws UsageError during a rotation. */
  public async rotate(name: string): Promise<NewKey> {
    const team = await this.require(name);
    if (team.keys.length > 1) {
      throw new UsageError(
        `team "${name}" has ${String(team.keys.length)} keys: a rotation has been in progress since ${team.keys.at(-1)?.created ?? ''}`,
        { remedy: 'end it with --finish (keeps the new key) or --cancel (keeps the old one)' },
      );
    }
    return this.#addKey(
      name,
      team.id,
      (await this.#serials(team.id)).reduce((latest, { serial }) => Math.max(latest, serial), 0) + 1,
    );
  }

  /** Deletes all keys of the team except the newest. Returns how many. */
  public async finishRotation(name: string): Promise<number> {
    const team = await this.require(name);
    return this.#deleteKeys(team, team.keys.slice(0, -1));
  }

  /** Deletes the newest key if there is an older one. Returns how many. */
  public async cancelRotation(name: string): Promise<number> {
    const team = await this.require(name);
    return this.#deleteKeys(team, team.keys.length > 1 ? team.keys.slice(-1) : []);
  }

  /**
   * Sets the limits of a team, or removes them, so that those of the configuration apply again. No sync changes them.
   * Throws UsageError if another program limits the team.
   */
  public async limit(name: string, wanted: TeamLimits | undefined): Promise<Team> {
    const { id } = await this.require(name);
    const existing = await this.findLimiter({ id, name });
    if (wanted !== undefined) {
      const { perMinute: minute, perDay: day } = wanted;
      await this.entities.put(`limit team "${name}"`, path`plugins/${existing?.id ?? randomUUID()}`, {
        name: LIMITER,
        consumer: { id },
        config: { minute, day, limit_by: 'consumer', policy: 'local' }, // the only policy without your own Redis
        tags: [TEAMS_TAG],
      });
    } else if (existing !== undefined) {
      await this.entities.delete(`remove the limit of team "${name}"`, path`plugins/${existing.id}`);
    }
    return this.require(name);
  }

  /** Returns the plugin that limits a team, or undefined if there is none. Throws UsageError if another program created it. */
  public async findLimiter({ id, name }: Pick<Team, 'id' | 'name'>): Promise<PluginEntity | undefined> {
    const existing = (await this.entities.list<PluginEntity>('plugins')).find((plugin) => limits(plugin, id));
    if (existing !== undefined && !isOurs(existing)) {
      throw new UsageError(`team "${name}" has a rate limit that another program created (plugin ${existing.id})`, {
        remedy: 'delete it with that program',
      });
    }
    return existing;
  }

  /** Deletes the team and its keys. Throws UsageError if another program has given it credentials, groups, or plugins, which would also be deleted. */
  public async remove(team: Team): Promise<void> {
    const { id, name, keys } = team;
    await this.requireRemovable(team);
    await this.#deleteKeys({ id, name }, keys);
    await this.entities.delete(`delete team "${name}"`, path`consumers/${id}`);
  }

  /** Throws UsageError if a removal of the team would also delete what another program has given it. */
  public async requireRemovable({ id, name }: Pick<Team, 'id' | 'name'>): Promise<void> {
    const foreign = [
      ...(await this.entities.list<KeyEntity>('key-auths')),
      ...(await this.entities.list<GroupEntity>('acls')),
      ...(await this.entities.list<PluginEntity>('plugins')),
    ].filter((entity) => entity.consumer?.id === id && !isOurs(entity));
    if (foreign.length > 0) {
      throw new UsageError(
        `team "${name}" has credentials, groups, or plugins that another program created (${foreign.map((entity) => entity.id).join(', ')})`,
        { remedy: 'delete them with that program, then remove the team' },
      );
    }
  }

  /** Returns the secret of the newest key, for a check of the endpoint. */
  public async readKey({ id, name }: Pick<Team, 'id' | 'name'>): Promise<string> {
    const newest = (await this.#serials(id)).at(-1);
    if (newest === undefined)
      throw new UsageError(`team "${name}" has no key`, {
        remedy: `create one with \`ollama-eks consumers add ${name}\``,
      });
    return newest.key.key;
  }

  /** Returns the team. Throws UsageError if it does not exist. */
  public async require(name: string): Promise<Team> {
    const team = await this.find(name);
    if (team === undefined) {
      throw new UsageError(`team "${name}" does not exist`, {
        remedy: 'see `ollama-eks consumers list`',
      });
    }
    return team;
  }

  /** Returns the team, or undefined if it does not exist. Throws UsageError for an invalid name, and for a consumer of another program. */
  public async find(name: string): Promise<Team | undefined> {
    const consumer = await this.entities.consumer(teamName(name));
    if (consumer === undefined) return undefined;
    if (!isOurs(consumer)) {
      throw hasTag(consumer, KONG_CONSUMERS_TAG)
        ? new UsageError(
            `consumer "${name}" (${consumer.id}) comes from a file (\`ollama-eks kong sync --consumers\`)`,
            {
              remedy: 'change it in the file, or choose another name',
            },
          )
        : new UsageError(
            `consumer "${name}" (${consumer.id}) does not have the tag ${TEAMS_TAG}: another program created it`,
            {
              remedy: 'choose another name',
            },
          );
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

  /** Returns our keys of a consumer, oldest first. */
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
  plugins: readonly PluginEntity[],
): Team {
  const own = inOrder(keys.filter((key) => key.consumer.id === id));
  return {
    id,
    name: username,
    keys: own.map((key) => ({ id: key.id, created: new Date((key.created_at ?? 0) * 1000).toISOString() })),
    admin: groups.some(({ consumer, group }) => consumer.id === id && group === ADMIN_GROUP),
    ...limitsOf(plugins.find((plugin) => plugin.enabled !== false && limits(plugin, id))),
  };
}

/** Whether a plugin is the rate limit of a consumer on all services. */
function limits({ name, consumer, service, route }: PluginEntity, consumerId: string): boolean {
  return name === LIMITER && consumer?.id === consumerId && !service && !route;
}

function limitsOf(plugin: PluginEntity | undefined): Pick<Team, 'limits'> {
  if (plugin === undefined) return {};
  const { minute, day } = plugin.config ?? {};
  return {
    limits: {
      ...(typeof minute === 'number' ? { perMinute: minute } : {}),
      ...(typeof day === 'number' ? { perDay: day } : {}),
    },
  };
}

function inOrder(keys: readonly KeyEntity[]): KeyEntity[] {
  return [...keys].sort(
    (left, right) => serialOf(left) - serialOf(right) || (left.created_at ?? 0) - (right.created_at ?? 0),
  );
}

/** Returns 0 for a key without its tag. */
function serialOf({ tags }: Entity): number {
  return Math.max(0, ...(tags ?? []).map((tag) => Number(SERIAL.exec(tag)?.[1] ?? 0)));
}

function isOurs(entity: Entity): boolean {
  return hasTag(entity, TEAMS_TAG);
}
