/**
 * Argo CD's wave engine over a simulated cluster, with the rules of its source:
 * - A task of a wave ends when its object is healthy, and fails when it is degraded. Otherwise the sync waits, except after
 *   the last wave if that is not a hook (gitops-engine/pkg/sync/sync_context.go, Sync).
 * - A failed sync is retried with growing pauses, in which its phase stays `Running`. It keeps the source that it began
 *   with, and so the revision that this source pins. No other sync begins meanwhile. A sync without retries or time left
 *   ends, and its source is never tried again (controller/appcontroller.go, processRequestedAppOperation and autoSync).
 * - A sync begins on its own if something other than hooks is out of sync. Whether another revision of the tree is tried
 *   depends only on the source (controller/appcontroller.go, autoSync and alreadyAttemptedSync).
 * - An Application whose source cannot be read keeps its health, and is not synced (controller/state.go, CompareAppState).
 * - An Application's health is the worst of its objects, ignoring hooks, missing objects and objects marked to be ignored
 *   (controller/health.go, setApplicationHealth).
 * - Deletion starts with the highest wave, one wave at a time (controller/sort_delete.go).
 * The health of a child is the result of the real Lua check on its real manifest.
 */
import type { Application } from '../../../src/gitops/application';
import { RETRY } from '../../../src/gitops/child-application';
import { syncTimeoutSeconds } from '../../../src/gitops/argo-cd-values';
import { isHook } from '../../../src/gitops/manifests';
import { applicationHealth, DELIVERED_CHECKS, type HealthChecks } from './health-checks';
import type { Verdict } from './lua';
import { type Operation, fail, isPausing, newOperation } from './operation';
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
import { SimulatedCluster, type World, objectId } from './simulated-cluster';
import { type Rendering, rendering } from './rendering';

const TICK_SECONDS = 20;

/** One event. */
export interface Event {
  readonly at: number;
  readonly what: 'applied' | 'healthy' | 'sync-failed' | 'root-failed' | 'root-synced' | 'deleted';
  readonly application: string;
  readonly wave: number;
}

interface Child {
  /** Desired spec. */
  wanted: Rendering;
  /** State at the last refresh; one tick behind, as in Argo CD. */
  seen?: Rendering;
  /** The last sync, with the desired state when it began. */
  operation?: Operation & { readonly of: Rendering };
  tasks: ManifestTask[];
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
  private readonly numbers = new WeakMap<Rendering, number>();
  private count = 0;
  private head: Revision | undefined;
  private root: (Operation & { revision: Revision; tasks: Map<string, Task> }) | undefined;
  private deleting = false;

  /**
   * @param checks health checks in `argocd-cm`
   * @param retry retry policy of root and children
   * @param timeout time limit of a sync in seconds; by default the one that the delivery sets
   */
  public constructor(
    world: World,
    private readonly checks: HealthChecks = DELIVERED_CHECKS,
    private readonly retry: { readonly limit: number } = RETRY,
    private readonly timeout?: number,
  ) {
    this.cluster = new SimulatedCluster(world, checks);
  }

  /** Commits a tree; an idle root starts to sync it. */
  public commit(id: string, applications: readonly Application[]): void {
    this.head = { id, applications };
  }

  /** Starts the last sync of a child and of the root again, if they have failed without a retry, as `deploy` does. */
  public startFailedSyncs(): void {
    for (const child of this.children.values()) {
      if (child.operation?.phase === 'Failed') delete child.operation;
    }
    if (this.root?.phase === 'Failed') this.root = undefined;
  }

  /** Ends the root's sync if it is of an older revision, as `deploy` does. */
  public endOlderSync(): void {
    if (this.root?.phase === 'Running' && this.root.revision !== this.head) this.root.phase = 'Failed';
  }

  /** Deletes the root. */
  public delete(): void {
    this.deleting = true;
  }

  /** Advances time until a condition holds; returns false if it does not within the given seconds. */
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

  /** Whether a child matches its newest spec, independent of the Lua check. */
  private isUp({ wanted, operation }: Child): boolean {
    const idle = operation?.phase !== 'Running';
    return idle && this.cluster.syncOf(wanted) === 'Synced' && this.cluster.healthOf(wanted.application) === 'Healthy';
  }

  /** Result of the Lua check on a child. */
  public healthOf(name: string): string {
    const child = this.children.get(name);
    return child === undefined ? 'Missing' : this.verdict(child).status;
  }

  /** Whether the last sync of a child has failed without a retry, and the root's sync has ended. */
  public hasFailed(name: string): boolean {
    return this.children.get(name)?.operation?.phase === 'Failed' && this.root?.phase !== 'Running';
  }

  /** The last sync of a child. */
  public operationOf(name: string): Operation | undefined {
    return this.children.get(name)?.operation;
  }

