import { ValidationError } from '../../errors';

/** An exact Semantic Version; Helm and Argo CD treat ranges and partial versions as constraints. @see https://semver.org */
const EXACT_VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** A release tag, such as `v1.4.0` or `v1.4.0-rc.1`. */
const RELEASE_TAG = /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
/** A full commit ID, SHA-1 or SHA-256. */
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
/** Image tags known to float. */
const FLOATING_TAG = /^(latest|main|master|head|edge|nightly|stable|dev)$/i;

/** Returns whether a chart version is exact. */
export function isExactVersion(version: string): boolean {
  return EXACT_VERSION.test(version);
}

/** Returns whether an image reference is pinned: by a digest, or by a tag that is not known to float. */
export function isPinnedImage(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) {
    return true;
  }
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag !== undefined && !FLOATING_TAG.test(tag);
}

/** Throws a `ValidationError` for a Git revision whose content can change: a branch, `HEAD`, an abbreviated commit. */
export function checkRevision(property: string, revision: string): void {
  if (!RELEASE_TAG.test(revision) && !COMMIT.test(revision)) {
    throw new ValidationError({
      property,
      value: revision,
      problem: 'can change its content, so the deployed revision would be unknown',
      allowed: 'a release tag vX.Y.Z, or a full commit ID (40 hexadecimal digits)',
      remedy: 'tag the commit that contains the rendered tree, and set the tag here',
    });
  }
}
