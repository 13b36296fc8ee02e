import { ValidationError } from './errors';
import { Token } from './framework';

/** Refuses any other value, and values known only at apply: types alone do not protect callers in JavaScript. */
export function checkOneOf<Value extends string>(property: string, value: Value, allowed: readonly Value[]): Value {
  if (!allowed.includes(value)) {
    throw new ValidationError({
      property,
      value,
      problem: Token.isUnresolved(value) ? 'is known only at apply' : 'is not a supported value',
      allowed: allowed.join(', '),
      remedy: 'choose one of these, or omit it for the default',
    });
  }
  return value;
}

/** Valid form of a string, and the words of the error for other strings. */
export interface TextForm {
  readonly pattern: RegExp;
  /** Problem in the error. @default 'has the wrong form' */
  readonly problem?: string;
  readonly allowed: string;
  readonly remedy: string;
  /** Whether the string may be known only at apply. @default false */
  readonly tokens?: boolean;
}

/** Refuses a string of another form; a value known only at apply is valid if `tokens` is true. */
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
