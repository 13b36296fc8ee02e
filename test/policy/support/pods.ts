/** The pods of a set of Applications, with the properties that decide who can reach whom. */
import { AMBIENT_NAMESPACE_LABELS, type Application, type Manifest } from '@org/ollama-eks';
import type { PodSpec, PodTemplateSpec, Probe } from 'kubernetes-types/core/v1';

export type Labels = Readonly<Record<string, string>>;

/** A sender or receiver of packets; an address outside of the cluster has no other properties. */
export interface Endpoint {
  readonly ip: string;
}

/** A pod, with its network properties. */
export interface Pod extends Endpoint {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
  /** `captured`: ztunnel carries its traffic; `gateway`: speaks HBONE itself; `none`: plain text. */
  readonly mesh: 'captured' | 'gateway' | 'none';
  /** Ports that the kubelet probes. */
  readonly probedPorts: readonly number[];
}

/** A pod that is not part of any Application, for tests of refused traffic. */
export type Stranger = Partial<Pod> & Pick<Pod, 'namespace' | 'ip'>;

/** Namespaces by name, with their labels. */
export type Namespaces = ReadonlyMap<string, Labels>;

const MODE = 'istio.io/dataplane-mode';

export function isPod(endpoint: Endpoint): endpoint is Pod {
  return 'namespace' in endpoint;
}

/** Returns all manifests of the Applications, in their final namespaces. */
export function manifestsOf(applications: readonly Application[]): readonly Manifest[] {
  return applications.flatMap(({ namespace, source }) =>
    source.kind === 'manifests'
      ? source.manifests.map((manifest) => ({
          ...manifest,
          metadata: { namespace: namespace.name, ...manifest.metadata },
        }))
      : [],
  );
}

/** Returns the namespaces that the Applications create or deploy to. */
export function namespacesOf(applications: readonly Application[]): Namespaces {
  const namespaces = new Map<string, Labels>();
  const add = (name: string, labels: Labels = {}) =>
    namespaces.set(name, { ...namespaces.get(name), ...labels, 'kubernetes.io/metadata.name': name });
  applications.forEach(({ namespace }) => add(namespace.name, namespace.labels));
  manifestsOf(applications)
    .filter(({ kind }) => kind === 'Namespace')
    .forEach(({ metadata }) => add(metadata.name, metadata.labels));
  return namespaces;
}

/** Returns the labels of a namespace; an unknown one has the label of its name only. */
export function labelsOf(namespaces: Namespaces, name: string): Labels {
  return namespaces.get(name) ?? { 'kubernetes.io/metadata.name': name };
}

/** Returns one pod for each workload and each gateway, with consecutive addresses from `firstIp`. */
export function podsOf(applications: readonly Application[], firstIp: string): readonly Pod[] {
  const namespaces = namespacesOf(applications);
  const octets = firstIp.split('.').map(Number);
  return manifestsOf(applications)
    .flatMap((manifest) => podOf(manifest, namespaces))
    .map((pod, index) => ({ ...pod, ip: [...octets.slice(0, 3), (octets[3] ?? 0) + index].join('.') }));
}

/** Returns a pod outside of the Applications, with defaults. */
export function stranger(namespaces: Namespaces, known: Stranger): Pod {
  const labels = known.labels ?? {};
  return {
    name: 'stranger',
    serviceAccount: 'default',
    mesh: isCaptured(labels, labelsOf(namespaces, known.namespace)) ? 'captured' : 'none',
    probedPorts: [],
    ...known,
    labels,
  };
}

function podOf(manifest: Manifest, namespaces: Namespaces): Omit<Pod, 'ip'>[] {
  const { kind, metadata } = manifest;
  const { name, namespace = 'default' } = metadata;
  if (kind === 'Gateway') {
    const labels = { 'gateway.networking.k8s.io/gateway-name': name };
    const workload = `${name}-istio`;
    return [{ namespace, name: workload, labels, serviceAccount: workload, mesh: 'gateway', probedPorts: [] }];
  }
  const template = templateOf(manifest);
  if (template === undefined) return [];
  const labels = template.metadata?.labels ?? {};
  return [
    {
      namespace,
      name,
      labels,
      serviceAccount: template.spec?.serviceAccountName ?? 'default',
      mesh: isCaptured(labels, labelsOf(namespaces, namespace)) ? 'captured' : 'none',
      probedPorts: template.spec === undefined ? [] : probedPorts(template.spec),
    },
  ];
}

/** @see https://istio.io/latest/docs/ambient/usage/add-workloads/#ambient-labels */
function isCaptured(pod: Labels, namespace: Labels): boolean {
  const mode = pod[MODE];
  return mode === undefined ? namespace[MODE] === AMBIENT_NAMESPACE_LABELS[MODE] : mode === 'ambient';
}

function templateOf(manifest: Manifest): PodTemplateSpec | undefined {
  switch (manifest.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return (manifest as Manifest & { spec: { template: PodTemplateSpec } }).spec.template;
    case 'CronJob':
      return (manifest as Manifest & { spec: { jobTemplate: { spec: { template: PodTemplateSpec } } } }).spec
        .jobTemplate.spec.template;
    default:
      return undefined;
  }
}

function probedPorts({ containers, initContainers = [] }: PodSpec): readonly number[] {
  const ports = [...containers, ...initContainers].flatMap((container) => {
    const named = new Map(container.ports?.map(({ name, containerPort }) => [name, containerPort]));
    return [container.startupProbe, container.readinessProbe, container.livenessProbe]
      .map(portOf)
      .filter((port) => port !== undefined)
      .map((port) => (typeof port === 'number' ? port : (named.get(port) ?? Number.NaN)));
  });
  return [...new Set(ports)];
}

function portOf(probe: Probe | undefined): number | string | undefined {
  return probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
}
