import { UsageError } from '../program/errors';
import type { KonnectClient, KonnectRequest } from './konnect-client';
import { KonnectError } from './konnect-error';

/** How often a creation of unknown outcome is looked up and tried again. */
const CREATE_ATTEMPTS = 5;

/** A field that can't be changed after creation. */
export interface ImmutableField {
  readonly field: string;
  readonly have: unknown;
  readonly want: unknown;
}

/** Throws CommandError (exit code 2) that names each field that differs, unless there is none. Lists are compared as sets. */
export function assertUnchanged(subject: string, fields: readonly ImmutableField[], remedy: string): void {
  const changed = fields.filter(({ have, want }) => canonical(have) !== canonical(want));
  if (changed.length === 0) return;
  const list = changed.map(
    ({ field, have, want }) => `${field}: have ${JSON.stringify(have)}, want ${JSON.stringify(want)}`,
  );
  throw new UsageError(`${subject} exists with other values that can not be changed (${list.join('; ')})`, { remedy });
}

/** Whether two values say the same; the order of lists and keys does not matter. */
export function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
    return `{${entries
      .map(([key, inner]) => `${key}:${canonical(inner)}`)
      .sort()
      .join(',')}}`;
  }
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

/** Throws CommandError (exit code 2) when a name does not lead to one object. */
export function onlyOne<Object extends { readonly id: string }>(
  subject: string,
  found: readonly Object[],
): Object | undefined {
  if (found.length > 1) {
    throw new UsageError(`there are ${String(found.length)} of ${subject} (${found.map(({ id }) => id).join(', ')})`, {
      remedy: 'delete or rename all but one',
    });
  }
  return found[0];
}

/** How something that may be there already is created. */
export interface Creation<Object> {
  readonly find: () => Promise<Object | undefined>;
  readonly create: () => Promise<Object>;
  /**
   * Called when the name is taken, yet nothing usable has it; resolves when another attempt makes sense, throws when none does.
   * @default throws what Konnect said
   */
  readonly onTaken?: (error: KonnectError) => Promise<void>;
}

/**
 * Creates it; where the answer is lost, or says that it is there, looks it up before anything else. So there is never a second one.
 * Throws KonnectError.
 */
export async function createOnce<Object>(client: KonnectClient, creation: Creation<Object>): Promise<Object> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await creation.create();
    } catch (error) {
      if (!(error instanceof KonnectError) || !(error.outcomeUnknown || error.status === 409)) throw error;
      const found = await creation.find();
      if (found !== undefined) return found;
      if (attempt >= CREATE_ATTEMPTS) throw error;
      if (error.status === 409) {
        if (creation.onTaken === undefined) throw error;
        await creation.onTaken(error);
      } else {
        await client.clock.sleep(2 ** attempt * 1000, client.signal);
      }
    }
  }
}

/** Deletes something; that it is not there any more is as good. Throws KonnectError. */
export async function deleteIfThere(
  client: KonnectClient,
  call: Pick<KonnectRequest, 'doing' | 'host' | 'path'>,
): Promise<void> {
  try {
    await client.send({ ...call, method: 'DELETE' });
  } catch (error) {
    if (!(error instanceof KonnectError) || error.status !== 404) throw error;
  }
}
