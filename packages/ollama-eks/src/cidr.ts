import { Netmask } from 'netmask';
import { ValidationError, type Refusal } from './errors';

/** Four decimal numbers without leading zeros (which other parsers read as octal) and a prefix length. */
const CIDR = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})\/(?:[0-9]|[12]\d|3[0-2])$/;

/**
 * Parses an IPv4 range.
 * @throws ValidationError unless it has the form `a.b.c.d/n` and begins at its own network address
 */
export function parseCidr(property: string, value: string): Netmask {
  const refusal = cidrRefusal(property, value);
  if (refusal !== undefined) throw new ValidationError(refusal);
  return new Netmask(value);
}

/** Returns why `parseCidr` refuses a string; undefined if it is an IPv4 range. */
export function cidrRefusal(property: string, value: string): Refusal | undefined {
  if (value.includes('${')) return tokenRefusal(property); // this file does not load the framework, which knows tokens
  const range = CIDR.test(value) ? tryParse(value) : undefined;
  const written = range && `${range.base}/${range.bitmask}`;
  if (written === value) return undefined;
  return {
    property,
    value,
    problem: written === undefined ? 'is not an IPv4 range' : 'has bits set after its prefix',
    allowed: 'IPv4 CIDR notation whose address is the first of the range, e.g. 10.0.0.0/16',
    remedy: written === undefined ? 'write it as a.b.c.d/n' : `write ${written}`,
  };
}

/** Ranges are compared with each other, and written to the network policies, when the program runs. */
function tokenRefusal(property: string): Refusal {
  return {
    property,
    problem: 'is known only at apply, but network policies contain it, and overlaps are refused at synth',
    allowed: 'an IPv4 range known at synth',
    remedy: 'write the range in the program, with one module or stack for each range',
  };
}

/** Returns whether two IPv4 ranges, each in CIDR notation, overlap. */
export function cidrsOverlap(a: string, b: string): boolean {
  const [first, second] = [new Netmask(a), new Netmask(b)];
  return first.contains(second) || second.contains(first);
}

/** Returns whether an IPv4 range is entirely within another, both in CIDR notation. */
export function cidrWithin(range: string, outer: string): boolean {
  return new Netmask(outer).contains(new Netmask(range));
}

function tryParse(value: string): Netmask | undefined {
  try {
    return new Netmask(value);
  } catch {
    return undefined; // An octet above 255: the caller reports it with the property's name.
  }
}
