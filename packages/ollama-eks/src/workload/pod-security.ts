// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';
import type { WorkloadSpec } from './workload-spec';

/** Any user other than root; the images do not depend on it. */
const USER = 1000;
/** SELinux level of pods that share a volume; any pair of categories. */
const SHARED_LEVEL = 's0:c11,c434';

/** Security context of a pod for the Pod Security level `restricted`. */
export const POD_SECURITY: PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  // Otherwise the kubelet would touch every file of a volume of models at every start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Security context of a container for that level, plus a read-only root file system. */
export const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/**
 * Security context of pods that share a volume of models. SELinux, which Bottlerocket enforces, gives each pod a level of its own,
 * and the files of a volume that of the pod that mounted it last, which locks out the other one.
 * @see https://github.com/bottlerocket-os/bottlerocket/issues/2417
 */
export function serverSecurity({ modelPull }: WorkloadSpec): PodSecurityContext {
  return modelPull === 'job' ? { ...POD_SECURITY, seLinuxOptions: { level: SHARED_LEVEL } } : POD_SECURITY;
}
