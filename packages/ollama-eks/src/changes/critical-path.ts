import { creationTime } from '../catalogue/creation-times';

/** Something that takes time and starts as soon as everything that it needs is done. */
export interface Task {
  readonly seconds: number;
  /** Names of tasks; others are ignored. */
  readonly needs: readonly string[];
}

/** The longest chain of tasks, which decides when all are done. */
export interface CriticalPath {
  readonly seconds: number;
  /** Names, in the order in which they run. */
  readonly tasks: readonly string[];
}

/** Resources of a `cdk.tf.json`, by type and id. */
export type TerraformResources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const ADDRESS = /[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/g;
const NOTHING: CriticalPath = { seconds: 0, tasks: [] };

/**
 * Returns the longest chain of tasks that run in parallel without a limit.
 * @throws Error if tasks need each other
 */
export function criticalPath(tasks: Readonly<Record<string, Task>>): CriticalPath {
  const paths = new Map<string, CriticalPath>();
  const open = new Set<string>();
  const pathTo = (name: string, { seconds, needs }: Task): CriticalPath => {
    const known = paths.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) throw new Error(`${name} needs itself`);
    open.add(name);
    const before = longest(needs.flatMap((need) => (tasks[need] === undefined ? [] : [pathTo(need, tasks[need])])));
    const path = { seconds: before.seconds + seconds, tasks: [...before.tasks, name] };
    paths.set(name, path);
    return path;
  };
  return longest(Object.entries(tasks).map(([name, task]) => pathTo(name, task)));
}

/** Returns the creation of resources as tasks, by address. Each needs what it references or names in `depends_on`, except through data sources. */
export function creationTasks(resources: TerraformResources): Readonly<Record<string, Task>> {
  const elements = Object.entries(resources).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, element]) => ({ type, address: `${type}.${id}`, element })),
  );
  const known = new Set(elements.map(({ address }) => address));
  return Object.fromEntries(
    elements.map(({ type, address, element }) => {
      const named = new Set(JSON.stringify(element).match(ADDRESS));
      const needs = [...named].filter((name) => name !== address && known.has(name));
      return [address, { seconds: creationTime(type).seconds, needs }];
    }),
  );
}

function longest(paths: readonly CriticalPath[]): CriticalPath {
  return paths.reduce((found, path) => (path.seconds > found.seconds ? path : found), NOTHING);
}
