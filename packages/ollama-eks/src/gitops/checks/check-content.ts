import { retiredLocationIn } from '../../catalogue/retired-locations';
import { isObject } from '../../check-object';
import { ValidationError } from '../../errors';
import { Token } from '../../framework';
import { isInstance } from '../../is-instance';
import type { Application } from '../application';
import { isPinnedImage } from './revision';

/** Paths of images in the container lists of a pod. */
const CONTAINERS = /(^|\.)(containers|initContainers|ephemeralContainers)\[\d+\]\.image$/;

/**
 * Throws a `ValidationError` for content that cannot be rendered to Git, or that could change later: tokens, values that
 * are not JSON, floating image tags, retired addresses.
 */
export function checkContent(application: Application): void {
  const name = Token.isUnresolved(application.name) ? '?' : application.name;
  visit(application, `applications[${name}]`);
}

function visit(value: unknown, path: string): void {
  refuseToken(value, path);
  if (typeof value === 'string') {
    refuseText(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => visit(item, `${path}[${index}]`));
  } else if (isObject(value) && !isInstance(value)) {
    for (const [key, item] of Object.entries(value)) {
      refuseToken(key, `${path}.<key>`);
      visit(item, `${path}.${key}`);
    }
  } else if (typeof value === 'number' ? !Number.isFinite(value) : !isJsonScalar(value)) {
    throw new ValidationError({
      property: path,
      value,
      problem: 'is not a plain JSON value',
      allowed: 'strings, finite numbers, booleans, null, lists and plain objects',
      remedy: 'convert it, such as a date to a string',
    });
  }
}

function refuseToken(value: unknown, path: string): void {
  if (Token.isUnresolved(value)) {
    throw new ValidationError({
      property: path,
      problem: 'is only known at apply, but files for Git are rendered at synth',
      allowed: 'values known at synth: static names, not attributes of resources',
      remedy: 'refer to the object by a name that you choose, or pass the value as a `ClusterSecret`',
    });
  }
}

function refuseText(text: string, path: string): void {
  const retired = retiredLocationIn(text);
  if (retired !== undefined) {
    throw new ValidationError({
      property: path,
      value: text,
      problem: `${retired.location} is removed in December 2026`,
      allowed: retired.replacement,
      remedy: 'use the new location, or a mirror of it',
    });
  }
  if (CONTAINERS.test(path) && !isPinnedImage(text)) {
    throw new ValidationError({
      property: path,
      value: text,
      problem: 'is a floating image tag',
      allowed: 'a version tag, or a digest (name@sha256:…)',
      remedy: 'pin the image',
    });
  }
}

function isJsonScalar(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'boolean';
}
