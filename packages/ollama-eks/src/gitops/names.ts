/** Names that the pieces of a delivery refer to each other by. */

/** Namespace that Argo CD is in unless told otherwise. */
export const ARGOCD_NAMESPACE = 'argocd';
/** The cluster that Argo CD itself runs in. @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ */
export const IN_CLUSTER = 'https://kubernetes.default.svc';
/**
 * Deletes an Application's objects before the Application itself. Without its last part it means the same, but the API
 * server warns of a finalizer without a path.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
 */
export const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io/foreground';
/** Keeps a project as long as an Application is in it; Argo CD knows it by this name alone. */
export const PROJECT_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Name of the root Application; no other may have it. */
export const ROOT_APPLICATION = 'ollama-root';
/**
 * Argo CD compares what the API server would make of an object, so that defaults are no difference.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diff-strategies/#server-side-diff
 */
export const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } as const;

/** Argo CD project of each kind of Application; `root` holds nothing but the others. */
export const PROJECTS = {
  root: 'ollama-root',
  platform: 'ollama-platform',
  workload: 'ollama-workload',
} as const;

/** Label by which a namespace asks for a Pod Security level. @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Labels of a namespace with a Pod Security level, and its further ones. */
export function namespaceLabels(podSecurity: string, labels: Readonly<Record<string, string>> = {}) {
  return { [ENFORCE]: podSecurity, ...labels };
}
