import { notFound, omit, Refusal, text, type Answer, type Json } from './answers';
import type { Contract } from './contract';
import { configErrors, fillConfig, luaSchema } from './plugin-schema';
import { CREDENTIALS, ENTITY_SCHEMAS, KINDS, NESTED, OTHER_KINDS, type Nested } from './entity-kinds';
import type { Call, Handler } from './router';
import type { World } from './world';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const BASE = '/v2/control-planes/:controlPlaneId/core-entities';

/** Entities, by control plane. */
export class CoreEntities {
  readonly #all = new Map<string, Map<string, Map<string, Json>>>();

  public constructor(
    private readonly world: World,
    private readonly contract: Contract,
  ) {}

  /** The wire protocol of decK and of the Admin API. */
  public routes(): Record<string, Handler> {
    const kinds = [...Object.keys(KINDS), ...OTHER_KINDS];
    return {
      [`GET ${BASE}/v1/schemas/json/:entity`]: ({ params }) => entitySchema(params['entity'] ?? ''),
      [`GET ${BASE}/schemas/plugins/:plugin`]: ({ params }) => {
        const schema = luaSchema(params['plugin'] ?? '');
        if (schema === undefined) throw refusal(404, 'Not found');
        return { status: 200, body: schema };
      },
      [`GET ${BASE}/schemas/:entity`]: ({ params }) => luaEntitySchema(params['entity'] ?? ''),
      [`POST ${BASE}/schemas/:entity/validate`]: ({ params, body }) =>
        this.#validate(params['entity'] ?? '', body as Json),
      ...Object.assign({}, ...kinds.map((kind) => this.#routesOf(kind))),
      ...Object.assign({}, ...NESTED.map((nested) => this.#nestedRoutes(nested))),
    } as Record<string, Handler>;
  }

  /** Returns all entities of a kind. */
  public list(controlPlaneId: string, kind: string): Json[] {
    return [...this.#kind(controlPlaneId, kind).values()];
  }

  /** Returns all entities by control plane and kind, without fields that differ between runs. */
  public snapshot(controlPlaneId: string): Record<string, Json[]> {
    const kinds = [...(this.#all.get(controlPlaneId) ?? new Map<string, Map<string, Json>>())];
    return Object.fromEntries(
      kinds
        .filter(([, entities]) => entities.size > 0)
        .map(([kind, entities]) => [kind, [...entities.values()].map(withoutTimes)]),
    );
  }

  /** Deletes all entities of a control plane. */
  public drop(controlPlaneId: string): void {
    this.#all.delete(controlPlaneId);
  }

  #routesOf(kind: string): Record<string, Handler> {
    const find = (call: Call) => this.#find(controlPlaneOf(call), kind, call.params['id'] ?? '');
    return {
      [`GET ${BASE}/${kind}`]: (call) => list(this.#values(call, kind), call.query),
      [`POST ${BASE}/${kind}`]: (call) => ({
        status: 201,
        body: this.#write(call, kind, this.world.newId(), call.body as Json),
      }),
      [`GET ${BASE}/${kind}/:id`]: (call) => {
        const found = find(call);
        return found === undefined ? { status: 404 } : { status: 200, body: found };
      },
      [`PUT ${BASE}/${kind}/:id`]: (call) => ({
        status: 200,
        body: this.#write(call, kind, text(find(call)?.['id'] ?? call.params['id']), call.body as Json),
      }),
      [`DELETE ${BASE}/${kind}/:id`]: (call) => {
        const found = find(call);
        if (found !== undefined) this.#remove(controlPlaneOf(call), kind, found);
        return { status: 204 };
      },
    };
  }

  #nestedRoutes({ parent, field, name, kind }: Nested): Record<string, Handler> {
    const base = `${BASE}/${parent}/:parent/${name}`;
    const owner = (call: Call) => {
      const found = this.#find(controlPlaneOf(call), parent, call.params['parent'] ?? '');
      if (found === undefined) throw refusal(404, `${field} not found`);
      return { [field]: { id: found['id'] } };
    };
    return {
      [`GET ${base}`]: (call) => {
        const wanted = JSON.stringify(owner(call)[field]);
        return list(
          this.#values(call, kind).filter((entity) => JSON.stringify(entity[field]) === wanted),
          call.query,
        );
      },
      [`POST ${base}`]: (call) => ({
        status: 201,
        body: this.#write(call, kind, this.world.newId(), { ...(call.body as Json), ...owner(call) }),
      }),
      [`PUT ${base}/:id`]: (call) => ({
        status: 200,
        body: this.#write(call, kind, call.params['id'] ?? '', { ...(call.body as Json), ...owner(call) }),
      }),
      [`DELETE ${base}/:id`]: (call) => {
        this.#kind(controlPlaneOf(call), kind).delete(call.params['id'] ?? '');
        return { status: 204 };
      },
    };
  }

  #values(call: Call, kind: string): Json[] {
    const id = controlPlaneOf(call);
    if (!this.world.controlPlanes.has(id)) throw notFound('Control Plane');
    return this.list(id, kind);
  }

  #write(call: Call, kind: string, id: string, body: Json): Json {
    const controlPlaneId = controlPlaneOf(call);
    if (!this.world.controlPlanes.has(controlPlaneId)) throw notFound('Control Plane');
    const { unique = [], foreign = {}, defaults = {} } = KINDS[kind] ?? {};
    for (const [field, target] of Object.entries(foreign)) {
      const reference = (body[field] as Json | null | undefined)?.['id'];
      if (reference === undefined) continue;
      const id = text(reference);
      // decK sends a name that it finds in the file as it is
      if (!UUID.test(id)) throw refusal(400, `schema violation (${field}.id: expected a valid UUID)`);
      if (!this.#kind(controlPlaneId, target).has(id)) {
        throw refusal(400, `FOREIGN KEY violation: ${field} ${id} does not exist`);
      }
    }
    const entities = this.#kind(controlPlaneId, kind);
    for (const fields of unique) {
      const twin = [...entities.values()].find(
        (other) => other['id'] !== id && fields.some((field) => isSet(body[field])) && isTwin(fields, body, other),
      );
      if (twin !== undefined) throw refusal(409, `UNIQUE violation detected on ${fields.join(', ')}`);
    }
    const plugin = kind === 'plugins' ? this.#pluginConfig(body) : {};
    const seconds = Math.floor(this.world.now() / 1000);
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
    const { created_at = seconds } = entities.get(id) ?? {};
    const entity = {
      ...defaults,
      ...given,
      ...plugin,
      id,
      created_at,
      ...(isCredential(kind) ? {} : { updated_at: seconds }),
    };
    entities.set(id, entity);
    return entity;
  }

  #pluginConfig({ name, config }: Json): Json {
    const errors = configErrors(String(name), config as Json | undefined);
    if (errors.length > 0) throw refusal(400, `schema violation (${errors.join('; ')})`);
    return { config: fillConfig(String(name), config as Json | undefined) };
  }

  #remove(controlPlaneId: string, kind: string, { id }: Json): void {
    const leads = (field: string) => (entity: Json) => (entity[field] as Json | null | undefined)?.['id'] === id;
    if (kind === 'services' && this.list(controlPlaneId, 'routes').some(leads('service'))) {
      throw refusal(400, 'FOREIGN KEY violation: an existing route references this service');
    }
    const field = { services: 'service', routes: 'route', consumers: 'consumer', upstreams: 'upstream' }[kind];
    if (field !== undefined) {
      for (const dependent of ['plugins', 'key-auths', 'acls', 'targets']) {
        for (const entity of this.list(controlPlaneId, dependent).filter(leads(field))) {
          this.#kind(controlPlaneId, dependent).delete(String(entity['id']));
        }
      }
    }
    this.#kind(controlPlaneId, kind).delete(String(id));
  }

  #validate(endpoint: string, body: Json): Answer {
    const schema = Object.values(KINDS).find((kind) => kind.schema?.endpoint === endpoint)?.schema;
    const errors = (schema && this.contract.entityErrors(schema.name, body)) ?? [];
    if (endpoint === 'plugins') errors.push(...configErrors(String(body['name']), body['config'] as Json | undefined));
    if (errors.length > 0) throw refusal(400, `schema violation (${errors.join('; ')})`);
    return { status: 200, body: { message: 'schema validation successful' } };
  }

  #find(controlPlaneId: string, kind: string, idOrName: string): Json | undefined {
    const entities = this.#kind(controlPlaneId, kind);
    return (
      entities.get(idOrName) ??
      [...entities.values()].find((entity) => [entity['name'], entity['username']].includes(idOrName))
    );
  }

