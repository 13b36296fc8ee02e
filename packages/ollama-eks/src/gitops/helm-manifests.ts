/** Translates Argo CD's annotations to Helm's, so that manifests mean the same in both deliveries. */
import type { Application, Manifest } from './application';
import { HOOK, SYNC_OPTIONS, SYNC_WAVE, annotate, isHook, placedManifests } from './manifests';

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

/** Annotation by which Helm leaves an object in the cluster. @see https://helm.sh/docs/howto/charts_tips_and_tricks/ */
const KEEP = { 'helm.sh/resource-policy': 'keep' } as const;

/** Returns the manifests of an Application as a Helm release applies them. */
export function helmManifests(application: Application): readonly Manifest[] {
  return placedManifests(application).flatMap((manifest) => {
    if (isHook(manifest)) {
      return helmHook(manifest);
    }
    return isKept(manifest, application) ? annotate(manifest, KEEP) : manifest;
  });
}

function helmHook(manifest: Manifest): readonly Manifest[] {
  const annotations = manifest.metadata.annotations ?? {};
  const events = [...new Set(list(annotations[HOOK]).flatMap((hook) => EVENTS[hook] ?? []))];
  const policies = list(annotations[HOOK_DELETE_POLICY]).flatMap((policy) => DELETE_POLICIES[policy] ?? []);
  return events.length === 0
    ? []
    : [
        annotate(manifest, {
          'helm.sh/hook': events.join(','),
          'helm.sh/hook-weight': annotations[SYNC_WAVE] ?? '0',
          ...(policies.length > 0 && { 'helm.sh/hook-delete-policy': policies.join(',') }),
        }),
      ];
}

/** Returns whether an object outlives its release. */
function isKept({ metadata }: Manifest, { cascade = true, syncOptions = [] }: Application): boolean {
  const options = [...syncOptions, ...list(metadata.annotations?.[SYNC_OPTIONS])];
  return !cascade || options.some((option) => option === 'Delete=false' || option === 'Prune=false');
}

function list(text = ''): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
