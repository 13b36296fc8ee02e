// https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (autoSync, processRequestedAppOperation)
import type { Kubectl } from '../systems/kubectl';
import { APPLICATIONS, isOfOlderSource, type ArgoApplication } from './application';

/** Patch that ends a running sync, as Argo CD's own API does; Applications have no status subresource. */
const TERMINATE = { status: { operationState: { phase: 'Terminating' } } } as const;

/**
 * Whether a sync of a source that the Application no longer has is still running. Argo CD does not sync the new source until it ends, even
 * if it only waits or keeps failing.
 */
export function syncsOlderSource(application: ArgoApplication): boolean {
  return application.status?.operationState?.phase === 'Running' && isOfOlderSource(application);
}

/** Ends every sync of an older source, so that Argo CD starts one of the new source. */
export async function endOlderSyncs(
  kubectl: Kubectl,
  namespace: string,
  applications: readonly ArgoApplication[],
): Promise<void> {
  for (const { metadata } of applications.filter(syncsOlderSource))
    await kubectl.patch(APPLICATIONS, metadata.name, namespace, TERMINATE);
}
