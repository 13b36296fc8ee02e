import { ValidationError } from './errors';
import { Token } from './framework';

/** Whether the value is known only at apply. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/** Refuses anything but a whole number in the range, known at synth. */
export function checkInteger(property: string, value: number, least: number, most: number, unit = ''): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ValidationError({
      property,
      value,
      problem: 'is out of range',
      allowed: `an integer from ${least} to ${most}${unit === '' ? '' : ` (${unit})`}, known at synth`,
      remedy: 'correct it, or leave it out for the default',
    });
  }
  return value;
}

/** Refuses what is none of the values, known at synth: a type alone holds nobody who writes JavaScript. */
export function checkOneOf<Value extends string>(property: string, value: Value, allowed: readonly Value[]): Value {
  if (!allowed.includes(value)) {
    throw new ValidationError({
      property,
      value,
      problem: isToken(value) ? 'is known only at apply' : 'is none of the values that it can have',
      allowed: allowed.join(', '),
      remedy: 'choose one of these, or leave it out for the default',
    });
  }
  return value;
}

/** Refuses a text of another form; a value known only at apply passes where `tokens` allows it. */
export function checkForm(
  property: string,
  value: string,
  form: { readonly pattern: RegExp; readonly allowed: string; readonly remedy: string; readonly tokens?: boolean },
): string {
  if (isToken(value) ? form.tokens !== true : !form.pattern.test(value)) {
    throw new ValidationError({
      property,
      value,
      problem: isToken(value) ? 'is known only at apply' : 'has the wrong form',
      allowed: form.allowed,
      remedy: form.remedy,
    });
  }
  return value;
}
