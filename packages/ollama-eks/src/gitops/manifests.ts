import { isClusterScoped, kindOf } from '../catalogue/kubernetes-kinds';
import type { Application, Manifest } from './application';
import { revisionRecord } from './revision-record';

/** Annotation by which Argo CD runs an object as a hook. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export const HOOK = 'argocd.argoproj.io/hook';
/** Annotation by which Argo CD orders objects within an Application. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
/** Annotation that sets sync options of a single object. @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/ */
export const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
/** Annotation that leaves an object out of its Application's health. @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/ */
export const IGNORE_HEALTH = 'argocd.argoproj.io/ignore-healthcheck';

/** Kinds that are healthy as soon as they exist; all others may need nodes to become healthy. */
const NO_HEALTH: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'networking.istio.io/DestinationRule',
  'networking.istio.io/EnvoyFilter',
  'networking.k8s.io/NetworkPolicy',
]);

/** Returns the manifests of an Application, plus a record of the revision if it has hooks; none for a chart. */
export function manifestsOf(application: Application): readonly Manifest[] {
  const { name, source } = application;
  if (source.kind === 'chart') {
    return [];
  }
  return hasHooks(application) ? [...source.manifests, revisionRecord(name)] : source.manifests;
}

/** Returns whether an Application of manifests has hooks, which run again at every revision. */
export function hasHooks({ source }: Application): boolean {
  return source.kind === 'manifests' && source.manifests.some(isHook);
}

/** Returns the namespace of an object; undefined if it is cluster-scoped. */
export function namespaceOf(manifest: Manifest, application: Application): string | undefined {
  return isClusterScoped(kindOf(manifest)) ? undefined : (manifest.metadata.namespace ?? application.namespace.name);
}

/** Returns whether an object is a hook, which runs at every sync and is not kept in sync itself. */
export function isHook(manifest: Manifest): boolean {
  return manifest.metadata.annotations?.[HOOK] !== undefined;
}

/** Returns the items of an annotation that is a list: `Prune=false,Delete=false`. */
export function annotationItems({ metadata }: Manifest, name: string): readonly string[] {
  const items = (metadata.annotations?.[name] ?? '').split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

/**
 * Returns the manifests of an Application as they are applied: with their namespace, and excluded from health where
 * nothing must wait for them.
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

/** Returns a copy of a manifest with additional annotations. */
export function annotate(manifest: Manifest, annotations: Readonly<Record<string, string>>): Manifest {
  return withMetadata(manifest, { annotations: { ...manifest.metadata.annotations, ...annotations } });
}

function withMetadata(manifest: Manifest, metadata: Partial<Manifest['metadata']>): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } };
}
