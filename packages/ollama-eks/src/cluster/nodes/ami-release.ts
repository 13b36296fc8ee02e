/**
 * Releases of the node images.
 * AL2023: https://github.com/awslabs/amazon-eks-ami/releases
 * Bottlerocket: https://github.com/bottlerocket-os/bottlerocket/releases; EKS requires the build, which is in the
 * SSM parameter /aws/service/bottlerocket/aws-k8s-1.35-nvidia/x86_64/latest/image_version
 */
import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { Token } from '../../framework';
import type { AmiFamily } from './gpu-pool';

const FORMS = {
  AL2023: { pattern: /^1\.\d+\.\d+-\d{8}$/, allowed: 'Kubernetes version and date, such as 1.35.4-20260818' },
  BOTTLEROCKET: {
    pattern: /^\d+\.\d+\.\d+-[0-9a-f]{8}$/,
    allowed: 'version and build of Bottlerocket, such as 1.47.0-6154605b',
  },
};

/** Refuses a release that does not have the form of the family or that is for another Kubernetes version. May be a token. */
export function checkAmiRelease(
  property: string,
  release: string | undefined,
  family: AmiFamily,
  kubernetes: string,
): void {
  if (release === undefined) return;
  const remedy = 'copy it from the releases of the image, or omit it';
  checkForm(property, release, { ...FORMS[family], remedy, tokens: true });
  if (family === 'AL2023' && !Token.isUnresolved(release) && !release.startsWith(`${kubernetes}.`)) {
    throw new ValidationError({
      property,
      value: release,
      problem: `is a release for a Kubernetes version other than ${kubernetes}`,
      allowed: `a release that begins with ${kubernetes}`,
      remedy: 'use a release for the version of the cluster; change both together',
    });
  }
}
