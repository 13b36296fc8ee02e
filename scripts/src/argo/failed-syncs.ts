// https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (processRequestedAppOperation, autoSync)
import type { Kubectl } from '../systems/kubectl';
import { APPLICATIONS, hasFailed, type ArgoApplication } from './application';

/** Whether a sync is in a retry, or waits for the next one. */
export function isRetrying({ status }: ArgoApplication): boolean {
  const { phase, retryCount = 0 } = status?.operationState ?? {};
  return phase === 'Running' && retryCount > 0;
}

/** Whether Argo CD has stopped after the last retry of a sync. It starts none of the same revision again, even if the cause is repaired. */
export function hasGivenUp(application: ArgoApplication): boolean {
  return hasFailed(application) && application.status?.operationState?.phase !== 'Running';
}

/**
 * Starts the sync that Argo CD would start for a new revision. Without removing the state of the last one, its number of retries and its
 * selection of objects would apply to the new one.
 * @see https://github.com/argoproj/argo-cd/issues/28701
 */
export async function startSync(kubectl: Kubectl, namespace: string, application: ArgoApplication): Promise<void> {
  const { automated, syncOptions, retry } = application.spec?.syncPolicy ?? {};
  await kubectl.patch(APPLICATIONS, application.metadata.name, namespace, {
    operation: {
      initiatedBy: { username: 'ollama-eks' },
      sync: { prune: automated?.prune === true, ...(syncOptions && { syncOptions }) },
      ...(retry && { retry }),
    },
    status: { operationState: null },
  });
}
