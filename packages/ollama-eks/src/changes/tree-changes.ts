import { kindOf } from '../catalogue/kubernetes-kinds';
import { HOOK, SYNC_OPTIONS } from '../gitops/manifests';
import { ROOT_APPLICATION } from '../gitops/names';
import type { TreeObject } from '../gitops/synthesized-trees';
import { GATEWAY_NAMESPACE, POOL_LABEL } from '../workload/names';
import { EFFECTS, type Effect } from './plan-effects';
import { isRecord, runsAs } from './running-object';

/** What a change of the GitOps tree affects, as a noun phrase for messages. */
export const TREE_SUBJECTS = {
  application: 'Argo CD Application with its objects',
  chart: 'Helm chart',
  gateways: 'pods of the gateway',
  listener: 'Gateway, through which every request comes',
  models: 'volume with models',
  'new-volume': 'new volume, into which models are pulled again',
  'old-volume': 'volume with models, which nothing uses any longer',
  route: 'route of the gateway',
  servers: 'servers of a GPU pool',
} as const;
export type TreeSubject = keyof typeof TREE_SUBJECTS;

/** An effect of a change of the GitOps tree on one object. */
export interface TreeEffect {
  /** `PersistentVolumeClaim ollama/ollama-models-0a1b2c3d4e` */
  readonly object: string;
  readonly action: 'create' | 'update' | 'delete' | 'keep';
  readonly effect: Effect;
  readonly subject: TreeSubject;
  /** Which one is affected: the name of a pool or of an Application. */
  readonly name?: string;
  /** Versions of a chart that is upgraded. */
  readonly versions?: { readonly from: string; readonly to: string };
}

/** What a sync of the GitOps tree would change. */
export interface TreeChanges {
  /** Number of objects that are created, updated, and deleted. */
  readonly counts: { readonly create: number; readonly update: number; readonly delete: number };
  /** What is noticed, the worst first. */
  readonly effects: readonly TreeEffect[];
}

/** Annotation by which Helm and Argo CD keep an object that is no longer rendered. */
const HELM_KEEP = 'helm.sh/resource-policy';
const HELM_HOOK = 'helm.sh/hook';
/** Annotation in which Argo CD records the Application of an object. @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ */
const TRACKING = 'argocd.argoproj.io/tracking-id';
/** Annotation in which Helm records the release of an object. */
const RELEASE = 'meta.helm.sh/release-name';
const APPLICATION = 'argoproj.io/Application';
const CLAIM = 'PersistentVolumeClaim';
const SERVERS: readonly string[] = ['apps/Deployment', 'apps/StatefulSet'];

/** Kinds whose removal is noticed, and which are therefore searched for even if none is rendered any longer. */
export const WATCHED_KINDS: readonly string[] = [
  CLAIM,
  ...SERVERS,
  APPLICATION,
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute',
];

/** Returns the Application or release that an object of a cluster belongs to. */
function ownerOf({ metadata: { annotations = {} } }: TreeObject): string | undefined {
  return annotations[TRACKING]?.split(':')[0] ?? annotations[RELEASE];
}

/** Objects that a delivery renders. */
export interface RenderedTree {
  readonly objects: readonly TreeObject[];
  /** Names of the Applications or releases that they belong to. */
  readonly owners: readonly string[];
}

/**
 * Returns what a delivery of the rendered objects would change. Hooks are left out: they run again anyway.
 * @param cluster objects of the cluster of the kinds that are rendered or watched; those of others are ignored
 */
export function treeChanges(cluster: readonly TreeObject[], { objects, owners }: RenderedTree): TreeChanges {
  const wanted = objects.filter((object) => !isHook(object));
  const after = new Set(wanted.map(keyOf));
  const children = cluster.filter((object) => kindOf(object) === APPLICATION && ownerOf(object) === ROOT_APPLICATION);
  const ours = new Set([ROOT_APPLICATION, ...owners, ...children.filter(isObsolete(after)).map(nameOf)]);
  const running = cluster.filter(
    (object) => !isHook(object) && (after.has(keyOf(object)) || ours.has(ownerOf(object) ?? '')),
  );
  const before = new Map(running.map((object) => [keyOf(object), object]));
  const created = wanted.filter((object) => !before.has(keyOf(object)));
  const updated = wanted.flatMap((object) => {
    const old = before.get(keyOf(object));
    return old === undefined || isUnchanged(old, object) ? [] : [[old, object] as const];
  });
  const gone = running.filter(isObsolete(after));
  const deleted = gone.filter((object) => !isKept(object));
  const effects = [
    ...created.flatMap((object) => ofCreation(object, running, after)),
    ...updated.flatMap(([old, object]) => ofUpdate(old, object)),
    ...gone.flatMap((object) => ofRemoval(object, wanted)),
  ];
  return {
    counts: { create: created.length, update: updated.length, delete: deleted.length },
    effects: effects.sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect)),
  };
}

/** A pool whose volumes are all replaced starts with empty ones. An additional volume of an additional server loses nothing. */
function ofCreation(
  object: TreeObject,
  running: readonly TreeObject[],
  wanted: ReadonlySet<string>,
): readonly TreeEffect[] {
  const pool = poolOf(object);
  if (kindOf(object) !== CLAIM || pool === undefined) return [];
  const claims = running.filter((other) => kindOf(other) === CLAIM && poolOf(other) === pool);
  if (claims.length === 0 || !claims.every(isObsolete(wanted))) return [];
  return [{ ...described(object), action: 'create', effect: 'interrupts', subject: 'new-volume', name: pool }];
}

