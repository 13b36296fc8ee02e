import { InvalidArgumentError } from 'commander';
import { TEAM_NAME } from './team-name';

/** A whole number from 1, as an option's value. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('It must be a whole number from 1.');
  }
  return number;
}

/** A TCP port, as an option's value. */
export function portNumber(value: string): number {
  const number = positiveInteger(value);
  if (number > 65_535) throw new InvalidArgumentError('It must be a port: 1 to 65535.');
  return number;
}

/** Days that a token of Konnect's lives, as an option's value. */
export function tokenDays(value: string): number {
  const number = positiveInteger(value);
  if (number > 365) throw new InvalidArgumentError('It must be a number of days: 1 to 365.');
  return number;
}

/** Name of a team, as an argument or an option's value. */
export function teamName(value: string): string {
  if (!TEAM_NAME.test(value)) {
    throw new InvalidArgumentError(
      'It must be small letters, digits and ._-, at most 64, a letter or digit at each end.',
    );
  }
  return value;
}
