// https://developer.konghq.com/deck/reference/entities/ — a state file of decK as the entities that it wants.
import { createHash } from 'node:crypto';

export type Json = Record<string, unknown>;

/** An entity of a state file. */
export interface DeckEntity {
  readonly kind: string;
  /** List that contains it, and path that it is written to. */
  readonly list: string;
  readonly path: string;
  /** Name in plans and errors. */
  readonly name: string;
  readonly id: string;
  readonly body: Json;
}

/** Kinds in the order in which they are written; they are deleted in reverse. */
export const KINDS: readonly (readonly [kind: string, list: string])[] = [
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

/** Fields of a plugin that name what it applies to, and the kinds that they name. */
const SCOPES = [
  ['service', 'service'],
  ['route', 'route'],
  ['consumer', 'consumer'],
  ['consumer_group', 'consumer-group'],
] as const;

/** Returns the entities of a state file, with its tags. Without consumers, plugins for them are left out at the top level only. */
export function entitiesOf(state: Json, skipsConsumers: boolean): { entities: DeckEntity[]; tags: string[] } {
  const tags = ((state['_info'] as Json | undefined)?.['select_tags'] as string[] | undefined) ?? [];
  const file = new StateFile(tags);
  many(state, 'ca_certificates').forEach((certificate) =>
    file.add('ca-certificate', textOf(certificate['id']), certificate),
  );
  many(state, 'upstreams').forEach((upstream) => file.addUpstream(upstream));
  const services = many(state, 'services');
  for (const service of services) {
    const id = file.add('service', nameOf(service), without(service, 'routes', 'plugins'));
    many(service, 'routes').forEach((route) => file.addRoute({ ...route, service: { id } }));
  }
  const routes = many(state, 'routes');
  routes.forEach((route) => file.addRoute(route));
  many(state, 'consumers').forEach((consumer) => file.addConsumer(consumer));
  for (const service of services)
    many(service, 'plugins').forEach((plugin) => file.addPlugin({ ...plugin, service: nameOf(service) }));
  for (const route of [...services.flatMap((service) => many(service, 'routes')), ...routes])
    many(route, 'plugins').forEach((plugin) => file.addPlugin({ ...plugin, route: nameOf(route) }));
  many(state, 'plugins')
    .filter(({ consumer, consumer_group: group }) => !skipsConsumers || (consumer === undefined && group === undefined))
    .forEach((plugin) => file.addPlugin(plugin));
  return { entities: file.entities, tags };
}

/** Throws for a file that was dumped from another control plane. */
export function requireControlPlane(state: Json, name: string): void {
  const found = (state['_konnect'] as Json | undefined)?.['control_plane_name'];
  if (found === undefined || found === name) return;
  throw new Error(
    `warning: control plane '${name}' specified via --konnect-[control-plane|runtime-group]-name flag is different from '${textOf(found)}' found in state file(s)`,
  );
}

class StateFile {
  public readonly entities: DeckEntity[] = [];

  public constructor(private readonly tags: readonly string[]) {}

  /** Returns the ID. */
  public add(
    kind: string,
    key: string,
    { id: given, ...body }: Json,
    { path, name = key }: { readonly path?: (id: string) => string; readonly name?: string } = {},
  ): string {
    const list = KINDS.find(([known]) => known === kind)?.[1] ?? kind;
    const id = typeof given === 'string' ? given : idOf(`${kind} ${key}`);
    this.entities.push({
      kind,
      list,
      path: path?.(id) ?? `${list}/${id}`,
      name,
      id,
      body: { ...body, tags: this.tags },
    });
    return id;
  }

  public addUpstream(upstream: Json): void {
    const id = this.add('upstream', nameOf(upstream), without(upstream, 'targets'));
    for (const target of many(upstream, 'targets')) {
      const path = (own: string) => `upstreams/${id}/targets/${own}`;
      this.add('target', `${textOf(target['target'])} for upstream ${nameOf(upstream)}`, target, { path });
    }
  }

  public addRoute(route: Json): void {
    this.add('route', nameOf(route), without(route, 'plugins'));
  }

  public addConsumer(consumer: Json): void {
    const name = textOf(consumer['username']);
    const id = this.add('consumer', name, without(consumer, 'keyauth_credentials', 'acls'));
    for (const credential of many(consumer, 'keyauth_credentials')) {
      const key = textOf(credential['key']);
      const path = (own: string) => `consumers/${id}/key-auth/${own}`;
      this.add('key-auth', `${key} for consumer ${name}`, credential, {
        path,
        name: `${key.slice(-5)} for consumer ${name}`,
      });
    }
    for (const acl of many(consumer, 'acls')) {
      const path = (own: string) => `consumers/${id}/acls/${own}`;
      this.add('acl-group', `${textOf(acl['group'])} for consumer ${name}`, acl, { path });
    }
  }

  /** Names of other entities become their IDs. A name that the file does not contain is sent as an ID. */
  public addPlugin(plugin: Json): void {
    const scopes = SCOPES.flatMap(([field, kind]) => {
      const name = plugin[field];
      return typeof name === 'string' ? [{ field, name, kind, id: this.idOf(kind, name) }] : [];
    });
    const where = scopes.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
    const references = Object.fromEntries(scopes.map(({ field, id }) => [field, { id }]));
    this.add('plugin', `${nameOf(plugin)} ${where === '' ? '(global)' : `for ${where}`}`, { ...plugin, ...references });
  }

  private idOf(kind: string, name: string): string {
    return this.entities.find((entity) => entity.kind === kind && entity.name === name)?.id ?? name;
  }
}

function many(from: Json, key: string): readonly Json[] {
  return (from[key] as readonly Json[] | undefined) ?? [];
}

function nameOf(entity: Json): string {
  return textOf(entity['name']);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function without(entity: Json, ...fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(entity).filter(([field]) => !fields.includes(field)));
}

function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
