import { OLLAMA } from '@org/ollama-eks/pure';
import { serverSelector } from '../pools/server-pods';
import type { Context } from '../program/context';
import { waitFor, waitHooks } from '../program/waiting';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

interface Workload extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** Seconds until servers on new nodes have loaded their models, which may have to be pulled again. */
const TIMES = { expected: 10 * 60, deadline: 75 * 60, interval: 15 } as const;

/** Waits until every server is ready, which means that every model is loaded and has answered. Returns their number. */
export async function awaitServers(context: Context, kubectl: Kubectl, signal: AbortSignal): Promise<number> {
  const read = async (): Promise<readonly Workload[]> => {
    const kinds = ['deployments.apps', 'statefulsets.apps'];
    return (await Promise.all(kinds.map((kind) => kubectl.list<Workload>(kind, OLLAMA, serverSelector())))).flat();
  };
  const found = await waitFor(
    { clock: context.clock, signal },
    {
      subject: 'servers',
      read,
      stateOf: (workloads) => (workloads.every(isReady) ? 'ready' : 'loading'),
      reasonOf: (workloads) =>
        workloads
          .filter((one) => !isReady(one))
          .map(({ metadata }) => metadata.name)
          .join(', '),
      success: ['ready'],
      failure: [],
      underway: ['loading'],
      remedy: 'run `ollama-eks diagnose`',
      ...TIMES,
    },
    waitHooks(context),
  );
  return found.reduce((sum, { spec }) => sum + replicasOf(spec), 0);
}

function isReady({ spec, status }: Workload): boolean {
  return (status?.readyReplicas ?? 0) >= replicasOf(spec);
}

/** The default of Kubernetes is one. */
function replicasOf(spec: Workload['spec']): number {
  return spec?.replicas ?? 1;
}
