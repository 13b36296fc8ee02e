/** Cron expressions: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
import { ValidationError } from '../../errors';
import { Token } from '../../framework';

/** Valid values of one field of a cron expression. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, the first of `least`. */
  readonly names?: readonly string[];
  /** Other valid forms, in addition to values, ranges, steps and `*`. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Its special forms: the last day of the month, the weekday nearest to a day. */
const DAY_OF_MONTH: Field = {
  name: 'day of month',
  least: 1,
  most: 31,
  special: /^(L|LW|(0?[1-9]|[12]\d|3[01])W)$/,
};
/** Its special forms: the last such day of the month, the n-th such day. */
const DAY_OF_WEEK: Field = {
  name: 'day of week',
  least: 1,
  most: 7,
  names: DAYS,
  special: new RegExp(`^(L|([1-7]|${DAYS.join('|')})(L|#[1-5]))$`),
};
const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  DAY_OF_MONTH,
  { name: 'month', least: 1, most: 12, names: MONTHS },
  DAY_OF_WEEK,
  { name: 'year', least: 1970, most: 2199 },
];

/** Refuses what EventBridge Scheduler refuses: a wrong number of fields, values out of range, two day fields or none. */
export function checkCron(property: string, expression: string): string {
  const problem = Token.isUnresolved(expression) ? 'is known only at apply' : problemOf(expression);
  if (problem !== undefined) {
    throw new ValidationError({
      property,
      value: expression,
      problem,
      allowed: 'six fields, with ? for one of the two day fields: cron(0 20 ? * MON-FRI *), known at synth',
      remedy: 'set minutes, hours, day of month, month, day of week and year',
    });
  }
  return expression;
}

function problemOf(expression: string): string | undefined {
  const inside = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (inside === undefined) return 'is not a cron expression';
  const texts = inside.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) return `has ${texts.length} fields`;
  const days = FIELDS.flatMap((field, index) => (isDay(field) ? [texts[index]] : []));
  if (days.filter((text) => text === '?').length !== 1) {
    return 'must have ? for exactly one of day of month and day of week';
  }
  const wrong = FIELDS.find((field, index) => !isField(field, texts[index] ?? ''));
  return wrong && `has an invalid ${wrong.name} field`;
}

function isDay(field: Field): boolean {
  return field === DAY_OF_MONTH || field === DAY_OF_WEEK;
}

function isField(field: Field, text: string): boolean {
  return (text === '?' && isDay(field)) || text.split(',').every((item) => isItem(field, item));
}

/** Returns whether an item is `*`, a value or a range, optionally with a step, or a special form of the field. */
function isItem(field: Field, item: string): boolean {
  if (field.special?.test(item) === true) return true;
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !isNumber(step, 1, field.most))) return false;
  const ends = range.split('-');
  return range === '*' || (ends.length <= 2 && ends.every((end) => isValue(field, end)));
}

function isValue({ least, most, names = [] }: Field, text: string): boolean {
  return names.includes(text) || isNumber(text, least, most);
}

function isNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
