import { isClusterScoped, kindOf } from '../catalogue/kubernetes-kinds';
import type { Application, Manifest } from './application';
import { revisionRecord } from './revision-record';

/** Annotation by which Argo CD runs an object as a hook. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export const HOOK = 'argocd.argoproj.io/hook';
/** Annotation by which Argo CD orders objects within an Application. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
/** Annotation with an object's own sync options. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/ */
export const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
/** Annotation that leaves an object out of its Application's health. @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/ */
export const IGNORE_HEALTH = 'argocd.argoproj.io/ignore-healthcheck';

/** Kinds that are healthy as soon as they are there; of all others something may be missing without nodes. */
const NO_HEALTH: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'networking.istio.io/DestinationRule',
  'networking.k8s.io/NetworkPolicy',
]);

/** The manifests of an Application, with a record of the revision where there are hooks; none when it is a chart. */
export function manifestsOf(application: Application): readonly Manifest[] {
  const { name, source } = application;
  if (source.kind === 'chart') {
    return [];
  }
  return hasHooks(application) ? [...source.manifests, revisionRecord(name)] : source.manifests;
}

/** Whether an Application of manifests has hooks, which run again at every revision. */
export function hasHooks({ source }: Application): boolean {
  return source.kind === 'manifests' && source.manifests.some(isHook);
}

/** The namespace that an object ends up in; undefined when it is in none. */
export function namespaceOf(manifest: Manifest, application: Application): string | undefined {
  return isClusterScoped(kindOf(manifest)) ? undefined : (manifest.metadata.namespace ?? application.namespace.name);
}

/** Whether an object is a hook: run at every sync, and no part of what is kept in sync. */
export function isHook(manifest: Manifest): boolean {
  return manifest.metadata.annotations?.[HOOK] !== undefined;
}

/**
 * The manifests of an Application as they are applied: with their namespace, and marked so that what needs no gate has
 * none.
 */
export function placedManifests(application: Application): readonly Manifest[] {
  const ungated = application.healthGate.waitForHealth === false;
  return manifestsOf(application).map((manifest) => {
    const namespace = namespaceOf(manifest, application);
    const placed = namespace === undefined ? manifest : withMetadata(manifest, { namespace });
    const ignored = ungated && !isHook(manifest) && !NO_HEALTH.has(kindOf(manifest));
    return ignored ? annotate(placed, { [IGNORE_HEALTH]: 'true' }) : placed;
  });
}

/** A copy of a manifest with further annotations. */
export function annotate(manifest: Manifest, annotations: Readonly<Record<string, string>>): Manifest {
  return withMetadata(manifest, { annotations: { ...manifest.metadata.annotations, ...annotations } });
}

function withMetadata(manifest: Manifest, metadata: Partial<Manifest['metadata']>): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } };
}
