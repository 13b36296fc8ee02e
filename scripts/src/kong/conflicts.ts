// https://developer.konghq.com/deck/gateway/tags/
import { KONG_CONFIG_TAG, KONG_CONSUMERS_TAG } from '@org/ollama-eks/pure';
import { CommandError, ExitCode } from '../program/exit-codes';
import {
  hasTag,
  type CertificateEntity,
  type Entities,
  type Entity,
  type EntityKind,
  type PluginEntity,
} from '../konnect/entities';
import type { StateFile } from './state-file';

/** An object with the name of one in the file, but without its tag: decK does not see it, and fails when it creates its own. */
export interface Conflict {
  readonly kind: EntityKind;
  readonly noun: string;
  readonly entity: Entity & { readonly name?: string; readonly username?: string };
}

/** Kinds whose names must be unique, in the configuration. */
const NAMED = { services: 'service', routes: 'route', upstreams: 'upstream' } as const;

/** Finds the conflicts of a file with objects in Kong, without writing anything. */
export async function findConflicts(entities: Entities, file: StateFile): Promise<readonly Conflict[]> {
  return file.kind === 'consumers' ? consumerConflicts(entities, file) : configurationConflicts(entities, file);
}

/** Throws CommandError (exit code 6) with every conflict: a sync would fail after it has written part of the file. */
export function requireNoConflicts(conflicts: readonly Conflict[], { kind }: Pick<StateFile, 'kind'>): void {
  if (conflicts.length === 0) return;
  const tag = kind === 'consumers' ? KONG_CONSUMERS_TAG : KONG_CONFIG_TAG;
  throw new CommandError(
    ExitCode.failedState,
    `Kong already has objects with names of the ${kind} file, without its tag ${tag}: ${conflicts.map(describeConflict).join(', ')}`,
    {
      remedy:
        kind === 'consumers'
          ? 'rename or delete them, or remove them from the file; `ollama-eks consumers remove NAME` deletes a team'
          : 'take them over with `ollama-eks kong adopt`, or rename or delete them',
    },
  );
}

/** Reference of a state file to the environment: `${{ env "DECK_OLLAMA_CA_CERTIFICATE" | indent 6 }}`. */
const VARIABLE = /\$\{\{\s*env\s+"(\w+)"/;

/**
 * Throws CommandError (exit code 6) if Kong has a CA certificate of the file under another ID: it accepts each certificate once. Services
 * refer to it by its ID, so that it cannot be adopted.
 */
export async function requireNoTwinCertificates(
  entities: Entities,
  { certificates }: Pick<StateFile, 'certificates'>,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  if (certificates.length === 0) return;
  const wanted = new Map(
    certificates.map(({ id, cert }) => [(environment[VARIABLE.exec(cert)?.[1] ?? ''] ?? cert).trim(), id]),
  );
  const twins = (await entities.list<CertificateEntity>('ca_certificates')).filter((entity) => {
    const cert = entity.cert.trim();
    return wanted.has(cert) && wanted.get(cert) !== entity.id && !hasTag(entity, KONG_CONFIG_TAG);
  });
  if (twins.length === 0) return;
  throw new CommandError(
    ExitCode.failedState,
    `Kong already has a CA certificate of the file (${twins.map(({ id }) => id).join(', ')}), without its tag ${KONG_CONFIG_TAG}, and accepts it once`,
    { remedy: 'remove it from the services that use it, and delete it; the sync creates it again' },
  );
}

/** `service ollama (1f2e…)` */
export function describeConflict({ noun, entity }: Conflict): string {
  return `${noun} ${entity.name ?? entity.username ?? 'without a name'} (${entity.id})`;
}

/** Gives the objects the tag of the configuration, in addition to their own. The next sync makes them equal to the file. */
export async function adopt(entities: Entities, conflicts: readonly Conflict[]): Promise<void> {
  for (const conflict of conflicts) {
    const { kind, entity } = conflict;
    const body = { ...entity, tags: [...(entity.tags ?? []), KONG_CONFIG_TAG] };
    await entities.put(`adopt ${describeConflict(conflict)}`, `${kind}/${encodeURIComponent(entity.id)}`, body);
  }
}

async function consumerConflicts(entities: Entities, { consumers }: StateFile): Promise<readonly Conflict[]> {
  const existing = await entities.list<Conflict['entity']>('consumers');
  return existing
    .filter((entity) => consumers.includes(entity.username ?? '') && !hasTag(entity, KONG_CONSUMERS_TAG))
    .map((entity) => ({ kind: 'consumers', noun: 'consumer', entity }));
}

async function configurationConflicts(entities: Entities, { names, plugins }: StateFile): Promise<readonly Conflict[]> {
  const found: Conflict[] = [];
  const known = new Map<string, string>(); // names of objects of the file, by ID
  for (const [kind, noun] of Object.entries(NAMED) as [keyof typeof NAMED, string][]) {
    for (const entity of await entities.list<Conflict['entity']>(kind)) {
      const { id, name } = entity;
      if (name === undefined || !names[kind].includes(name)) continue;
      known.set(id, name);
      if (!hasTag(entity, KONG_CONFIG_TAG)) found.push({ kind, noun, entity });
    }
  }
  for (const entity of await entities.list<PluginEntity>('plugins')) {
    if (hasTag(entity, KONG_CONFIG_TAG) || isSet(entity.consumer) || isSet(entity.consumer_group)) continue;
    const isTwin = plugins.some(
      ({ plugin, service, route }) =>
        plugin === entity.name && refersTo(entity.service, service, known) && refersTo(entity.route, route, known),
    );
    if (isTwin) found.push({ kind: 'plugins', noun: 'plugin', entity });
  }
  return found;
}

/** Whether a plugin's reference is to the object of that name, or is absent if there is no name. */
function refersTo(
  reference: PluginEntity['service'],
  name: string | undefined,
  known: ReadonlyMap<string, string>,
): boolean {
  if (!isSet(reference)) return name === undefined;
  return name !== undefined && known.get(reference.id) === name;
}

function isSet<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}
