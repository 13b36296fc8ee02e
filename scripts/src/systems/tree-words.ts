import {
  isListedModel,
  modelFigures,
  TREE_SUBJECTS,
  type PoolSummary,
  type TreeChanges,
  type TreeEffect,
} from '@org/ollama-eks/pure';
import { chartWords } from './chart-words';

/** What is known about the pools of a project, in its order. */
export type Pools = readonly PoolSummary[];

/** `GitOps tree: 2 to create, …`, and what is noticed of the changes, with their consequences. */
export function describeTree({ counts, effects }: TreeChanges, pools: Pools): string {
  const numbers = `${String(counts.create)} to create, ${String(counts.update)} to update, ${String(counts.delete)} to delete`;
  const lines = effects.flatMap((effect) => [`  ${describeTreeEffect(effect)}`, `    ${consequence(effect, pools)}`]);
  return [`GitOps tree: ${numbers}`, ...lines].join('\n');
}

/** `delete PersistentVolumeClaim ollama/models` */
export function describeTreeEffect({ action, object }: TreeEffect): string {
  return `${action} ${object}`;
}

function consequence(effect: TreeEffect, pools: Pools): string {
  const { subject, name = '', action, versions } = effect;
  const pool = pools.find((candidate) => candidate.name === name);
  switch (subject) {
    case 'models':
      return `the volume with ${modelsOf(pool)} is deleted${pool === undefined ? '' : ` and pulled again${minutes(pool)}`}`;
    case 'new-volume':
      return `pool ${name} gets a new, empty volume: ${modelsOf(pool)} are pulled again${minutes(pool)}`;
    case 'old-volume':
      return 'the volume stays, with its models, and costs money until you delete its claim';
    case 'servers':
      return action === 'delete'
        ? `servers of pool ${name} stop once their last request is answered`
        : restart(name, pool);
    case 'gateways':
      return 'gateway pods roll, nothing is interrupted';
    case 'listener':
    case 'route':
      return `requests are no longer accepted: the ${TREE_SUBJECTS[subject]} is removed`;
    case 'application':
      return `Application ${name} is removed with its objects`;
    case 'chart':
      return chartWords(name, versions);
  }
}

function restart(name: string, pool: PoolSummary | undefined): string {
  if (pool !== undefined && pool.replicas > 1) {
    return `servers of pool ${name} restart one at a time, and load their models again${about(pool.coldLoadSeconds)} each`;
  }
  return `the server of pool ${name} restarts, and answers again when its models are loaded${about(pool?.coldLoadSeconds)}`;
}

/** `18 GB of models` */
function modelsOf(pool: PoolSummary | undefined): string {
  const names = [...new Set(pool?.models.map(({ name }) => name))];
  if (names.length === 0 || !names.every(isListedModel)) return 'models';
  const bytes = names.reduce((sum, name) => sum + modelFigures(name).bytes, 0);
  return `${String(Math.ceil(bytes / 1e9))} GB of models`;
}

function minutes(pool: PoolSummary | undefined): string {
  return about(pool === undefined ? undefined : pool.pullSeconds + pool.coldLoadSeconds);
}

/** ` (about 6 min)` */
function about(seconds: number | undefined): string {
  return seconds === undefined ? '' : ` (about ${String(Math.max(1, Math.ceil(seconds / 60)))} min)`;
}
