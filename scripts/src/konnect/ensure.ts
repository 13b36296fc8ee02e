import { UsageError } from '../program/errors';
import type { KonnectClient, KonnectRequest } from './konnect-client';
import { KonnectError } from './konnect-error';

/** Maximum number of attempts to create an object when the outcome is unknown. */
const CREATE_ATTEMPTS = 5;

/** A field that cannot be changed after creation. */
export interface ImmutableField {
  readonly field: string;
  readonly have: unknown;
  readonly want: unknown;
}

/** Throws CommandError (exit code 2) with every field that differs. Lists are compared as sets. */
export function assertUnchanged(subject: string, fields: readonly ImmutableField[], remedy: string): void {
  const changed = fields.filter(({ have, want }) => canonical(have) !== canonical(want));
  if (changed.length === 0) return;
  const list = changed.map(
    ({ field, have, want }) => `${field}: have ${JSON.stringify(have)}, want ${JSON.stringify(want)}`,
  );
  throw new UsageError(`${subject} exists with different values that cannot be changed (${list.join('; ')})`, {
    remedy,
  });
}

/** Whether two values are equal, regardless of the order of lists and keys. */
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

/** Returns the only object of a name, or undefined. Throws CommandError (exit code 2) if several have it. */
export function onlyOne<Object extends { readonly id: string }>(
  subject: string,
  found: readonly Object[],
): Object | undefined {
  if (found.length > 1) {
    throw new UsageError(`${subject} exists ${String(found.length)} times (${found.map(({ id }) => id).join(', ')})`, {
      remedy: 'delete or rename all but one',
    });
  }
  return found[0];
}

/** How an object is created that may already exist. */
export interface Creation<Object> {
  readonly find: () => Promise<Object | undefined>;
  readonly create: () => Promise<Object>;
  /**
   * Called if the name is taken but no usable object has it. Resolves if another attempt makes sense, throws otherwise.
   * @default - throws the error of Konnect
   */
  readonly onTaken?: (error: KonnectError) => Promise<void>;
}

/**
 * Creates an object. If the answer is lost or is a conflict, looks the object up before another attempt, so that it is never created twice.
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

/** Deletes an object if it exists. Throws KonnectError. */
export async function deleteIfExists(
  client: KonnectClient,
  call: Pick<KonnectRequest, 'doing' | 'host' | 'path'>,
): Promise<void> {
  try {
    await client.send({ ...call, method: 'DELETE' });
  } catch (error) {
    if (!(error instanceof KonnectError) || error.status !== 404) throw error;
  }
}
