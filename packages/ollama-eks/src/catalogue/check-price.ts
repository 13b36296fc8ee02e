import { ValidationError } from '../errors';

/**
 * The price, in USD per hour, if it can be one; 0 can, for what is paid for already.
 * @throws ValidationError for what is negative, infinite or no number
 */
export function checkPrice(price: number, property: string): number {
  if (!Number.isFinite(price) || price < 0) {
    throw new ValidationError({
      property,
      value: price,
      problem: 'is no price',
      allowed: 'USD per hour, 0 or more, known at synth',
      remedy: 'give what you pay for one node, or leave it out for the list price',
    });
  }
  return price;
}
