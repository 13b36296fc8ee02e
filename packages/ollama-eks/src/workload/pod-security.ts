// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';

/** Any user other than root; the images do not depend on it. */
const USER = 1000;

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
