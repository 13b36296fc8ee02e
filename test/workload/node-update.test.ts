/**
 * EKS updates a managed node group while streams run that are as long as they may be. It evicts the pods of a node, as disruption
 * budgets allow, and fails the update if a pod is left after 15 minutes.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
 */
import {
  InfrastructureStack,
  OllamaGpuCluster,
  type Application,
  type Manifest,
  type OllamaGpuClusterProps,
} from '@org/ollama-eks';
import { Testing } from 'cdktf';
import type { PodSpec } from 'kubernetes-types/core/v1';
import { parse } from 'yaml';
import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';

/** Seconds that EKS waits for the pods of a node. */
const EKS_WAITS = 15 * 60;
/** Seconds until another pod replaces an evicted gateway: its image is pulled, and istiod sends its configuration. */
const GATEWAY_STARTS = 60;
/** Seconds for which a gateway that is going gets connections: until the load balancer has stopped using it. */
const GATEWAY_ACCEPTS = 180;
/** Seconds for which a server that is going gets requests: until istiod has configured the gateways. */
const SERVER_ACCEPTS = 10;

/** Seconds until the container of a new server runs: its image is pulled on a new node. */
const SERVER_STARTS = 180;

/** A pod as it ends, in seconds after its eviction. */
interface EndingPod {
  /** When it is killed. */
  readonly grace: number;
  /** When it ends by itself at the earliest. */
  readonly minimum: number;
  /** When it ends by itself at the latest. */
  readonly maximum: number;
  /** When it gets its last stream. */
  readonly lastStream: number;
}

/** What became of a node. */
interface Drain {
  /** Seconds until the last pod had left. */
  readonly seconds: number;
  /** Number of streams that did not complete. */
  readonly cutOff: number;
}

/** Evicts pods sequentially, each when the previous one is replaced, while streams start that last `stream` seconds. */
function drain(pods: readonly EndingPod[], stream: number, replacedAfter: number): Drain {
  const ends = pods.map(({ grace, minimum, maximum, lastStream }, index) => {
    const wanted = lastStream + stream;
    const leaves = Math.min(grace, maximum, Math.max(minimum, wanted));
    return { left: index * replacedAfter + leaves, isCutOff: leaves < wanted };
  });
  return {
    seconds: Math.max(...ends.map(({ left }) => left)),
    cutOff: ends.filter(({ isCutOff }) => isCutOff).length,
  };
}

describe.each(committedInstallations())('$name', ({ applications }) => {
  const stream = longestStream(applications);

  it.each(gatewayPods(applications))('a system node with %s ends its streams in time', (_, pods) => {
    expect(drain(pods, stream, GATEWAY_STARTS)).toEqual({ seconds: expect.any(Number), cutOff: 0 });
    expect(drain(pods, stream, GATEWAY_STARTS).seconds).toBeLessThanOrEqual(EKS_WAITS);
  });

  it('a GPU node ends its streams in time', () => {
    for (const pod of serverPods(applications)) {
      const { seconds, cutOff } = drain([pod], stream, 0);
      expect(cutOff).toBe(0);
      expect(seconds).toBeLessThanOrEqual(EKS_WAITS);
    }
  });
});

describe('requests of 15 minutes', () => {
  const [{ applications } = { applications: [] }] = installations();
  const stream = longestStream(applications);

  it.each(gatewayPods(applications))('complete, but the update of a system node with %s fails', (_, pods) => {
    expect(stream).toBe(900);
    const { seconds, cutOff } = drain(pods, stream, GATEWAY_STARTS);
    expect(cutOff).toBe(0);
    expect(seconds).toBeGreaterThan(EKS_WAITS);
  });
});

describe('servers that share a node', () => {
  const shared = { instanceType: 'g5.12xlarge', gpusPerReplica: 2, replicas: 2 };
  const crowded = { instanceType: 'g5.12xlarge', gpusPerReplica: 1, replicas: 4 };
  const cache = { kind: 'instance-store' } as const;
  const slow: readonly Partial<OllamaGpuClusterProps>[] = [
    { gpu: shared },
    { gpu: crowded, requestTimeoutSeconds: 120 },
    { gpu: { ...crowded, cache } },
  ];
  const quick: readonly Partial<OllamaGpuClusterProps>[] = [
    { gpu: { ...shared, replicas: 1 } },
    { gpu: { ...shared, gpusPerReplica: 4 } },
    { gpu: shared, requestTimeoutSeconds: 120 },
    { gpu: { ...shared, cache }, requestTimeoutSeconds: 120 },
  ];

  it.each(slow)('%j: the update fails during the longest streams, as synth warns', (props) => {
    const { seconds, warnings } = drainServers(props);
    expect(seconds).toBeGreaterThan(EKS_WAITS);
    expect(warnings).toContainEqual(expect.stringContaining('servers share a node'));
  });

  it.each(quick)('%j: all leave in time, and synth does not warn', (props) => {
    const { seconds, warnings } = drainServers(props);
    expect(seconds).toBeLessThanOrEqual(EKS_WAITS);
    expect(warnings).not.toContainEqual(expect.stringContaining('servers share a node'));
  });
});

