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
      return list(Object.keys(APPLICATIONS).map((name) => application(state, name, (now - since) / 1000)));
    case 'nodes':
      return list(NODES.map(({ name, type }) => node(name, type, since ?? now)));
    case 'deployments.apps':
      return list([
        { kind: 'Deployment', metadata: { name: 'ollama' }, spec: { replicas: 2 }, status: { readyReplicas: 2 } },
      ]);
    default:
      return list([]);
  }
}

/** Ends a sync whose phase is set to end, and starts one of the current source, as Argo CD does. */
function patch(state: ToolState, args: readonly string[]): ToolAnswer {
  const [kind, name = ''] = args.slice(args.indexOf('patch') + 1);
  const at = state.olderSyncs.indexOf(name);
  if (kind !== 'application' || at < 0)
    return failure(`Error from server (NotFound): ${kind ?? ''} "${name}" not found`);
  const fields = JSON.parse(option(args, '--patch') ?? '{}') as {
    readonly status?: { readonly operationState?: { readonly phase?: string } };
  };
  if (fields.status?.operationState?.phase === 'Terminating') state.olderSyncs.splice(at, 1);
  return answer({});
}

function application(state: ToolState, name: string, seconds: number) {
  const reason = state.stuck[name];
  const older = state.olderSyncs.includes(name);
  const stuck = reason !== undefined || older || (name === 'ollama-root' && Object.keys(state.stuck).length > 0);
  const healthy = !stuck && seconds >= (APPLICATIONS[name] ?? 0);
  return {
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: { source: { targetRevision: 'v2' } },
    status: {
      health: { status: healthy ? 'Healthy' : 'Progressing' },
      sync: { status: healthy ? 'Synced' : 'OutOfSync' },
      operationState:
        reason === undefined
          ? { phase: 'Running', operation: { sync: { source: { targetRevision: older ? 'v1' : 'v2' } } } }
          : { phase: 'Failed', message: reason },
    },
  };
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
