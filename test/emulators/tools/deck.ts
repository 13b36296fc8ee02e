// https://developer.konghq.com/deck/ — diff and sync, for the kinds of entities in our files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { answer, failure, option, type ToolAnswer, type ToolCall } from './state';

type Json = Record<string, unknown>;

interface DeckEntity {
  readonly kind: string;
  /** List that contains it, and path that it is written to. */
  readonly list: string;
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly body: Json;
}

/** Kinds in the order in which they are written; they are deleted in reverse. */
const KINDS: readonly (readonly [kind: string, list: string])[] = [
  ['ca-certificate', 'ca_certificates'],
  ['consumer', 'consumers'],
  ['service', 'services'],
  ['upstream', 'upstreams'],
  ['key-auth', 'key-auths'],
  ['acl-group', 'acls'],
  ['route', 'routes'],
  ['target', 'targets'],
  ['plugin', 'plugins'],
];

const OF_CONSUMERS = ['consumer', 'key-auth', 'acl-group'];

/** decK, connected to Konnect at the given address. */
export async function deck({ args, env }: ToolCall, fetch: typeof globalThis.fetch): Promise<ToolAnswer> {
  if (args[0] === 'version') return answer('decK v1.64.0 (0a1b2c3)');
  const [, command, file = ''] = args;
  try {
    const session = await Session.open(args, env, fetch);
    const wanted = entitiesOf(parse(render(readFileSync(file, 'utf8'), env)) as Json);
    const plan = await session.plan(wanted.entities, wanted.tags, args.includes('--skip-consumers'));
    const errors = await session.schemaErrors(plan);
    if (command === 'sync') {
      if (errors.length > 0) throw new Error(listed(errors));
      await session.carryOut(plan);
    }
    return answer(report(errors.length > 0 ? NOTHING : plan, workersOf(args), errors));
  } catch (error) {
    return failure(`Error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Plan {
  readonly creating: readonly DeckEntity[];
  readonly updating: readonly DeckEntity[];
  readonly deleting: readonly DeckEntity[];
}

const NOTHING: Plan = { creating: [], updating: [], deleting: [] };

class Session {
  private constructor(
    private readonly fetch: typeof globalThis.fetch,
    private readonly base: string,
    private readonly token: string,
  ) {}

  public static async open(
    args: readonly string[],
    env: ToolCall['env'],
    fetch: typeof globalThis.fetch,
  ): Promise<Session> {
    const address = option(args, '--konnect-addr') ?? 'https://us.api.konghq.com';
    const name = option(args, '--konnect-control-plane-name') ?? 'default';
    const token = env['DECK_KONNECT_TOKEN'] ?? '';
    const lookup = new Session(fetch, address, token);
    const found = await lookup.find(name);
    if (found === undefined) throw new Error(`control plane not found: ${name}`);
    return new Session(fetch, `${address}/v2/control-planes/${String(found['id'])}/core-entities`, token);
  }

  private async find(name: string): Promise<Json | undefined> {
    for (let number = 1; ; number += 1) {
      const path = `/konnect-api/api/runtime_groups?page=${String(number)}&size=100`;
      const { data, pageCount } = (await this.send('GET', path)) as { data: Json[]; pageCount: number };
      const found = data.find((candidate) => candidate['name'] === name);
      if (found !== undefined || number >= pageCount) return found;
    }
  }

  public async plan(wanted: readonly DeckEntity[], tags: readonly string[], skipConsumers: boolean): Promise<Plan> {
    const plan = { creating: [] as DeckEntity[], updating: [] as DeckEntity[], deleting: [] as DeckEntity[] };
    for (const [kind, list] of KINDS) {
      if (skipConsumers && OF_CONSUMERS.includes(kind)) continue;
      const there = await this.list(list, tags);
      const ofKind = wanted.filter((entity) => entity.kind === kind);
      for (const entity of ofKind) {
        const current = there.find(({ id }) => id === entity.id);
        if (current === undefined) plan.creating.push(entity);
        else if (!covers(current, entity.body)) plan.updating.push(entity);
      }
      for (const current of there.filter(({ id }) => !ofKind.some((entity) => entity.id === id))) {
        plan.deleting.unshift(existing(kind, list, current));
      }
    }
    return plan;
  }

  /** Reads the schema of each plugin that is about to change. A failure ends the plan, which then lists less than there is. */
  public async schemaErrors({ creating, updating }: Plan): Promise<string[]> {
    const plugins = [...creating, ...updating].filter(({ kind }) => kind === 'plugin');
    try {
      for (const name of new Set(plugins.map(({ body }) => String(body['name'])))) {
        await this.send('GET', `/schemas/plugins/${name}`);
      }
      return [];
    } catch (error) {
      return [`while processing event: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  public async carryOut({ creating, updating, deleting }: Plan): Promise<void> {
    try {
      for (const { path, body } of [...creating, ...updating]) await this.send('PUT', `/${path}`, body);
      for (const { path } of deleting) await this.send('DELETE', `/${path}`);
    } catch (error) {
      throw new Error(listed([`while processing event: ${error instanceof Error ? error.message : String(error)}`]), {
        cause: error,
      });
    }
  }

  private async list(list: string, tags: readonly string[]): Promise<Json[]> {
    if (list === 'targets') return this.targets(tags);
    const query = tags.length === 0 ? '' : `&tags=${tags.join(',')}`;
    return ((await this.send('GET', `/${list}?size=1000${query}`)) as { data: Json[] }).data;
  }

  /** Lists targets, which are grouped by upstream. */
  private async targets(tags: readonly string[]): Promise<Json[]> {
    const found: Json[] = [];
    for (const { id } of await this.list('upstreams', tags)) {
      const { data } = (await this.send('GET', `/upstreams/${String(id)}/targets?size=1000`)) as { data: Json[] };
      found.push(...data.map((target) => ({ ...target, upstream: { id } })));
    }
    return found;
  }

  private async send(method: string, path: string, body?: Json): Promise<unknown> {
    const response = await this.fetch(this.base + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 400) throw new Error(`HTTP status ${String(response.status)} (message: ${messageIn(text)})`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** Errors as decK prints them at its end. */
function listed(errors: readonly string[]): string {
  return `${String(errors.length)} errors occurred:\n${errors.map((error) => `\t${error}\n`).join('')}`;
}

/** What decK shows of a body: its `message`, quoted, or why it could not read it. */
function messageIn(text: string): string {
  try {
    return JSON.stringify((JSON.parse(text) as { message?: string }).message ?? '');
  } catch (error) {
    return JSON.stringify(`<failed to parse response body: ${String(error)}>`);
  }
}

/** Inserts the values of DECK_ variables before the YAML is parsed. */
function render(text: string, env: ToolCall['env']): string {
  return text
    .split('\n')
    .map((line) =>
      /^\s*#/.test(line)
        ? line
        : line.replace(/\$\{\{ env "(DECK_\w+)"( \| indent (\d+))? \}\}/g, (_, name: string, __, indent?: string) => {
            const value = env[name];
            if (value === undefined)
              throw new Error(`environment variable '${name}' present in state file but not set`);
            return indent === undefined ? value : value.trimEnd().replaceAll('\n', `\n${' '.repeat(Number(indent))}`);
          }),
    )
    .join('\n');
}

function entitiesOf(state: Json): { entities: DeckEntity[]; tags: string[] } {
  const tags = ((state['_info'] as Json | undefined)?.['select_tags'] as string[] | undefined) ?? [];
  const entities: DeckEntity[] = [];
  const add = (kind: string, key: string, body: Json, path?: (id: string) => string): string => {
    const list = KINDS.find(([known]) => known === kind)?.[1] ?? kind;
    const id = typeof body['id'] === 'string' ? body['id'] : idOf(`${kind} ${key}`);
    const rest = Object.fromEntries(Object.entries(body).filter(([field]) => field !== 'id'));
    entities.push({ kind, list, path: path?.(id) ?? `${list}/${id}`, name: key, id, body: { ...rest, tags } });
    return id;
  };
  const many = (from: Json, key: string) => (from[key] as Json[] | undefined) ?? [];
  for (const certificate of many(state, 'ca_certificates'))
    add('ca-certificate', String(certificate['id']), certificate);
  for (const { targets, ...upstream } of many(state, 'upstreams')) {
    const id = add('upstream', String(upstream['name']), upstream);
    for (const target of (targets as Json[] | undefined) ?? [])
      add('target', String(target['target']), target, (own) => `upstreams/${id}/targets/${own}`);
  }
  for (const { routes, plugins, ...service } of many(state, 'services')) {
    const name = String(service['name']);
    const { ca_certificates, ...rest } = service;
    const id = add('service', name, { ...rest, ca_certificates });
    for (const plugin of (plugins as Json[] | undefined) ?? [])
      add('plugin', `${name} ${String(plugin['name'])}`, { ...plugin, service: { id } });
    for (const { plugins: ofRoute, ...route } of (routes as Json[] | undefined) ?? []) {
      const routeId = add('route', String(route['name']), { ...route, service: { id } });
      for (const plugin of (ofRoute as Json[] | undefined) ?? [])
        add('plugin', `${String(route['name'])} ${String(plugin['name'])}`, { ...plugin, route: { id: routeId } });
    }
  }
  for (const { keyauth_credentials: keys, acls, ...consumer } of many(state, 'consumers')) {
    const name = String(consumer['username']);
    const id = add('consumer', name, consumer);
    for (const key of (keys as Json[] | undefined) ?? [])
      add(
        'key-auth',
        `${String(key['key']).slice(-5)} for consumer ${name}`,
        key,
        (own) => `consumers/${id}/key-auth/${own}`,
      );
    for (const acl of (acls as Json[] | undefined) ?? [])
      add('acl-group', String(acl['group']), acl, (own) => `consumers/${id}/acls/${own}`);
  }
  return { entities, tags };
}

function existing(kind: string, list: string, entity: Json): DeckEntity {
  const id = String(entity['id']);
  const consumer = (entity['consumer'] as Json | undefined)?.['id'];
  const under = kind === 'key-auth' ? 'key-auth' : kind === 'acl-group' ? 'acls' : undefined;
  const upstream = (entity['upstream'] as Json | undefined)?.['id'];
  const nested = under === undefined ? `${list}/${id}` : `consumers/${String(consumer)}/${under}/${id}`;
  const path = kind === 'target' ? `upstreams/${String(upstream)}/targets/${id}` : nested;
  return {
    kind,
    list,
    path,
    name: [entity['name'], entity['username']].find((name) => typeof name === 'string') ?? id,
    id,
    body: entity,
  };
}

/** Returns whether the entity already has all wanted fields; it may have defaults that Kong added. */
function covers(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(current) &&
      wanted.length === current.length &&
      wanted.every((item, index) => covers(current[index], item))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    return Object.entries(wanted).every(([key, value]) => covers((current as Json | null | undefined)?.[key], value));
  }
  return (current ?? null) === (wanted ?? null);
}

/** Returns the number of workers that list or perform the plan. */
function workersOf(args: readonly string[]): number {
  return Number(option(args, '--parallelism') ?? 10);
}

/**
 * Lists changes as decK does: workers append to the list without a lock, but count correctly. The real decK loses an entry
 * in a few of a hundred runs; this one loses the last of each list in every run with several workers.
 * @see https://github.com/Kong/go-database-reconciler/blob/v1.42.0/pkg/diff/diff.go
 */
function report({ creating, updating, deleting }: Plan, workers: number, errors: readonly string[]) {
  const shown = (entities: readonly DeckEntity[]) =>
    (workers > 1 && entities.length > 1 ? entities.slice(0, -1) : entities).map(({ kind, name, body }) => ({
      kind,
      name,
      body,
    }));
  return {
    changes: { creating: shown(creating), updating: shown(updating), deleting: shown(deleting) },
    summary: {
      creating: creating.length,
      updating: updating.length,
      deleting: deleting.length,
      total: creating.length + updating.length + deleting.length,
    },
    warnings: [],
    errors,
  };
}

function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
