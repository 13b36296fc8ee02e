/** Rules of tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
import { ValidationError } from '../../errors';
import { Token } from '../../framework';
import { CLUSTER_TAG } from '../../workload/names';

/** Tags by their keys. */
export type Tags = Readonly<Record<string, string>>;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** With those that AWS and the EBS CSI driver add, 50 in all. */
const MOST_TAGS = 40;
/**
 * Keys that the EBS CSI driver keeps for itself; given as tags of all volumes, they make it exit at its start.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/validation.go
 */
const RESERVED_BY_DRIVER = /^(kubernetes\.io|CSIVolumeName$|CSIVolumeSnapshotName$|ebs\.csi\.aws\.com\/cluster$)/;

/** Refuses tags that AWS would. Values may be tokens. */
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
      problem: 'is more tags than objects of AWS can carry beside their own',
      allowed: `at most ${MOST_TAGS}, with those of the stack`,
      remedy: 'drop some',
    });
  }
  return tags;
}

/** The tags of a cluster and of the stack around it, together. Refuses what `checkTags` does, and another cluster's tag. */
export function clusterTags(clusterName: string, stackTags: Tags = {}, tags: Tags = {}): Tags {
  checkTags('tags', tags);
  const given = { ...stackTags, ...tags };
  const found = given[CLUSTER_TAG];
  if (found !== undefined && found !== clusterName) {
    throw new ValidationError({
      property: `tags["${CLUSTER_TAG}"]`,
      value: found,
      problem: 'is the tag by which all that belongs to the cluster is found',
      allowed: `${clusterName}, the name of the cluster, which it is set to`,
      remedy: 'leave it out, here and in the tags of the stack',
    });
  }
  return checkTags('tags', given);
}

/** Refuses tags that the EBS CSI driver cannot put on volumes: it gets all tags of the cluster for those that it creates. */
export function checkVolumeTags(property: string, tags: Tags): void {
  // the driver is given tags as `key=value`, and splits them at the first equals sign
  const key = Object.keys(tags).find((candidate) => RESERVED_BY_DRIVER.test(candidate) || candidate.includes('='));
  if (key === undefined) return;
  throw new ValidationError({
    property: `${property}["${key}"]`,
    value: tags[key],
    problem: 'has a key that the EBS CSI driver, which tags volumes with it, does not accept',
    allowed:
      'keys without "=" that neither begin with kubernetes.io nor are the driver’s own (CSIVolumeName, ebs.csi.aws.com/cluster)',
    remedy: 'leave it out, here and in the tags of the stack; EKS tags what it needs to find by itself',
  });
}

function problemOf(key: string, value: string): string | undefined {
  if (/^aws:/i.test(key)) return 'has a key that AWS keeps for itself';
  if (key.length === 0 || key.length > 128 || !ALLOWED.test(key)) return 'has a key that AWS refuses';
  if (!Token.isUnresolved(value) && (value.length > 256 || !ALLOWED.test(value))) return 'is a value that AWS refuses';
  return undefined;
}
