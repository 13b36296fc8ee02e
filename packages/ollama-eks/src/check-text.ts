import { ValidationError } from './errors';
import { Token } from './framework';

/** Refuses what is none of the values, known at synth: a type alone holds nobody who writes JavaScript. */
export function checkOneOf<Value extends string>(property: string, value: Value, allowed: readonly Value[]): Value {
  if (!allowed.includes(value)) {
    throw new ValidationError({
      property,
      value,
      problem: Token.isUnresolved(value) ? 'is known only at apply' : 'is none of the values that it can have',
      allowed: allowed.join(', '),
      remedy: 'choose one of these, or leave it out for the default',
    });
  }
  return value;
}

/** The form of a text, and what an error says of another one. */
export interface TextForm {
  readonly pattern: RegExp;
  /** @default 'has the wrong form' */
  readonly problem?: string;
  readonly allowed: string;
  readonly remedy: string;
  /** Whether the text may be known only at apply. @default false */
  readonly tokens?: boolean;
}

/** Refuses a text of another form; a value known only at apply passes where `tokens` allows it. */
export function checkForm(property: string, value: string, form: TextForm): string {
  if (Token.isUnresolved(value) ? form.tokens !== true : !form.pattern.test(value)) {
    throw new ValidationError({
      property,
      value,
      problem: Token.isUnresolved(value) ? 'is known only at apply' : (form.problem ?? 'has the wrong form'),
      allowed: form.allowed,
      remedy: form.remedy,
    });
  }
  return value;
}
