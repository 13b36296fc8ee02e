import { ValidationError } from '../../errors';

/** An exact Semantic Version; ranges and partial versions are constraints to Helm and Argo CD. @see https://semver.org */
const EXACT_VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** A release tag: `v1.4.0`, `v1.4.0-rc.1`. */
const RELEASE_TAG = /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
/** A whole commit id, SHA-1 or SHA-256. */
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
/** Image tags that move. */
const FLOATING_TAG = /^(latest|main|master|head|edge|nightly|stable|dev)$/i;

/** Whether a chart version names one version and no other. */
export function isExactVersion(version: string): boolean {
  return EXACT_VERSION.test(version);
}

/** Whether an image reference names one image: a digest, or a tag that isn't known to move. */
export function isPinnedImage(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) {
    return true;
  }
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag !== undefined && !FLOATING_TAG.test(tag);
}

/** Refuses a Git revision that can come to mean other content: a branch, `HEAD`, an abbreviated commit. */
export function checkRevision(property: string, revision: string): void {
  if (!RELEASE_TAG.test(revision) && !COMMIT.test(revision)) {
    throw new ValidationError({
      property,
      value: revision,
      problem: 'may mean other content tomorrow, so nobody could say what runs',
      allowed: 'a release tag vX.Y.Z, or a whole commit id (40 hexadecimal digits)',
      remedy: 'tag the commit that holds the rendered tree, and name the tag here',
    });
  }
}
