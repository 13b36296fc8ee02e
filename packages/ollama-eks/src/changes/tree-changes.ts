import { kindOf } from '../catalogue/kubernetes-kinds';
import { ROOT_APPLICATION } from '../gitops/names';
import type { TreeObject } from '../gitops/synthesized-trees';
import { GATEWAY_NAMESPACE } from '../workload/names';
import { type Effect, worstFirst } from './effects';
import { runsAs } from './running-object';
import {
  APPLICATION,
  chartValuesOf,
  chartVersionOf,
  isKept,
  keyOf,
  ownerOf,
  podTemplateOf,
  poolOf,
  runsAsHook,
  titleOf,
} from './tree-object';

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

const CLAIM = 'PersistentVolumeClaim';
const SERVERS: readonly string[] = ['apps/Deployment', 'apps/StatefulSet'];

type Removal = Pick<TreeEffect, 'effect' | 'subject'>;
const STOP: Removal = { effect: 'interrupts', subject: 'servers' };

/** What the removal of an object does, by its kind. The removal of any other is not noticed. */
const REMOVALS: Readonly<Record<string, Removal>> = {
  [CLAIM]: { effect: 'loses', subject: 'models' },
  ...Object.fromEntries(SERVERS.map((kind) => [kind, STOP])),
  [APPLICATION]: { effect: 'interrupts', subject: 'application' },
  'gateway.networking.k8s.io/Gateway': { effect: 'interrupts', subject: 'listener' },
  'gateway.networking.k8s.io/HTTPRoute': { effect: 'interrupts', subject: 'route' },
};

/** Kinds whose removal is noticed, and which are therefore searched for even if none is rendered any longer. */
export const WATCHED_KINDS: readonly string[] = Object.keys(REMOVALS);

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
  const wanted = objects.filter((object) => !runsAsHook(object));
  const after = new Set(wanted.map(keyOf));
  const children = cluster.filter((object) => kindOf(object) === APPLICATION && ownerOf(object) === ROOT_APPLICATION);
  const ours = new Set([
    ROOT_APPLICATION,
    ...owners,
    ...children.filter(isObsolete(after)).map(({ metadata }) => metadata.name),
  ]);
  const running = cluster.filter(
    (object) => !runsAsHook(object) && (after.has(keyOf(object)) || ours.has(ownerOf(object) ?? '')),
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
    effects: effects.sort(worstFirst),
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
  return [{ object: titleOf(object), action: 'create', effect: 'interrupts', subject: 'new-volume', name: pool }];
}

function ofUpdate(old: TreeObject, object: TreeObject): readonly TreeEffect[] {
  const change = { object: titleOf(object), action: 'update' } as const;
  const pool = poolOf(object);
  const kind = kindOf(object);
  if (SERVERS.includes(kind) && pool !== undefined && !runsAs(podTemplateOf(old), podTemplateOf(object))) {
    return [{ ...change, effect: 'interrupts', subject: 'servers', name: pool }];
  }
  if (kind === 'ConfigMap' && object.metadata.namespace === GATEWAY_NAMESPACE && !runsAs(old['data'], object['data'])) {
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
  const kind = kindOf(object);
  const pool = poolOf(object);
  const removal = REMOVALS[kind];
  if (removal === undefined || (removal === STOP && pool === undefined)) return [];
  const name = kind === APPLICATION ? object.metadata.name : pool;
  const change = { object: titleOf(object), ...(name !== undefined && { name }) };
  if (isKept(object)) {
    return kind === CLAIM ? [{ ...change, action: 'keep', effect: 'forgets', subject: 'old-volume' }] : [];
  }
  const restarts = removal === STOP && isServed(pool, wanted);
  return [{ ...change, action: restarts ? 'update' : 'delete', ...removal }];
}

/** Servers whose object gets another name, as it does with other volumes, only restart. */
function isServed(pool: string | undefined, wanted: readonly TreeObject[]): boolean {
  return wanted.some((object) => SERVERS.includes(kindOf(object)) && poolOf(object) === pool);
}

/** Compares what a user sets. An Application has no defaults, so a value that is no longer rendered is a change, too. */
function isUnchanged(old: TreeObject, object: TreeObject): boolean {
  const [running, rendered] = [old, object].map(contentOf);
  if (!runsAs(running, rendered)) return false;
  return kindOf(object) !== APPLICATION || runsAs(chartValuesOf(object), chartValuesOf(old));
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
