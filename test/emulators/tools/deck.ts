// https://developer.konghq.com/deck/ — diff and sync, for the kinds of entities in our files.
import { readFileSync } from 'node:fs';
import { parseYamlOnce } from '../../support/parse-yaml-once';
import { entitiesOf, KINDS, requireControlPlane, type DeckEntity, type Json } from './deck-state';
import { answer, failure, option, type ToolAnswer, type ToolCall } from './state';

const OF_CONSUMERS = ['consumer', 'key-auth', 'acl-group'];

/** Seconds between attempts of a request that exceeds the limit, unless Konnect asks for others. */
const BACKOFF = [10, 20, 40, 60, 60, 60, 60, 60, 60, 60];
/** Seconds between attempts of an event that failed with status 500. It writes nothing yet. */
const EVENT_BACKOFF = [1, 3, 9, 27];

/** What decK needs of the world. */
interface Site {
  readonly fetch: typeof globalThis.fetch;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** decK, connected to Konnect at the given address. */
export async function deck({ args, env }: ToolCall, site: Site): Promise<ToolAnswer> {
  if (args[0] === 'version') return answer('decK v1.65.1 (0a1b2c3)');
  const [group, command = '', file = ''] = args;
  if (group !== 'gateway' || !['diff', 'sync'].includes(command)) return failure(`Error: unknown command "${command}"`);
  try {
    const state = parseYamlOnce(render(readFileSync(file, 'utf8'), env)) as Json;
    requireControlPlane(state, option(args, '--konnect-control-plane-name') ?? 'default');
    const session = await Session.open(args, env, site);
    const skipsConsumers = args.includes('--skip-consumers');
    const wanted = entitiesOf(state, skipsConsumers);
    const plan = await session.plan(wanted.entities, wanted.tags, skipsConsumers);
    const errors = await session.schemaErrors(plan);
    if (command === 'sync') {
      if (errors.length > 0) throw new Error(listed(errors));
      await session.carryOut(plan);
    }
    return answer(report(errors.length > 0 ? NOTHING : plan, workersOf(args), errors));
  } catch (error) {
    return failure(`Error: ${messageOf(error)}`);
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
    private readonly site: Site,
    private readonly base: string,
    private readonly token: string,
  ) {}

  public static async open(args: readonly string[], env: ToolCall['env'], site: Site): Promise<Session> {
    const address = option(args, '--konnect-addr') ?? 'https://us.api.konghq.com';
    const name = option(args, '--konnect-control-plane-name') ?? 'default';
    const token = env['DECK_KONNECT_TOKEN'] ?? '';
    const lookup = new Session(site, address, token);
    const found = await lookup.find(name);
    if (found === undefined) throw new Error(`control plane not found: ${name}`);
    return new Session(site, `${address}/v2/control-planes/${String(found['id'])}/core-entities`, token);
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
      for (const name of new Set(plugins.map(({ body }) => String(body['name'])))) await this.schema(name);
      return [];
    } catch (error) {
      return [`while processing event: ${messageOf(error)}`];
    }
  }

  public async carryOut({ creating, updating, deleting }: Plan): Promise<void> {
    for (const entity of creating) await this.write('Create', 'PUT', entity);
    for (const entity of updating) await this.write('Update', 'PUT', entity);
    for (const entity of deleting) await this.write('Delete', 'DELETE', entity);
  }

  private async schema(plugin: string): Promise<unknown> {
    for (const seconds of EVENT_BACKOFF) {
      try {
        return await this.send('GET', `/schemas/plugins/${plugin}`);
      } catch (error) {
        if (!messageOf(error).startsWith('HTTP status 500 ')) throw error;
        await this.site.sleep(seconds);
      }
    }
    return this.send('GET', `/schemas/plugins/${plugin}`);
  }

  private async write(verb: string, method: string, { kind, name, path, body }: DeckEntity): Promise<void> {
    try {
      await this.send(method, `/${path}`, method === 'PUT' ? body : undefined);
    } catch (error) {
      const cause = `while processing event: ${verb} ${kind} ${name} failed: ${messageOf(error)}`;
      throw new Error(listed([cause]), { cause: error });
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
    const response = await this.attempt(method, path, body);
    const text = await response.text();
    if (response.status >= 400) throw new Error(`HTTP status ${String(response.status)} (message: ${messageIn(text)})`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Repeats a request that exceeds the limit, and no other. */
  private async attempt(method: string, path: string, body: Json | undefined): Promise<Response> {
    const url = this.base + path;
    const request = `${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}"`;
    for (const seconds of [...BACKOFF, undefined]) {
      const response = await this.site
        .fetch(url, {
          method,
          headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        .catch((cause: unknown) => {
          const why = `making HTTP request: ${request}: ${method} ${url} giving up after 1 attempt(s): ${request}: EOF`;
          throw new Error(why, { cause });
        });
      if (response.status !== 429) return response;
      const asked = Number(response.headers.get('retry-after') ?? Number.NaN);
      if (seconds !== undefined) await this.site.sleep(Number.isNaN(asked) ? seconds : asked);
    }
    throw new Error(`making HTTP request: ${request}: ${method} ${url} giving up after 11 attempt(s)`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
