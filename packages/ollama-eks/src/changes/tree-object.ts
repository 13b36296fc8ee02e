import { kindOf } from '../catalogue/kubernetes-kinds';
import { isObject } from '../check-object';
import { HELM_HOOK, HELM_POLICY } from '../gitops/helm-manifests';
import { annotationItems, isHook, SYNC_OPTIONS } from '../gitops/manifests';
import type { TreeObject } from '../gitops/synthesized-trees';
import { POOL_LABEL } from '../workload/names';

/** Kind of an Argo CD Application. */
export const APPLICATION = 'argoproj.io/Application';

/** Annotation in which Argo CD records the Application of an object. @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ */
const TRACKING = 'argocd.argoproj.io/tracking-id';
/** Annotation in which Helm records the release of an object. */
const RELEASE = 'meta.helm.sh/release-name';

/** `apps/Deployment ollama/ollama`: the same for an object of the tree and of the cluster. */
export function keyOf(object: TreeObject): string {
  const { namespace = '', name } = object.metadata;
  return `${kindOf(object)} ${namespace}/${name}`;
}

/** `Deployment ollama/ollama`, for messages. */
export function titleOf({ kind, metadata: { namespace, name } }: TreeObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Returns the Application or release that an object of a cluster belongs to. */
export function ownerOf({ metadata: { annotations = {} } }: TreeObject): string | undefined {
  return annotations[TRACKING]?.split(':')[0] ?? annotations[RELEASE];
}

/** Returns the pool that an object belongs to. */
export function poolOf({ metadata }: TreeObject): string | undefined {
  return metadata.labels?.[POOL_LABEL];
}

/** Whether Argo CD or Helm runs the object as a hook. */
export function runsAsHook(object: TreeObject): boolean {
  return isHook(object) || object.metadata.annotations?.[HELM_HOOK] !== undefined;
}

/** Whether an object stays in the cluster when it is no longer rendered. */
export function isKept(object: TreeObject): boolean {
  return (
    object.metadata.annotations?.[HELM_POLICY] === 'keep' ||
    annotationItems(object, SYNC_OPTIONS).includes('Prune=false')
  );
}

/** Returns the template of the pods of a Deployment or StatefulSet. */
export function podTemplateOf({ spec }: TreeObject): unknown {
  return isObject(spec) ? spec['template'] : undefined;
}

/** Returns the version of an Application's chart; undefined for an Application of manifests, which are compared by themselves. */
export function chartVersionOf(object: TreeObject): string | undefined {
  const { chart, targetRevision } = sourceOf(object);
  return typeof chart === 'string' && typeof targetRevision === 'string' ? targetRevision : undefined;
}

/** Returns the values of an Application's chart; undefined for an Application of manifests. */
export function chartValuesOf(object: TreeObject): unknown {
  const { chart, helm } = sourceOf(object);
  return chart !== undefined && isObject(helm) ? (helm['valuesObject'] ?? {}) : undefined;
}

function sourceOf({ spec }: TreeObject): Readonly<Record<string, unknown>> {
  const source = isObject(spec) ? spec['source'] : undefined;
  return isObject(source) ? source : {};
}