  /** Revision of the tree in a child's spec. */
  public revisionOf(name: string): string | undefined {
    return this.children.get(name)?.wanted.revision;
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
        this.report('healthy', child.wanted.application, this.numberOf(child.wanted));
      }
      child.seen = child.wanted;
    }
  }

  // the root

  private syncRoot(): void {
    const { head } = this;
    if (head === undefined) return;
    if (this.root === undefined || (this.root.phase !== 'Running' && this.root.revision !== head)) {
      this.root = { ...newOperation(this.cluster.now), revision: head, tasks: rootTasks(head.applications) };
    }
    const root = this.root;
    if (root.phase !== 'Running' || this.isOutOfTime(root) || isPausing(root, this.cluster.now)) {
      return;
    }
    if (root.retryAt !== undefined) {
      delete root.retryAt;
      root.tasks = rootTasks(root.revision.applications);
    }
    for (const [name, task] of root.tasks) {
      task.state = task.state === 'running' ? stateOf(this.healthOf(name)) : task.state;
    }
    const outcome = nextTasks([...root.tasks.values()]);
    if (outcome === 'failed') {
      fail(root, 'a child is degraded', this.retry.limit, this.cluster.now);
      this.log('root-failed', 'root', 0);
    } else if (outcome === 'done') {
      this.succeedRoot();
    } else if (outcome !== 'waiting') {
      this.applyChildren(root.revision, outcome);
      const last = [...root.tasks.values()].every((task) => task.state !== 'pending');
      if (last) {
        this.succeedRoot(); // a sync does not wait after its last wave
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
      const wanted = rendering(application, id);
      const child = this.children.get(application.name) ?? { wanted, tasks: [], deleting: false };
      // Applying an identical object changes nothing.
      const same = JSON.stringify(child.wanted.spec) === JSON.stringify(wanted.spec);
      this.children.set(application.name, Object.assign(child, { wanted: same ? child.wanted : wanted }));
      task.state = 'running';
      this.log('applied', application.name, application.wave);
    }
  }

  // a child

  private syncChild(child: Child): void {
    const { cluster } = this;
    if (child.operation?.phase !== 'Running') {
      const { wanted } = child;
      const tried = child.operation?.of === wanted && child.operation.phase === 'Failed';
      if (child.seen !== wanted || cluster.syncOf(wanted) !== 'OutOfSync' || tried) {
        return;
      }
      child.operation = { ...newOperation(this.cluster.now), of: wanted };
      child.tasks = childTasks(wanted.manifests);
    }
    const { operation } = child;
    const { application, manifests } = operation.of;
    if (this.isOutOfTime(operation) || isPausing(operation, cluster.now)) {
      return;
    }
    if (operation.retryAt !== undefined) {
      delete operation.retryAt;
      child.tasks = childTasks(manifests);
    }
    for (const task of child.tasks) {
      const live = cluster.objects.get(objectId(application, task.manifest));
      task.state =
        task.state === 'running' ? (live ? stateOf(cluster.health(live) ?? 'Healthy') : 'failed') : task.state;
    }
    if (!isMultiStep(child.tasks)) {
      // The sync waits only for hooks.
      child.tasks.filter(({ state, manifest }) => state === 'running' && !isHook(manifest)).forEach(complete);
    }
    const outcome = nextTasks(child.tasks);
    if (outcome === 'done' && application.source.kind === 'chart') {
      this.applyTasks(child, application, []); // a chart is one object here
    } else if (outcome === 'failed') {
      this.failChild(child, 'an object is degraded');
    } else if (outcome === 'done') {
      operation.phase = 'Succeeded';
    } else if (outcome !== 'waiting') {
      this.applyTasks(child, application, outcome as ManifestTask[]);
    }
  }

  private applyTasks(child: Child, application: Application, tasks: ManifestTask[]): void {
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
      fail(child.operation, message, this.retry.limit, this.cluster.now);
      const { name, wave } = child.operation.of.application;
      this.log('sync-failed', name, wave);
    }
  }

  /** Ends an operation at its time limit; it is not retried. */
  private isOutOfTime(operation: Operation): boolean {
    const over =
      this.cluster.now > operation.startedAt + (this.timeout ?? syncTimeoutSeconds(this.head?.applications ?? []));
    if (over) {
      operation.phase = 'Failed';
      operation.message = 'operation is terminating due to timeout';
    }
    return over;
  }

  private verdict({ wanted, seen, operation }: Child): Verdict {
    const health = seen && this.cluster.healthOf(seen.application);
    const sync = seen && this.cluster.syncOf(seen);
    const number = seen && this.numberOf(seen);
    const started = operation && this.numberOf(operation.of);
    const key = [this.numberOf(wanted), number, health, sync, started, operation?.phase, operation?.retryCount].join(
      ' ',
    );
    const known = this.verdicts.get(key);
    if (known !== undefined) return known;
    const comparedTo = { source: seen?.spec.source };
    const status = seen && {
      health: { status: health },
      sync: { status: sync, comparedTo },
      ...(operation && {
        operationState: {
          phase: operation.phase,
          retryCount: operation.retryCount,
          operation: { sync: { source: operation.of.spec.source } },
        },
      }),
    };
    const verdict = applicationHealth(this.checks, { spec: wanted.spec, status });
    this.verdicts.set(key, verdict);
    return verdict;
  }

  /** Renderings, numbered to get short keys. */
  private numberOf(wanted: Rendering): number {
    const number = this.numbers.get(wanted) ?? (this.count += 1);
    this.numbers.set(wanted, number);
    return number;
  }

  // deletion

  private deleteHighestWave(): void {
    const children = [...this.children.values()];
    const highest = Math.max(...children.map(({ wanted }) => wanted.application.wave));
    for (const { wanted } of children.filter((child) => child.wanted.application.wave === highest)) {
      const { application } = wanted;
      if (this.deleteObjects(application)) {
        this.children.delete(application.name);
        this.log('deleted', application.name, application.wave);
      }
    }
  }

  /** Deletes the objects of a child that cascades; returns whether all are gone. */
  private deleteObjects(application: Application): boolean {
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
