import {
  kindOf,
  readSynthesizedObjects,
  treeChanges,
  WATCHED_KINDS,
  type TreeChanges,
  type TreeObject,
} from '@org/ollama-eks/pure';
import { isTypeMissing, type Kubectl, type KubernetesObject } from './kubectl';

/**
 * Compares the objects that synth wrote with those that run. Works for Argo CD and for Helm, since both record in an object what it
 * belongs to. Undefined if the project delivers nothing.
 * @param output folder that synth wrote to
 */
export async function diffTree(output: string, openKubectl: () => Promise<Kubectl>): Promise<TreeChanges | undefined> {
  const rendered = readSynthesizedObjects(output);
  if (rendered === undefined) return undefined;
  const kinds = [...new Set([...rendered.objects.map(kindOf), ...WATCHED_KINDS])].sort();
  const kubectl = await openKubectl();
  const running = await Promise.all(kinds.map((kind) => list(kubectl, kind)));
  return treeChanges(running.flat(), rendered);
}

/** Lists the objects of a kind such as `apps/Deployment`; none if the cluster does not define it yet. */
async function list(kubectl: Kubectl, kind: string): Promise<readonly TreeObject[]> {
  const [group, name = kind] = kind.includes('/') ? kind.split('/') : [''];
  try {
    return await kubectl.list<KubernetesObject & TreeObject>([name.toLowerCase(), group].filter(Boolean).join('.'));
  } catch (error) {
    if (isTypeMissing(error)) return [];
    throw error;
  }
}