/** Evicts the servers of the fullest node, each when the budget allows it: the previous one has been replaced. */
function drainServers(props: Partial<OllamaGpuClusterProps>): {
  readonly seconds: number;
  readonly warnings: readonly string[];
} {
  const { applications, summary } = clusterOf(props);
  const [pool] = summary.pools;
  const [pod] = serverPods(applications);
  if (pool === undefined || pod === undefined) throw new Error('no pool');
  const isSet = manifestsOf(applications, 'StatefulSet').length > 0;
  const starts = SERVER_STARTS + pool.coldLoadSeconds + (isSet ? 0 : pool.pullSeconds);
  let evicted = 0;
  let seconds = 0;
  for (let left = Math.ceil(pool.replicas / pool.nodes); left > 0; left -= 1) {
    seconds = evicted + drain([pod], summary.requestTimeoutSeconds, 0).seconds;
    evicted = (isSet ? seconds : evicted) + starts; // a set has one pod of a name at a time
  }
  return { seconds, warnings: summary.warnings };
}

/** Returns the seconds that a route allows for a request. */
function longestStream(applications: readonly Application[]): number {
  const routes = manifestsOf<HttpRoute>(applications, 'HTTPRoute');
  const timeouts = routes.flatMap(({ spec }) =>
    spec.rules.filter(({ name }) => name === 'inference').map(({ timeouts }) => seconds(timeouts.request)),
  );
  return Math.max(...timeouts);
}

/** Returns the gateway pods of a node: usually one, and both if the other zone has no node. */
function gatewayPods(applications: readonly Application[]): readonly (readonly [string, readonly EndingPod[]])[] {
  const options = manifestsOf<ConfigMap>(applications, 'ConfigMap').find(({ data }) => 'podDisruptionBudget' in data);
  const { spec } = parse(options?.data['deployment'] ?? '') as { spec: { template: { spec: PodSpec } } };
  const grace = spec.template.spec.terminationGracePeriodSeconds ?? 0;
  const minimum = seconds(environmentOf(spec.template.spec)['MINIMUM_DRAIN_DURATION']);
  const pod: EndingPod = { grace, minimum, maximum: Infinity, lastStream: GATEWAY_ACCEPTS };
  return [
    ['one gateway', [pod]],
    ['both gateways', [pod, pod]],
  ];
}

function clusterOf(props: Partial<OllamaGpuClusterProps>): OllamaGpuCluster {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  return new OllamaGpuCluster(stack, 'cluster', {
    clusterName: 'ollama',
    models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
    gpu: { instanceType: 'g5.xlarge' },
    ...props,
  });
}

function serverPods(applications: readonly Application[]): readonly EndingPod[] {
  const workloads = [
    ...manifestsOf<Servers>(applications, 'Deployment'),
    ...manifestsOf<Servers>(applications, 'StatefulSet'),
  ].filter(({ metadata }) => metadata.namespace === 'ollama');
  expect(workloads).not.toHaveLength(0);
  return workloads.map(({ spec: { template } }) => {
    const { SETTLE_SECONDS, DRAIN_SECONDS } = environmentOf(template.spec);
    const minimum = seconds(SETTLE_SECONDS);
    return {
      grace: template.spec.terminationGracePeriodSeconds ?? 0,
      minimum,
      maximum: minimum + seconds(DRAIN_SECONDS),
      lastStream: SERVER_ACCEPTS,
    };
  });
}

interface HttpRoute extends Manifest {
  readonly spec: {
    readonly rules: readonly { readonly name: string; readonly timeouts: { readonly request: string } }[];
  };
}
interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}
interface Servers extends Manifest {
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

function environmentOf({ containers }: PodSpec): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
}

function seconds(text = ''): number {
  return Number.parseInt(text, 10);
}

function manifestsOf<T extends Manifest>(applications: readonly Application[], kind: string): readonly T[] {
  return applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter((manifest): manifest is T => manifest.kind === kind);
}
