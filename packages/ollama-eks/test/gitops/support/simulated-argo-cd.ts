/**
 * Argo CD's wave engine over a simulated cluster, by its own rules:
 * - a task of a wave ends when its object is healthy, and fails when it is degraded; else the sync waits, except after the
 *   last wave, if that is no hook (gitops-engine/pkg/sync/sync_context.go, Sync);
 * - a failed sync is retried with a growing pause, its phase staying `Running`, with the newest revision when it says
 *   so; a sync that is out of retries is never tried again (controller/appcontroller.go, processRequestedAppOperation
 *   and autoSync);
 * - an Application's health is the worst of its objects' without hooks, missing ones and ignored ones
 *   (controller/health.go, setApplicationHealth);
 * - deletion goes by the highest wave first, one wave at a time (controller/sort_delete.go).
 * The health of a child is what the real Lua check says of its real manifest.
 */
import type { Application } from '../../../src/gitops/application';
import { APPLICATION_HEALTH_CHECK } from '../../../src/gitops/application-health';
import { RETRY, childApplication } from '../../../src/gitops/child-application';
import { IGNORE_HEALTH, isHook } from '../../../src/gitops/manifests';
import { runHealthCheck, type Verdict } from './lua';
import {
  type ManifestTask,
  type Task,
  childTasks,
  complete,
  isMultiStep,
  nextTasks,
  rootTasks,
  stateOf,
} from './sync-tasks';
import { SimulatedCluster, type World, keptContents, objectId } from './simulated-cluster';

const TICK_SECONDS = 20;
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 180;

interface Operation {
  phase: 'Running' | 'Succeeded' | 'Failed';
  retryCount: number;
  message: string;
  retryAt?: number;
}

/** One line of what happened. */
export interface Event {
  readonly at: number;
  readonly what: 'applied' | 'healthy' | 'sync-failed' | 'root-failed' | 'root-synced' | 'deleted';
  readonly application: string;
  readonly wave: number;
}

interface Child {
  application: Application;
  spec: object;
  /** Spec and content that the last refresh saw; a tick behind, as in Argo CD. */
  seen?: { readonly spec: object; readonly application: Application };
  operation?: Operation;
  tasks: ManifestTask[];
  attempted?: number;
  deleting: boolean;
}

/** A revision of the tree. */
interface Revision {
  readonly id: string;
  readonly applications: readonly Application[];
}

export class SimulatedArgoCd {
  public readonly cluster: SimulatedCluster;
  public readonly events: Event[] = [];
  private readonly children = new Map<string, Child>();
  private readonly verdicts = new Map<string, Verdict>();
  private readonly reported = new Set<string>();
  private readonly numbers = new WeakMap<object, number>();
  private count = 0;
  private head: Revision | undefined;
  private root: (Operation & { revision: Revision; tasks: Map<string, Task> }) | undefined;
  private deleting = false;

  /** @param retry how root and children are retried */
  public constructor(
    world: World,
    private readonly healthCheck: string = APPLICATION_HEALTH_CHECK,
    private readonly retry: { readonly limit: number; readonly refresh: boolean } = RETRY,
  ) {
    this.cluster = new SimulatedCluster(world);
  }

  /** Commits a tree; a root that isn't busy starts to sync it. */
  public commit(id: string, applications: readonly Application[]): void {
    this.head = { id, applications };
  }

  /** Deletes the root. */
  public delete(): void {
    this.deleting = true;
  }

  /** Lets time pass until a condition holds; false when it doesn't within the given seconds. */
  public runUntil(condition: () => boolean, seconds: number): boolean {
    const end = this.cluster.now + seconds;
    while (!condition() && this.cluster.now < end) {
      this.tick();
    }
    return condition();
  }

  /** Whether the newest revision is synced and every Application is healthy. */
  public get healthy(): boolean {
    const synced = this.root?.phase === 'Succeeded' && this.root.revision === this.head;
    return synced && [...this.children.values()].every((child) => this.verdict(child).status === 'Healthy');
  }

  public get empty(): boolean {
    return this.children.size === 0;
  }

  /** Whether a child really is as its newest spec wants it, whatever Lua says. */
  private isUp({ application, operation }: Child): boolean {
    const idle = operation?.phase !== 'Running';
    return idle && this.isSynced(application) && this.aggregate(application) === 'Healthy';
  }

  /** What Lua says of a child. */
  public healthOf(name: string): string {
    const child = this.children.get(name);
    return child === undefined ? 'Missing' : this.verdict(child).status;
  }

  /** Names by the time of their first event of a kind. */
  public order(what: Event['what'], since = 0): readonly Event[] {
    return this.events.filter((event) => event.what === what && event.at >= since);
  }

