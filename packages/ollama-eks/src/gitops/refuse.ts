import { type Refusal, ValidationError } from '../errors';
import type { Application } from './application';

/** Refuses a property of an Application; the refusal names it by its path in the Application. */
export function refuse(application: Application, { property, ...refusal }: Refusal): never {
  throw new ValidationError({ ...refusal, property: pathIn(application, property) });
}

/** Path of a property of an Application in a delivery, as errors name it. */
export function pathIn(application: Application, property: string): string {
  return `applications[${application.name}].${property}`;
}
