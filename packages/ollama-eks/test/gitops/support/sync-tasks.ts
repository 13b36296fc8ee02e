/** Tasks of a sync, and their order (gitops-engine/pkg/sync/sync_tasks.go). */
import type { Application, Manifest } from '../../../src/gitops/application';
import { HOOK, SYNC_WAVE } from '../../../src/gitops/manifests';

const PHASES = ['PreSync', 'Sync', 'PostSync'];

/** State of a task. */
export type State = 'pending' | 'running' | 'done' | 'failed';

/** Something to apply, and its state. */
export interface Task {
  readonly order: number;
  state: State;
}

/** The task of one manifest. */
export interface ManifestTask extends Task {
  readonly manifest: Manifest;
}

/** The tasks of the root, by name of the child. */
export function rootTasks(applications: readonly Application[]): Map<string, Task> {
  return new Map(applications.map(({ name, wave }) => [name, { order: wave, state: 'pending' }]));
}

/** The tasks of objects: by phase, then by wave. */
export function childTasks(manifests: readonly Manifest[]): ManifestTask[] {
  return manifests.map((manifest) => {
    const { annotations = {} } = manifest.metadata;
    const phase = PHASES.indexOf(annotations[HOOK] ?? 'Sync');
    return { manifest, order: phase * 1000 + Number(annotations[SYNC_WAVE] ?? 0), state: 'pending' };
  });
}

/** Whether tasks are of more than one phase or wave. */
export function isMultiStep(tasks: readonly Task[]): boolean {
  return new Set(tasks.map(({ order }) => order)).size > 1;
}

/** Ends a task well. */
export function complete(task: Task): void {
  task.state = 'done';
}

/** Determines the next step of a sync from the state of its running tasks. */
export function nextTasks(tasks: readonly Task[]): 'waiting' | 'failed' | 'done' | readonly Task[] {
  if (tasks.some(({ state }) => state === 'running')) {
    return 'waiting';
  }
  if (tasks.some(({ state }) => state === 'failed')) {
    return 'failed';
  }
  const pending = tasks.filter(({ state }) => state === 'pending');
  const next = Math.min(...pending.map(({ order }) => order));
  return pending.length === 0 ? 'done' : pending.filter(({ order }) => order === next);
}

/** Determines the state of a running task from the health of its object. */
export function stateOf(health: string): State {
  return health === 'Healthy' ? 'done' : health === 'Degraded' ? 'failed' : 'running';
}
