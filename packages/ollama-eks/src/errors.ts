import type { IConstruct } from './framework';
import { isInstance } from './is-instance';

/** Content of an error: what is wrong, the value received, what is allowed, what to do. */
export interface Refusal {
  /** The property as the user wrote it, with its path: `gpu.rootVolume.throughput`. */
  readonly property: string;
  /** The value received, shown as JSON; numbers that JSON does not support are shown by their names. Omitted if there is none. */
  readonly value?: unknown;
  /** What is wrong, as the rest of a sentence that begins with the property and its value. */
  readonly problem: string;
  /** What is allowed. */
  readonly allowed: string;
  /** What to do. */
  readonly remedy: string;
}

/** Invalid input, refused as early as possible. */
export class ValidationError extends Error {
  /** The refused property. */
  public readonly property: string;
  /** What is wrong, with the property and the value received. */
  public readonly problem: string;
  /** What is allowed. */
  public readonly allowed: string;
  /** What to do. */
  public readonly remedy: string;

  public constructor(refusal: Refusal, scope?: IConstruct) {
    const problem = describeProblem(refusal);
    const where = scope === undefined ? '' : ` (in ${scope.node.path})`;
    super(`${problem}; allowed: ${refusal.allowed}; ${refusal.remedy}${where}`);
    this.name = 'ValidationError';
    this.property = refusal.property;
    this.problem = problem;
    this.allowed = refusal.allowed;
    this.remedy = refusal.remedy;
  }
}

/** Describes what is wrong with which value in one line: `gpu.rootVolume.throughput = 5000: is more than gp3 supports`. */
export function describeProblem({ property, value, problem }: Pick<Refusal, 'property' | 'value' | 'problem'>): string {
  const received = value === undefined ? property : `${property} = ${shown(value)}`;
  return `${received}: ${problem}`;
}

/** Marks values that JSON does not support; no string of a user contains it. */
const BARE = '\u0001';

/**
 * Returns the value as JSON; `NaN`, `Infinity` and big integers, which JSON does not support, by their names, and instances by their
 * class: constructs refer to each other in circles.
 */
function shown(value: unknown): string {
  const json = JSON.stringify(value, (_, part: unknown) => {
    const unsupported = typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part));
    if (isInstance(part)) return `${BARE}${part.constructor.name}${BARE}`;
    return unsupported ? `${BARE}${part}${BARE}` : part;
  }) as string | undefined;
  return json === undefined ? typeof value : json.replaceAll(/"\\u0001([^"\\]*)\\u0001"/g, '$1');
}

/**
 * Returns a function that refuses input: `common` holds what its refusals share, such as the property, and each call adds the
 * rest.
 * @param scope Construct in the errors
 */
export function refuser<Common extends Partial<Refusal>>(
  common: Common,
  scope?: IConstruct,
): (rest: Omit<Refusal, keyof Common>) => never {
  return (rest) => {
    throw new ValidationError({ ...common, ...rest } as Common & Omit<Refusal, keyof Common> & Refusal, scope);
  };
}