  private tick(): void {
    this.cluster.now += TICK_SECONDS;
    this.cluster.collectDeleted();
    if (this.deleting) {
      this.deleteHighestWave();
      return;
    }
    this.syncRoot();
    for (const child of this.children.values()) {
      this.syncChild(child);
      if (this.isUp(child)) {
        this.report('healthy', child.application, this.numberOf(child.spec));
      }
      child.seen = { spec: child.spec, application: child.application };
    }
  }

  // the root

  private syncRoot(): void {
    const { head } = this;
    if (head === undefined) {
      return;
    }
    if (this.root === undefined || (this.root.phase !== 'Running' && this.root.revision !== head)) {
      this.root = { phase: 'Running', retryCount: 0, message: '', revision: head, tasks: rootTasks(head.applications) };
    }
    const root = this.root;
    if (root.phase !== 'Running' || isPausing(root, this.cluster.now)) {
      return;
    }
    if (root.retryAt !== undefined) {
      delete root.retryAt;
      root.revision = this.retry.refresh ? head : root.revision;
      root.tasks = rootTasks(root.revision.applications);
    }
    for (const [name, task] of root.tasks) {
      task.state = task.state === 'running' ? stateOf(this.healthOf(name)) : task.state;
    }
    const outcome = nextTasks([...root.tasks.values()]);
    if (outcome === 'failed') {
      this.fail(root, 'a child is degraded');
      this.log('root-failed', 'root', 0);
    } else if (outcome === 'done') {
      this.succeedRoot();
    } else if (outcome !== 'waiting') {
      this.applyChildren(root.revision, outcome);
      const last = [...root.tasks.values()].every((task) => task.state !== 'pending');
      if (last) {
        this.succeedRoot(); // after the last wave nothing is waited for
      }
    }
  }

  private succeedRoot(): void {
    if (this.root !== undefined) {
      this.root.phase = 'Succeeded';
      this.log('root-synced', this.root.revision.id, 0);
    }
  }

  private applyChildren({ id, applications }: Revision, tasks: readonly Task[]): void {
    for (const application of applications) {
      const task = this.root?.tasks.get(application.name);
      if (task === undefined || !tasks.includes(task)) {
        continue;
      }
      const location = { repository: 'r', revision: id, manifestPath: (name: string) => `manifests/${name}` };
      const { spec } = childApplication(application, location, 'argocd') as { readonly spec: object };
      const child = this.children.get(application.name) ?? { application, spec, tasks: [], deleting: false };
      // applying what is there already changes nothing
      const same = JSON.stringify(child.spec) === JSON.stringify(spec);
      this.children.set(application.name, Object.assign(child, { application, spec: same ? child.spec : spec }));
      task.state = 'running';
      this.log('applied', application.name, application.wave);
    }
  }

  // a child

  private syncChild(child: Child): void {
    const { cluster } = this;
    const key = this.numberOf(child.spec);
    if (child.operation?.phase !== 'Running') {
      const tried = child.attempted === key && child.operation?.phase === 'Failed';
      if (child.seen?.spec !== child.spec || this.isSynced(child.application) || tried) {
        return;
      }
      child.operation = { phase: 'Running', retryCount: 0, message: '' };
      child.attempted = key;
      child.tasks = childTasks(child.application);
    }
    const operation = child.operation;
    if (isPausing(operation, cluster.now)) {
      return;
    }
    if (operation.retryAt !== undefined) {
      delete operation.retryAt;
      child.attempted = key;
      child.tasks = childTasks(child.application);
    }
    for (const task of child.tasks) {
      const live = cluster.objects.get(objectId(child.application, task.manifest));
      task.state =
        task.state === 'running' ? (live ? stateOf(cluster.health(live) ?? 'Healthy') : 'failed') : task.state;
    }
    if (!isMultiStep(child.tasks)) {
      // only hooks are waited for
      child.tasks.filter(({ state, manifest }) => state === 'running' && !isHook(manifest)).forEach(complete);
    }
    const outcome = nextTasks(child.tasks);
    if (outcome === 'done' && child.application.source.kind === 'chart') {
      this.applyTasks(child, []); // a chart is one object here
    } else if (outcome === 'failed') {
      this.failChild(child, 'an object is degraded');
    } else if (outcome === 'done') {
      operation.phase = 'Succeeded';
    } else if (outcome !== 'waiting') {
      this.applyTasks(child, outcome as ManifestTask[]);
    }
  }

