import { ValidationError } from './errors';

/** What a whole number can be, and what an error says if it is something else. */
export interface IntegerRule {
  readonly min: number;
  /** @default - no maximum */
  readonly max?: number;
  /** What is counted: `nodes`. @default - not said */
  readonly unit?: string;
  /** @default 'is out of range' */
  readonly problem?: string;
  /** @default - the range, known at synth */
  readonly allowed?: string;
  /** @default 'correct it, or leave it out for the default' */
  readonly remedy?: string;
}

/**
 * Returns the value if it is a whole number in the range. A number that is known only at apply is not: its token is out of
 * every range.
 * @throws ValidationError if it is anything else
 */
export function checkInteger(property: string, value: number, rule: IntegerRule): number {
  const { min, max = Number.POSITIVE_INFINITY } = rule;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new ValidationError({
    property,
    value,
    problem: rule.problem ?? 'is out of range',
    allowed: rule.allowed ?? `${rangeOf(rule)}, known at synth`,
    remedy: rule.remedy ?? 'correct it, or leave it out for the default',
  });
}

function rangeOf({ min, max, unit }: IntegerRule): string {
  const range = max === undefined ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  return unit === undefined ? range : `${range} (${unit})`;
}
