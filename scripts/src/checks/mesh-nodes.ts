// https://istio.io/latest/docs/ambient/usage/troubleshoot-ztunnel/
import { MESH_NAMESPACE, OLLAMA } from '@org/ollama-eks/pure';
import { isReady, type Pod } from '../pools/server-pods';

/** Annotation that istio-cni adds to a pod when ztunnel carries its traffic. @see https://istio.io/latest/docs/ambient/architecture/traffic-redirection/ */
const REDIRECTION = 'ambient.istio.io/redirection';

/** Time for the mesh's pods to become ready on a new node, in milliseconds. */
const START_TIME = 180_000;

/** What keeps a node or a pod out of the mesh, and the remedy. */
export interface MeshFault {
  readonly problem: string;
  readonly remedy: string;
}

/** Whether ztunnel carries the traffic of a pod. */
export function isCaptured({ metadata }: Pod): boolean {
  return metadata.annotations?.[REDIRECTION] === 'enabled';
}

/**
 * Returns the faults of the mesh on the nodes: a ztunnel that stays unready on a new node, servers that istio-cni does not add
 * to the mesh after a scale-up, and servers that started before istio-cni.
 * @see https://github.com/istio/istio/issues/61374
 * @see https://github.com/istio/istio/issues/52218
 */
export function meshFaults(meshPods: readonly Pod[], servers: readonly Pod[], now: number): readonly MeshFault[] {
  const agents = meshPods.filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'istio-cni-node');
  const isOld = ({ metadata: { creationTimestamp } }: Pod) =>
    creationTimestamp === undefined || now - Date.parse(creationTimestamp) > START_TIME;
  const agentOn = (node: string) => agents.find(({ spec }) => spec.nodeName === node);
  return [
    ...meshPods.filter((pod) => isOld(pod) && !isReady(pod)).flatMap((pod) => nodeFault(pod, agentOn)),
    ...servers.filter((pod) => !isCaptured(pod) && isOld(pod)).flatMap((pod) => serverFault(pod, agentOn)),
  ];
}

function nodeFault({ metadata, spec }: Pod, agentOn: (node: string) => Pod | undefined): readonly MeshFault[] {
  const { nodeName = 'no node' } = spec;
  if (metadata.labels?.['app'] !== 'ztunnel') return [];
  const agent = agentOn(nodeName);
  const isAgentAtFault = agent !== undefined && !isReady(agent);
  return [
    isAgentAtFault
      ? { problem: `istio-cni is not ready on ${nodeName}, nor is ztunnel`, remedy: restart(MESH_NAMESPACE, agent) }
      : {
          problem: `ztunnel does not become ready on ${nodeName} (istio/istio#61374)`,
          remedy: restart(MESH_NAMESPACE, { metadata }),
        },
  ];
}

function serverFault(pod: Pod, agentOn: (node: string) => Pod | undefined): readonly MeshFault[] {
  const { metadata, spec, status } = pod;
  if (spec.nodeName === undefined) return [];
  if (status.phase === 'Running') {
    return [
      {
        problem: `${metadata.name} started before istio-cni was ready on ${spec.nodeName}: it is not in the mesh`,
        remedy: restart(OLLAMA, pod),
      },
    ];
  }
  const agent = agentOn(spec.nodeName);
  const remedies = [...(agent === undefined ? [] : [restart(MESH_NAMESPACE, agent)]), restart(OLLAMA, pod)];
  return [
    {
      problem: `istio-cni on ${spec.nodeName} does not add ${metadata.name} to the mesh (istio/istio#52218)`,
      remedy: remedies.join('; '),
    },
  ];
}

function restart(namespace: string, { metadata }: Pick<Pod, 'metadata'>): string {
  return `kubectl --namespace ${namespace} delete pod ${metadata.name}`;
}
