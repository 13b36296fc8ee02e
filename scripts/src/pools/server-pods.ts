import { NAME_LABEL, OLLAMA, POOL_LABEL } from '@org/ollama-eks/pure';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

/** State of one container. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly imageID?: string;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly message?: string } };
}

/** The fields of a pod that are used. */
export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers?: readonly {
      readonly name: string;
      readonly image?: string;
      readonly env?: readonly { readonly name: string; readonly value?: string }[];
    }[];
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
      readonly lastTransitionTime?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** Label selector of the servers: of their workloads and pods. */
export const SERVER_SELECTOR = `${NAME_LABEL}=${OLLAMA}`;

/** Lists the pods of the servers, without those that have ended: an evicted one is listed until someone deletes it, and serves no longer. */
export async function serverPods(kubectl: Kubectl): Promise<readonly Pod[]> {
  return (await kubectl.list<Pod>('pods', OLLAMA, SERVER_SELECTOR)).filter(isOngoing);
}

/** Whether a pod has containers that run or will run. @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase */
function isOngoing({ status }: Pod): boolean {
  return status.phase !== 'Failed' && status.phase !== 'Succeeded';
}

/** Whether every container of the pod is ready, which means that every model is loaded and has answered. */
export function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
}

/** Whether Ollama itself runs; its models may still be loading. */
export function isServing({ status }: Pod): boolean {
  return status.containerStatuses?.some(({ name, ready }) => name === OLLAMA && ready) === true;
}

/** Returns the pool of a pod. */
export function poolOf({ metadata }: KubernetesObject): string {
  return metadata.labels?.[POOL_LABEL] ?? '';
}
