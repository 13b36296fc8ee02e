import { InvalidArgumentError } from 'commander';

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
