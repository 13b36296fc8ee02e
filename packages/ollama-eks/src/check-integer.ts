import { ValidationError } from './errors';

/** Valid range of a whole number, and the words of the error for other values. */
export interface IntegerRule {
  readonly min: number;
  /** @default - no maximum */
  readonly max?: number;
  /** What the number counts: `nodes`. @default - none */
  readonly unit?: string;
  /** Problem in the error. @default 'is out of range' */
  readonly problem?: string | undefined;
  /** Allowed values in the error. @default - the range, known at synth */
  readonly allowed?: string;
  /** Remedy in the error. @default 'correct it, or omit it for the default' */
  readonly remedy?: string;
}

/**
 * Returns the value if it is a whole number in the range. A number that is known only at apply is refused: its token is out
 * of every range.
 * @throws ValidationError for any other value
 */
export function checkInteger(property: string, value: number, rule: IntegerRule): number {
  const { min, max = Number.POSITIVE_INFINITY } = rule;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new ValidationError({
    property,
    value,
    problem: rule.problem ?? 'is out of range',
    allowed: rule.allowed ?? `${rangeOf(rule)}, known at synth`,
    remedy: rule.remedy ?? 'correct it, or omit it for the default',
  });
}

function rangeOf({ min, max, unit }: IntegerRule): string {
  const range = max === undefined ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  return unit === undefined ? range : `${range} (${unit})`;
}
