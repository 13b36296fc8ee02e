import { answer, failure, option, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** Applications of the project, and the seconds until each is healthy. */
const APPLICATIONS: Readonly<Record<string, number>> = {
  'ollama-root': 300,
  'istio-base': 60,
  ollama: 240,
  'ollama-model-prover': 290,
};

const NODES = [
  { name: 'ip-10-0-1-1', type: 'g5.12xlarge' },
  { name: 'ip-10-0-2-1', type: 'm7i.large' },
];

/** An Application of another team, which never becomes healthy. */
const FOREIGN = {
  kind: 'Application',
  metadata: { name: 'theirs', namespace: 'argocd' },
  spec: { project: 'default' },
  status: {
    health: { status: 'Degraded' },
    sync: { status: 'OutOfSync' },
    operationState: { phase: 'Failed', message: 'not ours' },
  },
};

/** kubectl, limited to what a deployment reads from the cluster. */
export function kubectl(state: ToolState, now: number, { args }: ToolCall): ToolAnswer {
  if (args[0] === 'version') return answer({ clientVersion: { gitVersion: 'v1.35.0' } });
  if (option(args, '--kubeconfig') === undefined) return failure('the current context is not ours');
  if (state.stacks['infra'] === undefined) return failure('Unable to connect to the server: dial tcp: no such host');
  if (args.includes('patch')) return patch(state, args);
  const kind = args[args.indexOf('get') + 1];
  const since = state.platformSince;
  switch (kind) {
    case 'applications.argoproj.io':
      if (since === undefined) return failure('error: the server doesn\'t have a resource type "applications"');
      return list([
        ...Object.keys(APPLICATIONS).map((name) => application(state, name, (now - since) / 1000)),
        FOREIGN,
      ]);
    case 'nodes':
      return list(NODES.map(({ name, type }) => node(name, type, since ?? now)));
    case 'daemonsets.apps':
      return list(since === undefined ? [] : [ztunnel(now - since)]);
    case 'deployments.apps':
      if (option(args, '--namespace') === 'istio-system') return list(istiodOf(state));
      return list(serversOf(state));
    default:
      return list([]);
  }
}

/** The part of the mesh on every node; it is ready after minutes. */
function ztunnel(age: number): object {
  const ready = age >= 120_000 ? NODES.length : 0;
  return {
    kind: 'DaemonSet',
    metadata: { name: 'ztunnel', namespace: 'istio-system' },
    status: { desiredNumberScheduled: NODES.length, numberReady: ready },
  };
}

/** The workload of the servers, and one of one server for each other pool. Servers without nodes stay pending. */
function serversOf({ aws, servers }: ToolState): object[] {
  const groups = Object.values(aws.nodeGroups);
  const others = groups.flatMap(({ pool }) => (pool === undefined || pool === 'gpu' ? [] : [pool]));
  return ['gpu', ...others].map((pool) => {
    const replicas = pool === 'gpu' ? servers : 1;
    const isAtZero = groups.some((group) => group.pool === pool && group.desiredSize === 0);
    const hasNodes = !isAtZero && !aws.withoutCapacity.includes(pool);
    return {
      kind: 'Deployment',
      metadata: { name: pool === 'gpu' ? 'ollama' : `ollama-${pool}`, labels: { 'ollama-eks/pool': pool } },
      spec: { replicas },
      status: { readyReplicas: hasNodes ? replicas : 0 },
    };
  });
}

/** Patches an Application as Argo CD understands it. The type needs its group: the cluster has Applications of app.k8s.io, too. */
function patch(state: ToolState, args: readonly string[]): ToolAnswer {
  const [kind, name = ''] = args.slice(args.indexOf('patch') + 1);
  if (kind !== 'applications.argoproj.io' || APPLICATIONS[name] === undefined)
    return failure(`Error from server (NotFound): ${kind ?? ''} "${name}" not found`);
  const fields = JSON.parse(option(args, '--patch') ?? '{}') as {
    readonly operation?: object;
    readonly status?: { readonly operationState?: { readonly phase?: string } | null };
  };
  const { operationState } = fields.status ?? {};
  if (operationState?.phase === 'Terminating') remove(state.olderSyncs, name);
  // with the state of the last sync, the new one has no retry left: its first failure is final
  const retries = operationState === null || state.stuck[name] === undefined;
  if (fields.operation !== undefined && retries) remove(state.givenUp, name);
  return answer({});
}

function remove(names: string[], name: string): void {
  const at = names.indexOf(name);
  if (at >= 0) names.splice(at, 1);
}

/** Message of a failed sync. What failed is in its result. */
const FAILED = 'one or more synchronization tasks completed unsuccessfully';

function application(state: ToolState, name: string, seconds: number) {
  return {
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: name === 'ollama-root' ? 'ollama-root' : 'ollama-workload',
      source: { targetRevision: 'v2' },
      syncPolicy: { automated: { prune: true }, retry: { limit: 11 } },
    },
    status: statusOf(state, name, seconds),
  };
}