function ofUpdate(old: TreeObject, object: TreeObject): readonly TreeEffect[] {
  const change = { ...described(object), action: 'update' } as const;
  const pool = poolOf(object);
  const kind = kindOf(object);
  if (SERVERS.includes(kind) && pool !== undefined && !runsAs(templateOf(old), templateOf(object))) {
    return [{ ...change, effect: 'interrupts', subject: 'servers', name: pool }];
  }
  if (kind === 'ConfigMap' && object.metadata.namespace === GATEWAY_NAMESPACE && !runsAs(dataOf(old), dataOf(object))) {
    return [{ ...change, effect: 'replaces', subject: 'gateways' }];
  }
  if (kind !== APPLICATION) return [];
  const { name } = object.metadata;
  const [from, to] = [chartVersionOf(old), chartVersionOf(object)];
  if (from === undefined || to === undefined) return [];
  return from === to
    ? [{ ...change, effect: 'replaces', subject: 'chart', name }]
    : [{ ...change, effect: 'upgrades', subject: 'chart', name, versions: { from, to } }];
}

function ofRemoval(object: TreeObject, wanted: readonly TreeObject[]): readonly TreeEffect[] {
  const pool = poolOf(object);
  const change = { ...described(object), ...(pool !== undefined && { name: pool }) };
  const kept = isKept(object);
  switch (kindOf(object)) {
    case CLAIM:
      return kept
        ? [{ ...change, action: 'keep', effect: 'forgets', subject: 'old-volume' }]
        : [{ ...change, action: 'delete', effect: 'loses', subject: 'models' }];
    case 'apps/Deployment':
    case 'apps/StatefulSet':
      return pool === undefined
        ? []
        : [
            {
              ...change,
              action: isServed(pool, wanted) ? 'update' : 'delete',
              effect: 'interrupts',
              subject: 'servers',
            },
          ];
    case 'gateway.networking.k8s.io/Gateway':
      return [{ ...change, action: 'delete', effect: 'interrupts', subject: 'listener' }];
    case 'gateway.networking.k8s.io/HTTPRoute':
      return [{ ...change, action: 'delete', effect: 'interrupts', subject: 'route' }];
    case APPLICATION:
      return [
        { ...change, action: 'delete', effect: 'interrupts', subject: 'application', name: object.metadata.name },
      ];
    default:
      return [];
  }
}

/** Servers whose object gets another name, as it does with other volumes, only restart. */
function isServed(pool: string, wanted: readonly TreeObject[]): boolean {
  return wanted.some((object) => SERVERS.includes(kindOf(object)) && poolOf(object) === pool);
}

/** Compares what a user sets. An Application has no defaults, so a value that is no longer rendered is a change, too. */
function isUnchanged(old: TreeObject, object: TreeObject): boolean {
  const [running, rendered] = [old, object].map(contentOf);
  if (!runsAs(running, rendered)) return false;
  return kindOf(object) !== APPLICATION || runsAs(valuesOf(object), valuesOf(old));
}

/** Others add labels and annotations, so those that are rendered are compared one by one. */
function contentOf({ metadata: { labels = {}, annotations = {} }, ...fields }: TreeObject): object {
  const marks = [...Object.entries(labels), ...Object.entries(annotations)];
  return {
    ...fields,
    ...Object.fromEntries(marks.map(([key, value]) => [`metadata/${key}`, value])),
    apiVersion: undefined,
  };
}

function isObsolete(rendered: ReadonlySet<string>): (object: TreeObject) => boolean {
  return (object) => !rendered.has(keyOf(object));
}

function nameOf({ metadata: { name } }: TreeObject): string {
  return name;
}

/** `PersistentVolumeClaim ollama/models` */
function described({ kind, metadata: { namespace, name } }: TreeObject): { readonly object: string } {
  return { object: `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}` };
}

function keyOf(object: TreeObject): string {
  const { namespace = '', name } = object.metadata;
  return `${kindOf(object)} ${namespace}/${name}`;
}

function isHook({ metadata: { annotations = {} } }: TreeObject): boolean {
  return annotations[HOOK] !== undefined || annotations[HELM_HOOK] !== undefined;
}

function isKept({ metadata: { annotations = {} } }: TreeObject): boolean {
  return annotations[HELM_KEEP] === 'keep' || (annotations[SYNC_OPTIONS] ?? '').split(',').includes('Prune=false');
}

function poolOf({ metadata }: TreeObject): string | undefined {
  return metadata.labels?.[POOL_LABEL];
}

function templateOf({ spec }: TreeObject): unknown {
  return isRecord(spec) ? spec['template'] : undefined;
}

function dataOf({ data }: TreeObject): unknown {
  return data;
}

function sourceOf({ spec }: TreeObject): Readonly<Record<string, unknown>> {
  const source = isRecord(spec) ? spec['source'] : undefined;
  return isRecord(source) ? source : {};
}

/** Returns the version of an Application's chart; undefined for an Application of manifests, which are compared by themselves. */
function chartVersionOf(object: TreeObject): string | undefined {
  const { chart, targetRevision } = sourceOf(object);
  return typeof chart === 'string' && typeof targetRevision === 'string' ? targetRevision : undefined;
}

function valuesOf(object: TreeObject): unknown {
  const { chart, helm } = sourceOf(object);
  return chart !== undefined && isRecord(helm) ? helm['valuesObject'] : undefined;
}