  #kind(controlPlaneId: string, kind: string): Map<string, Json> {
    const kinds = this.#all.get(controlPlaneId) ?? new Map<string, Map<string, Json>>();
    this.#all.set(controlPlaneId, kinds);
    const entities = kinds.get(kind) ?? new Map<string, Json>();
    kinds.set(kind, entities);
    return entities;
  }
}

/** Control planes on a page, unless the query says otherwise. */
const RUNTIME_GROUPS = 10;

/** Control planes, as decK looks them up. */
export function deckRoutes(world: World): Record<string, Handler> {
  return {
    'GET /konnect-api/api/runtime_groups': ({ query }) => {
      const size = Number(query.get('size') ?? RUNTIME_GROUPS);
      const page = Number(query.get('page') ?? 1);
      const all = [...world.controlPlanes.values()].map(({ id, fields }) => ({ id, name: fields['name'] }));
      return {
        status: 200,
        body: {
          data: all.slice((page - 1) * size, page * size),
          page,
          pageCount: Math.max(1, Math.ceil(all.length / size)),
        },
      };
    },
  };
}

/** Returns one page of the entities that have all requested tags. */
function list(entities: readonly Json[], query: URLSearchParams): Answer {
  const tags = query.get('tags')?.split(',') ?? [];
  const matching = entities.filter((entity) =>
    tags.every((tag) => (entity['tags'] as string[] | undefined)?.includes(tag) === true),
  );
  const size = Number(query.get('size') ?? 100);
  const start = Number(query.get('offset') ?? 0);
  const more = start + size < matching.length;
  return {
    status: 200,
    body: {
      data: matching.slice(start, start + size),
      ...(more ? { offset: String(start + size), next: `?offset=${String(start + size)}` } : {}),
    },
  };
}