function statusOf(state: ToolState, name: string, seconds: number): object {
  const { stuck, unreadable, givenUp, olderSyncs } = state;
  const message = unreadable[name];
  if (message !== undefined) return unread(message);
  const reason = stuck[name];
  const older = olderSyncs.includes(name);
  const over = givenUp.includes(name);
  const waits = name === 'ollama-root' && [stuck, unreadable].flatMap(Object.keys).length + givenUp.length > 0;
  const healthy = reason === undefined && !over && !older && !waits && seconds >= (APPLICATIONS[name] ?? 0);
  return {
    health: { status: healthy ? 'Healthy' : 'Progressing' },
    sync: { status: healthy ? 'Synced' : 'OutOfSync' },
    operationState: healthy
      ? { phase: 'Succeeded', message: 'successfully synced (all tasks run)' }
      : {
          ...operationOf(reason, over, older),
          operation: { sync: { source: { targetRevision: older ? 'v1' : 'v2' } } },
        },
  };
}

/** An Application that Argo CD has never been able to read: no sync begins, and nothing has failed. */
function unread(message: string): object {
  return {
    conditions: [{ type: 'ComparisonError', message }],
    health: { status: 'Healthy' },
    sync: { status: 'Unknown' },
  };
}

/** The last attempt of a sync: over, waiting for its next retry, or running. */
function operationOf(reason: string | undefined, over: boolean, older: boolean): object {
  const syncResult = {
    resources: [{ kind: 'StatefulSet', name: 'ollama', status: 'SyncFailed', message: reason ?? 'a quota' }],
  };
  if (over) return { phase: 'Failed', message: FAILED, retryCount: 11, syncResult };
  if (reason === undefined || older) return { phase: 'Running' };
  const message = `${FAILED}. Retrying attempt #3 at 4:15PM.`;
  return { phase: 'Running', message, retryCount: 3, finishedAt: '2026-01-01T00:00:00Z', syncResult };
}

function node(name: string, type: string, since: number) {
  return {
    kind: 'Node',
    metadata: {
      name,
      creationTimestamp: new Date(since).toISOString(),
      labels: { 'node.kubernetes.io/instance-type': type },
    },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

function list(items: readonly unknown[]): ToolAnswer {
  return answer({ kind: 'List', items });
}

/** istiod as its release was applied. */
function istiodOf(state: ToolState): readonly unknown[] {
  const release = state.stacks['platform']?.attributes?.['helm_release.istiod'] as { version: string } | undefined;
  if (release === undefined) return [];
  const containers = [{ image: `docker.io/istio/pilot:${release.version}-distroless` }];
  return [{ kind: 'Deployment', metadata: { name: 'istiod' }, spec: { template: { spec: { containers } } } }];
}
