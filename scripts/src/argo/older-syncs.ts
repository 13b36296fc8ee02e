// https://github.com/argoproj/argo-cd/blob/v3.5.1/controller/appcontroller.go (autoSync, processRequestedAppOperation)
import { isDeepStrictEqual } from 'node:util';
import type { Kubectl } from '../systems/kubectl';
import type { ArgoApplication } from './application';

/** Ends a running sync, as Argo CD's own API does; Applications have no status subresource. */
const TERMINATE = { status: { operationState: { phase: 'Terminating' } } } as const;

/**
 * Whether a sync still runs of a source that the Application no longer has. As long as it does, failing or waiting, none
 * of the new source begins.
 */
export function syncsOlderSource({ spec, status }: ArgoApplication): boolean {
  const { phase, operation } = status?.operationState ?? {};
  const source = operation?.sync?.source;
  return phase === 'Running' && source !== undefined && !isDeepStrictEqual(source, spec?.source);
}

/** Ends every sync of an older source, after which Argo CD begins one of the new. */
export async function endOlderSyncs(
  kubectl: Kubectl,
  namespace: string,
  applications: readonly ArgoApplication[],
): Promise<void> {
  for (const { metadata } of applications.filter(syncsOlderSource))
    await kubectl.patch('application', metadata.name, namespace, TERMINATE);
}

/** The command that does the same for one Application. */
export function endingCommand(name: string, namespace: string): string {
  return `kubectl --namespace ${namespace} patch application ${name} --type merge --patch '${JSON.stringify(TERMINATE)}'`;
}
