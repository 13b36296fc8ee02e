import { type Refusal, ValidationError } from '../errors';
import type { Application } from './application';

/** Throws a `ValidationError` for a property of an Application, with its path. */
export function refuse(application: Application, { property, ...refusal }: Refusal): never {
  throw new ValidationError({ ...refusal, property: pathIn(application, property) });
}

/** Returns the path of a property of an Application, as errors show it. */
export function pathIn(application: Application, property: string): string {
  return `applications[${application.name}].${property}`;
}
