// https://kubernetes.io/docs/concepts/workloads/controllers/job/
import type { Condition } from './gateway-objects';
import type { Kubectl, KubernetesObject } from './kubectl';

/** Label of the pods of a Job. @see https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-name */
const JOB_NAME = 'batch.kubernetes.io/job-name';

/** The fields of a Job that are read. */
export interface Job extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly completionTime?: string };
}

/** Returns the condition of a Job that has ended in that way; undefined otherwise. */
export function ended({ status }: Job, how: 'Complete' | 'Failed'): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === how && condition.status === 'True');
}

/** Returns the pod of a Job's last attempt. */
export async function newestPod<Pod extends KubernetesObject>(
  kubectl: Kubectl,
  job: string,
  namespace: string,
): Promise<Pod | undefined> {
  return newest(await kubectl.list<Pod>('pods', namespace, `${JOB_NAME}=${job}`));
}

/** Returns the object that was created last; undefined if there is none. */
export function newest<Type extends KubernetesObject>(objects: readonly Type[]): Type | undefined {
  const created = ({ metadata }: Type) => metadata.creationTimestamp ?? '';
  return [...objects].sort((left, right) => created(left).localeCompare(created(right))).at(-1);
}
