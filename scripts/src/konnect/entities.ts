// https://developer.konghq.com/api/konnect/control-planes-config/v2/
import { CommandError, ExitCode } from '../program/exit-codes';
import { KonnectError, path, type ControlPlane, type KonnectClient } from './index';

/** Kinds of objects, as their lists are called. */
export type EntityKind = 'consumers' | 'key-auths' | 'acls' | 'services' | 'plugins';

/** An object of Kong's, as far as it is looked into. */
export interface Entity {
  readonly id: string;
  readonly tags?: readonly string[] | null;
  readonly created_at?: number;
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

/** Objects on a page; the most that Kong gives. */
const PAGE_SIZE = 1000;

/** More pages than any control plane has. */
const MAX_PAGES = 1000;

/** Objects of one control plane. Secrets travel in bodies alone. */
export class Entities {
  readonly #base: string;

  public constructor(
    private readonly client: KonnectClient,
    public readonly controlPlane: Pick<ControlPlane, 'id' | 'name'>,
  ) {
    this.#base = path`/v2/control-planes/${controlPlane.id}/core-entities`;
  }

  /** All objects of a kind, or those with a tag. */
  public async list<Type extends Entity>(kind: EntityKind, tag?: string): Promise<readonly Type[]> {
    const found: Type[] = [];
    let offset: string | null | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.client.send<{ data: readonly Type[]; offset?: string | null }>({
        doing: `list ${kind} of control plane "${this.controlPlane.name}"`,
        method: 'GET',
        host: 'region',
        path: `${this.#base}/${kind}`,
        query: {
          size: PAGE_SIZE,
          ...(tag === undefined ? {} : { tags: tag }),
          ...(typeof offset === 'string' ? { offset } : {}),
        },
      });
      found.push(...answer.data);
      if (answer.offset === undefined || answer.offset === null || answer.offset === offset) return found;
      offset = answer.offset;
    }
    throw new CommandError(ExitCode.failedState, `the list of ${kind} has no end`, {
      remedy: 'report this to Kong, or try again',
    });
  }

  /** A consumer by its name, whoever made it; undefined where there is none. */
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

  /** Writes an object under an id of our own: so it can be sent again when the answer was lost. */
  public async put(doing: string, where: string, body: unknown): Promise<void> {
    await this.client.send({ doing, method: 'PUT', host: 'region', path: `${this.#base}/${where}`, body });
  }

  /** Deletes an object; that it isn't there any more is as good. */
  public async delete(doing: string, where: string): Promise<void> {
    try {
      await this.client.send({ doing, method: 'DELETE', host: 'region', path: `${this.#base}/${where}` });
    } catch (error) {
      if (!(error instanceof KonnectError) || error.status !== 404) throw error;
    }
  }
}
