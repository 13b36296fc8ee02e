// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';

/** Any user that isn't root; the images don't care which. */
const USER = 1000;

/** What the Pod Security level `restricted` asks of a pod. */
export const POD_SECURITY: PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  // Else the kubelet would touch every file of a volume full of models at every start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What it asks of a container, and a root file system that can't be written. */
export const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};
