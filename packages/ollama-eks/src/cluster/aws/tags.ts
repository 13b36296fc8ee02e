/** Rules of tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
import { ValidationError } from '../../errors';
import { Token } from '../../framework';
import { CLUSTER_TAG } from '../../workload/names';

/** Tags by their keys. */
export type Tags = Readonly<Record<string, string>>;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** AWS allows 50 tags, including those that AWS and the EBS CSI driver add. */
const MOST_TAGS = 40;
/**
 * Keys that the EBS CSI driver reserves; it exits at startup if they are among the tags of all volumes.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/validation.go
 */
const RESERVED_BY_DRIVER = /^(kubernetes\.io|CSIVolumeName$|CSIVolumeSnapshotName$|ebs\.csi\.aws\.com\/cluster$)/;

/** Refuses tags that AWS refuses. Values may be tokens. */
export function checkTags(property: string, tags: Tags): Tags {
  for (const [key, value] of Object.entries(tags)) {
    const problem = problemOf(key, value);
    if (problem !== undefined) {
      throw new ValidationError({
        property: `${property}["${key}"]`,
        value,
        problem,
        allowed: 'keys of 1–128 and values of 0–256 letters, digits, spaces and _.:/=+-@; no key beginning with aws:',
        remedy: 'correct it',
      });
    }
  }
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new ValidationError({
      property,
      value: Object.keys(tags).length,
      problem: 'is more than the number of tags that AWS objects can have in addition to AWS’s own',
      allowed: `at most ${MOST_TAGS}, including those of the stack`,
      remedy: 'remove some',
    });
  }
  return tags;
}

/** Returns the tags of a cluster together with those of its stack. Refuses what `checkTags` refuses, and the tag of another cluster. */
export function clusterTags(clusterName: string, stackTags: Tags = {}, tags: Tags = {}): Tags {
  checkTags('tags', tags);
  const all = { ...stackTags, ...tags };
  const found = all[CLUSTER_TAG];
  if (found !== undefined && found !== clusterName) {
    throw new ValidationError({
      property: `tags["${CLUSTER_TAG}"]`,
      value: found,
      problem: 'is the tag that identifies everything that belongs to the cluster',
      allowed: `${clusterName}, the name of the cluster, which is set automatically`,
      remedy: 'remove it, here and in the tags of the stack',
    });
  }
  return checkTags('tags', all);
}

/** Refuses tags that the EBS CSI driver cannot set on volumes: it adds all tags of the cluster to the volumes that it creates. */
export function checkVolumeTags(property: string, tags: Tags): void {
  // The driver gets tags as `key=value`, and splits them at the first equals sign.
  const key = Object.keys(tags).find((candidate) => RESERVED_BY_DRIVER.test(candidate) || candidate.includes('='));
  if (key === undefined) return;
  throw new ValidationError({
    property: `${property}["${key}"]`,
    value: tags[key],
    problem: 'has a key that the EBS CSI driver, which tags volumes with it, does not accept',
    allowed:
      'keys without "=" that neither begin with kubernetes.io nor are reserved by the driver (CSIVolumeName, ebs.csi.aws.com/cluster)',
    remedy: 'remove it, here and in the tags of the stack; EKS itself tags what it needs to find',
  });
}

function problemOf(key: string, value: string): string | undefined {
  if (/^aws:/i.test(key)) return 'has a key that AWS reserves';
  if (key.length === 0 || key.length > 128 || !ALLOWED.test(key)) return 'has a key that AWS refuses';
  if (!Token.isUnresolved(value) && (value.length > 256 || !ALLOWED.test(value))) return 'is a value that AWS refuses';
  return undefined;
}