  private applyTasks(child: Child, tasks: ManifestTask[]): void {
    const { application } = child;
    const { namespace } = application;
    if (namespace.podSecurity !== undefined) {
      this.cluster.namespaces.add(namespace.name);
    }
    if (!this.cluster.namespaces.has(namespace.name)) {
      this.failChild(child, `namespace ${namespace.name} not found`);
      return;
    }
    const refusals = tasks.map(({ manifest }) => this.cluster.refusal(manifest, application)).filter(Boolean);
    if (refusals.length > 0) {
      this.failChild(child, refusals.join('; '));
      return;
    }
    if (application.source.kind === 'chart') {
      this.cluster.applyChart(application, application.source.chart);
    }
    for (const task of tasks) {
      if (isHook(task.manifest)) {
        this.cluster.remove(objectId(application, task.manifest)); // BeforeHookCreation
      }
      this.cluster.apply(application, task.manifest);
      task.state = 'running';
    }
    const more = child.tasks.some((task) => task.state === 'pending');
    if (!more && !tasks.some(({ manifest }) => isHook(manifest)) && child.operation) {
      child.operation.phase = 'Succeeded';
    }
  }

  private failChild(child: Child, message: string): void {
    if (child.operation !== undefined) {
      this.fail(child.operation, message);
      this.log('sync-failed', child.application.name, child.application.wave);
    }
  }

  private fail(operation: Operation, message: string): void {
    operation.message = message;
    if (this.retry.limit >= 0 && operation.retryCount >= this.retry.limit) {
      operation.phase = 'Failed';
      return;
    }
    operation.retryAt = this.cluster.now + Math.min(FIRST_PAUSE * 2 ** operation.retryCount, LONGEST_PAUSE);
    operation.retryCount += 1;
  }

  private isSynced(application: Application): boolean {
    const kept = [...keptContents(application)];
    return kept.every(([id, content]) => this.cluster.objects.get(id)?.content === content);
  }

  private verdict({ spec, seen, operation }: Child): Verdict {
    const health = seen && this.aggregate(seen.application);
    const sync = seen && (this.isSynced(seen.application) ? 'Synced' : 'OutOfSync');
    const number = seen && this.numberOf(seen.spec);
    const key = [this.numberOf(spec), number, health, sync, operation?.phase, operation?.retryCount].join(' ');
    const known = this.verdicts.get(key);
    if (known !== undefined) {
      return known;
    }
    const comparedTo = { source: (seen?.spec as { readonly source: object } | undefined)?.source };
    const status = seen && {
      health: { status: health },
      sync: { status: sync, comparedTo },
      ...(operation && { operationState: { phase: operation.phase, retryCount: operation.retryCount } }),
    };
    const verdict = runHealthCheck(this.healthCheck, { spec, status });
    this.verdicts.set(key, verdict);
    return verdict;
  }

  /** Specs by number, which makes for short keys. */
  private numberOf(spec: object): number {
    const number = this.numbers.get(spec) ?? (this.count += 1);
    this.numbers.set(spec, number);
    return number;
  }

  private aggregate(application: Application): string {
    const own = this.cluster.ownedBy(application.name);
    const counted = own.filter(
      ({ manifest }) => !manifest || !(isHook(manifest) || manifest.metadata.annotations?.[IGNORE_HEALTH] === 'true'),
    );
    const healths = counted.map((object) => this.cluster.health(object));
    const worst = ['Degraded', 'Progressing'].find((health) => healths.includes(health as 'Degraded'));
    return worst ?? (own.length === 0 ? 'Missing' : 'Healthy');
  }

  // deletion

  private deleteHighestWave(): void {
    const children = [...this.children.values()];
    const highest = Math.max(...children.map(({ application }) => application.wave));
    for (const child of children.filter(({ application }) => application.wave === highest)) {
      if (this.deleteObjects(child)) {
        this.children.delete(child.application.name);
        this.log('deleted', child.application.name, child.application.wave);
      }
    }
  }

  /** Deletes what a child has applied, when it cascades; true when all is gone. */
  private deleteObjects({ application }: Child): boolean {
    const own = this.cluster.ownedBy(application.name);
    if (application.cascade === false) {
      return true;
    }
    own.forEach((object) => {
      object.deleting = true;
    });
    return own.length === 0;
  }

  private log(what: Event['what'], application: string, wave: number): void {
    this.events.push({ at: this.cluster.now, what, application, wave });
  }

  private report(what: Event['what'], { name, wave }: Application, key: number): void {
    if (!this.reported.has(`${name} ${key}`)) {
      this.reported.add(`${name} ${key}`);
      this.log(what, name, wave);
    }
  }
}

function isPausing({ retryAt }: Operation, now: number): boolean {
  return retryAt !== undefined && now < retryAt;
}
