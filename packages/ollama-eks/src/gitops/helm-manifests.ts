/** Translates Argo CD's annotations to Helm's, so that manifests mean the same in both deliveries. */
import type { Application, Manifest } from './application';
import { HOOK, SYNC_OPTIONS, SYNC_WAVE, annotate, annotationItems, isHook, placedManifests } from './manifests';

/**
 * Helm's events for each of Argo CD's hooks; hooks without an equivalent event are omitted.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
 * @see https://helm.sh/docs/topics/charts_hooks/
 */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  PreSync: ['pre-install', 'pre-upgrade'],
  Sync: ['post-install', 'post-upgrade'],
  PostSync: ['post-install', 'post-upgrade'],
  PreDelete: ['pre-delete'],
  PostDelete: ['post-delete'],
};

const DELETE_POLICIES: Readonly<Record<string, string>> = {
  BeforeHookCreation: 'before-hook-creation',
  HookSucceeded: 'hook-succeeded',
  HookFailed: 'hook-failed',
};

/** Annotation by which Argo CD deletes hooks. @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/ */
const HOOK_DELETE_POLICY = 'argocd.argoproj.io/hook-delete-policy';

/** Annotation by which Helm runs an object as a hook. @see https://helm.sh/docs/topics/charts_hooks/ */
export const HELM_HOOK = 'helm.sh/hook';
/** Annotation by which Helm leaves an object in the cluster, if it is `keep`. @see https://helm.sh/docs/howto/charts_tips_and_tricks/ */
export const HELM_POLICY = 'helm.sh/resource-policy';

/** Returns the manifests of an Application as a Helm release applies them. */
export function helmManifests(application: Application): readonly Manifest[] {
  return placedManifests(application).flatMap((manifest) => {
    if (isHook(manifest)) {
      return helmHook(manifest);
    }
    return isKept(manifest, application) ? annotate(manifest, { [HELM_POLICY]: 'keep' }) : manifest;
  });
}

function helmHook(manifest: Manifest): readonly Manifest[] {
  const events = [...new Set(annotationItems(manifest, HOOK).flatMap((hook) => EVENTS[hook] ?? []))];
  const policies = annotationItems(manifest, HOOK_DELETE_POLICY).flatMap((policy) => DELETE_POLICIES[policy] ?? []);
  return events.length === 0
    ? []
    : [
        annotate(manifest, {
          [HELM_HOOK]: events.join(','),
          'helm.sh/hook-weight': manifest.metadata.annotations?.[SYNC_WAVE] ?? '0',
          ...(policies.length > 0 && { 'helm.sh/hook-delete-policy': policies.join(',') }),
        }),
      ];
}

/** Returns whether an object outlives its release. */
function isKept(manifest: Manifest, { cascade = true, syncOptions = [] }: Application): boolean {
  const options = [...syncOptions, ...annotationItems(manifest, SYNC_OPTIONS)];
  return !cascade || options.some((option) => option === 'Delete=false' || option === 'Prune=false');
}
