/**
 * What controllers and kubelets would do with the objects of an installation, on an API server that has none: workloads become ready,
 * claims are bound, Jobs end, gateways are programmed if their certificate exists, and objects whose deletion waits for their dependents
 * are released.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { KubeProxy, LiveObject } from './kube-proxy';

/** How often every object is looked at, in milliseconds. */
const INTERVAL = 500;
const NOW = () => `${new Date().toISOString().slice(0, 19)}Z`;

interface Resource {
  readonly name: string;
  readonly verbs: readonly string[];
}

interface Group {
  readonly versions: readonly { readonly groupVersion: string }[];
}

type Listeners = readonly {
  readonly name: string;
  readonly tls?: { readonly certificateRefs?: readonly { readonly name: string }[] };
}[];

export class Controllers {
  /** Whether Jobs succeed. */
  public jobsSucceed = true;
  private running = true;
  private readonly ended: Promise<void>;
  private failure?: Error;
  private types: readonly string[] = [];

  public constructor(private readonly api: KubeProxy) {
    this.ended = this.run().catch((cause: unknown) => {
      this.failure = new Error('the controllers have ended', { cause });
    });
  }

  /** Fails with the error that ended the controllers, if one did. */
  public expectRunning(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  public async stop(): Promise<void> {
    this.running = false;
    await this.ended;
    this.expectRunning();
  }

  private async run(): Promise<void> {
    for (let round = 0; this.running; round += 1) {
      if (round % 20 === 0) this.types = await this.discover();
      for (const path of this.types) {
        for (const object of await this.api.list(path)) await this.reconcile(path, object);
      }
      await pause(INTERVAL);
    }
  }

  /** Returns the paths of everything that can be listed and deleted. A type may exist in some versions of its group only. */
  private async discover(): Promise<readonly string[]> {
    const found = await this.api.get<{ groups: readonly Group[] }>('/apis');
    const groups = (found?.groups ?? []).map(({ versions }) => versions.map((one) => `/apis/${one.groupVersion}`));
    const paths = await Promise.all([['/api/v1'], ...groups].map((versions) => this.typesOf(versions)));
    return paths.flat();
  }

  private async typesOf(versions: readonly string[]): Promise<readonly string[]> {
    const paths = new Map<string, string>();
    for (const version of versions) {
      const { resources = [] } = (await this.api.get<{ resources: readonly Resource[] }>(version)) ?? {};
      for (const { name, verbs } of resources) {
        const isObject = !name.includes('/') && verbs.includes('list') && verbs.includes('delete');
        if (isObject && !paths.has(name)) paths.set(name, `${version}/${name}`);
      }
    }
    return [...paths.values()];
  }

  private async reconcile(path: string, object: LiveObject): Promise<void> {
    const { metadata } = object;
    const own = pathOf(path, object);
    const waits = metadata.finalizers?.some((name) =>
      ['foregroundDeletion', 'kubernetes.io/pvc-protection'].includes(name),
    );
    if (metadata.deletionTimestamp !== undefined) {
      const { resourceVersion } = metadata; // others release the object at the same time
      if (waits === true)
        await this.api.patch(own, { metadata: { resourceVersion, finalizers: released(metadata.finalizers) } });
      return;
    }
    const status = await this.statusOf(path.split('/').at(-1) ?? '', object);
    if (status === undefined || includes(object.status, status)) return;
    await this.api.patch(`${own}/status`, { status });
  }

  /** Returns the status that a controller would write; undefined for other kinds. */
  private async statusOf(type: string, object: LiveObject): Promise<object | undefined> {
    const { metadata, spec = {} } = object;
    const observedGeneration = metadata.generation;
    const replicas = Number(spec['replicas'] ?? 1);
    const up = {
      observedGeneration,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
    };
    switch (type) {
      case 'deployments':
        return up;
      case 'statefulsets':
        return { ...up, currentReplicas: replicas, currentRevision: 'one', updateRevision: 'one' };
      case 'persistentvolumeclaims':
        return { phase: 'Bound' };
      case 'jobs':
        return object.status?.['conditions'] === undefined ? this.jobStatus() : undefined;
      case 'gateways':
        return this.gatewayStatus(object);
      case 'httproutes': {
        const parents = spec['parentRefs'] as readonly object[];
        const conditions = [
          condition('Accepted', true, observedGeneration),
          condition('ResolvedRefs', true, observedGeneration),
        ];
        return {
          parents: parents.map((parentRef) => ({
            parentRef,
            controllerName: 'istio.io/gateway-controller',
            conditions,
          })),
        };
      }
      default:
        return undefined;
    }
  }

  private jobStatus(): object {
    const time = NOW();
    const of = (type: string, message: string) => ({
      type,
      status: 'True',
      lastTransitionTime: time,
      reason: 'Stub',
      message,
    });
    return this.jobsSucceed
      ? {
          startTime: time,
          completionTime: time,
          succeeded: 1,
          conditions: [of('SuccessCriteriaMet', ''), of('Complete', '')],
        }
      : { startTime: time, failed: 1, conditions: [of('FailureTarget', ''), of('Failed', 'no model answers')] };
  }

  private async gatewayStatus({ metadata, spec = {} }: LiveObject): Promise<object> {
    const { namespace = '', generation } = metadata;
    const names = (await this.api.list(`/api/v1/namespaces/${namespace}/secrets`)).map(
      (secret) => secret.metadata.name,
    );
    const listeners = (spec['listeners'] as Listeners).map(({ name, tls }) => {
      const missing = tls?.certificateRefs?.find((reference) => !names.includes(reference.name));
      const resolved = condition(
        'ResolvedRefs',
        missing === undefined,
        generation,
        `secret ${missing?.name ?? ''} not found`,
      );
      return { name, attachedRoutes: 0, supportedKinds: [], conditions: [resolved] };
    });
    const valid = listeners.some(({ conditions }) => conditions.every(({ status }) => status === 'True'));
    const conditions = [
      condition('Accepted', valid, generation, "None of the Gateway's listeners are valid"),
      condition('Programmed', true, generation),
    ];
    return { conditions, listeners };
  }
}

function condition(type: string, isMet: boolean, observedGeneration: number | undefined, message = '') {
  return {
    type,
    status: isMet ? 'True' : 'False',
    reason: isMet ? type : 'Invalid',
    message: isMet ? '' : message,
    observedGeneration,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
}

function pathOf(type: string, { metadata: { name, namespace } }: LiveObject): string {
  if (namespace === undefined) return `${type}/${name}`;
  const at = type.lastIndexOf('/');
  return `${type.slice(0, at)}/namespaces/${namespace}${type.slice(at)}/${name}`;
}

/** A list without entries must be null: a merge patch removes nothing from a list. */
function released(finalizers: readonly string[] = []): readonly string[] | null {
  const left = finalizers.filter((name) => !['foregroundDeletion', 'kubernetes.io/pvc-protection'].includes(name));
  return left.length === 0 ? null : left;
}

function includes(status: Readonly<Record<string, unknown>> = {}, wanted: object): boolean {
  return Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(status[key], value));
}
