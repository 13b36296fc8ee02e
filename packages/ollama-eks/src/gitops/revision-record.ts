import { createHash } from 'node:crypto';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { Application, Manifest } from './application';
import { inOrder } from './order';
import { REVISION } from './templates';

/**
 * The object that puts an Application with hooks out of sync at each revision. Argo CD syncs only what is out of sync,
 * and hooks are no part of what it compares: without this object a hook would run again only when something beside it
 * changed, and one that has failed would hold up every later wave for ever. No pod refers to it, so none restarts.
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

/** A revision of Applications that no commit holds: the same Applications have the same one. */
export function contentRevision(applications: readonly Application[]): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(applications)))
    .digest('hex');
}
