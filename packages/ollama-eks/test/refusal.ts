import { ValidationError } from '../src/errors';

/** Returns the ValidationError that a call throws; fails if it throws none. */
export function refusal(call: () => unknown): ValidationError {
  try {
    call();
  } catch (error) {
    if (error instanceof ValidationError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a ValidationError, none was thrown');
}
