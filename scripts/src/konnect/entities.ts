// https://developer.konghq.com/api/konnect/control-planes-config/v2/
import { CommandError, ExitCode } from '../program/exit-codes';
import { KonnectError, path, requireList, type ControlPlane, type KonnectClient } from './index';

/** Kinds of objects, named after their lists. */
export type EntityKind =
  'ca_certificates' | 'consumers' | 'key-auths' | 'acls' | 'services' | 'routes' | 'upstreams' | 'plugins';

/** The fields common to all objects of Kong. */
export interface Entity {
  readonly id: string;
  readonly tags?: readonly string[] | null;
  readonly created_at?: number;
  readonly updated_at?: number;
}

/** Whether an object has a tag. Konnect omits the tags of an object that has none, or lists them as null. */
export function hasTag({ tags }: Pick<Entity, 'tags'>, tag: string): boolean {
  return tags?.includes(tag) === true;
}

export interface ConsumerEntity extends Entity {
  readonly username?: string;
}

export interface KeyEntity extends Entity {
  readonly key: string;
  readonly consumer: { readonly id: string };
}

export interface GroupEntity extends Entity {
  readonly group: string;
  readonly consumer: { readonly id: string };
}

export interface CertificateEntity extends Entity {
  readonly cert: string;
}

/** A plugin and what it applies to: everything, unless it names something. */
export interface PluginEntity extends Entity {
  readonly name: string;
  readonly enabled?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly service?: { readonly id: string } | null;
  readonly route?: { readonly id: string } | null;
  readonly consumer?: { readonly id: string } | null;
  readonly consumer_group?: { readonly id: string } | null;
}

/** Objects per page: the maximum of Kong. */
const PAGE_SIZE = 1000;

/** Limit of pages, above that of any control plane. */
const MAX_PAGES = 1000;

/** Objects of one control plane. Secrets are sent only in bodies. */
export class Entities {
  readonly #base: string;

  public constructor(
    private readonly client: KonnectClient,
    public readonly controlPlane: Pick<ControlPlane, 'id' | 'name'>,
  ) {
    this.#base = path`/v2/control-planes/${controlPlane.id}/core-entities`;
  }

  /** Returns all objects of a kind, or those with a tag. */
  public async list<Type extends Entity>(kind: EntityKind, tag?: string): Promise<readonly Type[]> {
    const found: Type[] = [];
    let offset: string | null | undefined;
    const doing = `list ${kind} of control plane "${this.controlPlane.name}"`;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.client.send<{ data: readonly Type[]; offset?: string | null }>({
        doing,
        method: 'GET',
        host: 'region',
        path: `${this.#base}/${kind}`,
        expects: ['data'],
        query: {
          size: PAGE_SIZE,
          ...(tag === undefined ? {} : { tags: tag }),
          ...(typeof offset === 'string' ? { offset } : {}),
        },
      });
      requireList(doing, answer.data);
      found.push(...answer.data);
      if (answer.offset === undefined || answer.offset === null) return found;
      if (answer.offset === offset) break;
      offset = answer.offset;
    }
    throw new CommandError(ExitCode.failedState, `${doing}: the list does not end`, {
      remedy: 'run the command again, or report this to Kong',
    });
  }

  /** Returns the consumer of that name, whether ours or not, or undefined if it does not exist. */
  public async consumer(name: string): Promise<ConsumerEntity | undefined> {
    try {
      return await this.client.send<ConsumerEntity>({
        doing: `look up consumer "${name}"`,
        method: 'GET',
        host: 'region',
        path: this.#base + path`/consumers/${name}`,
      });
    } catch (error) {
      if (error instanceof KonnectError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Writes an object under an ID that the caller has chosen, so that the request can be repeated if the answer is lost. */
  public async put(doing: string, subpath: string, body: unknown): Promise<void> {
    await this.client.send({ doing, method: 'PUT', host: 'region', path: `${this.#base}/${subpath}`, body });
  }

  /** Deletes an object if it exists. */
  public async delete(doing: string, subpath: string): Promise<void> {
    try {
      await this.client.send({ doing, method: 'DELETE', host: 'region', path: `${this.#base}/${subpath}` });
    } catch (error) {
      if (!(error instanceof KonnectError) || error.status !== 404) throw error;
    }
  }
}