function entitySchema(entity: string): Answer {
  const defaults = ENTITY_SCHEMAS[entity];
  if (defaults === undefined) throw refusal(404, 'no such schema');
  const properties = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: Array.isArray(value) ? 'array' : typeof value, default: value },
  ]);
  return { status: 200, body: { type: 'object', properties: Object.fromEntries(properties) as Json } };
}

/** The same defaults in the form of Kong's Lua sources. decK goes without for a kind that has none. */
function luaEntitySchema(entity: string): Answer {
  const defaults = KINDS[entity]?.defaults;
  if (defaults === undefined) throw refusal(404, 'Not found');
  const fields = Object.entries(defaults).map(([name, value]) => ({ [name]: { default: value } }));
  return { status: 200, body: { fields } };
}

/** Returns an error; decK reads `message` only. */
function refusal(status: number, message: string): Refusal {
  return new Refusal({
    status,
    headers: { 'content-type': 'application/json' },
    body: { code: 3, message, details: [] },
  });
}

function isTwin(fields: readonly string[], left: Json, right: Json): boolean {
  return fields.every((field) => JSON.stringify(left[field] ?? null) === JSON.stringify(right[field] ?? null));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isCredential(kind: string): boolean {
  return Object.values(CREDENTIALS).includes(kind);
}

function controlPlaneOf({ params }: Call): string {
  return params['controlPlaneId'] ?? '';
}

function withoutTimes(entity: Json): Json {
  return omit(entity, 'created_at', 'updated_at');
}
