import { ValidationError } from '../errors';
import type { Application } from './application';

/** Refuses a property of an Application, by its path inside it. */
export function refuse(
  application: Application,
  path: string,
  value: unknown,
  problem: string,
  allowed: string,
  remedy: string,
): never {
  throw new ValidationError({ property: `applications[${application.name}].${path}`, value, problem, allowed, remedy });
}
