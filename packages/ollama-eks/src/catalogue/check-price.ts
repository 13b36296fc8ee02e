import { ValidationError } from '../errors';

/**
 * Returns the price in USD per hour if it is valid; 0 is valid, for capacity that is already paid for.
 * @throws ValidationError if the price is negative, infinite or not a number
 */
export function checkPrice(price: number, property: string): number {
  if (!Number.isFinite(price) || price < 0) {
    throw new ValidationError({
      property,
      value: price,
      problem: 'is not a valid price',
      allowed: 'USD per hour, at least 0, known at synth',
      remedy: 'set the price of one node, or leave it out for the list price',
    });
  }
  return price;
}
