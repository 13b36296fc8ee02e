import { createHash } from 'node:crypto';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { Application, Manifest } from './application';
import { inOrder } from './order';
import { REVISION } from './templates';

/**
 * Returns an object that puts an Application with hooks out of sync at each revision. Argo CD syncs only what is out of
 * sync, and its comparison ignores hooks. Without this object, a hook would run again only when another object changed, and
 * a failed hook would block every later wave forever. No pod refers to it, so none restarts.
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (autoSync)
 * @see https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/state.go (CompareAppState, which leaves out hooks)
 */
export function revisionRecord(application: string): ConfigMap & Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${application}-revision` },
    data: { revision: REVISION },
  };
}

/** Returns a revision for Applications without a commit: a hash, the same for the same Applications. */
export function contentRevision(applications: readonly Application[]): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(applications)))
    .digest('hex');
}
