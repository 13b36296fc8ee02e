/** Names by which the parts of a delivery refer to each other. */

/** Default namespace of Argo CD. */
export const ARGOCD_NAMESPACE = 'argocd';
/** The cluster that Argo CD itself runs in. @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ */
export const IN_CLUSTER = 'https://kubernetes.default.svc';
/**
 * Deletes an Application's objects before the Application itself. The last part changes nothing for Argo CD, but the API
 * server warns about a finalizer without a path.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
 */
export const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io/foreground';
/** Keeps a project as long as it contains an Application; Argo CD recognizes only this name. */
export const PROJECT_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Name of the root Application, reserved for it. */
export const ROOT_APPLICATION = 'ollama-root';
/**
 * Makes Argo CD compare what the API server would store, so that defaults do not count as differences.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diff-strategies/#server-side-diff
 */
export const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } as const;

/** Argo CD project of each kind of Application; `root` contains only the other Applications. */
export const PROJECTS = {
  root: 'ollama-root',
  platform: 'ollama-platform',
  workload: 'ollama-workload',
} as const;

/** Label that sets the Pod Security level of a namespace. @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Returns the labels of a namespace: its Pod Security level and additional ones. */
export function namespaceLabels(podSecurity: string, labels: Readonly<Record<string, string>> = {}) {
  return { [ENFORCE]: podSecurity, ...labels };
}
