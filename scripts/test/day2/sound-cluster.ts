import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committedInstallations } from '../../../test/support/committed-trees';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { meshObjects, serverPod, World } from './world';

/** Read once: tests get copies. */
let rendered: KubernetesObject[] | undefined;

/** What the library renders for an example: the cluster that `audit` and `diagnose` must find in order. */
export function renderedObjects(): KubernetesObject[] {
  rendered ??= committedInstallations()
    .filter(({ name }) => name === 'example g5-12xlarge')
    .flatMap(({ applications }) => applications)
    .flatMap(({ source }) => (source.kind === 'manifests' ? (source.manifests as readonly KubernetesObject[]) : []));
  return structuredClone(rendered);
}

interface PodTemplate {
  readonly spec: { readonly template: { readonly spec: object } };
}

/** The authority of the load balancer controller's certificate, in base64. */
const AUTHORITY = 'Q0EgMQ==';

/** A cluster with everything as it should be, on top of what the library renders. */
export function soundCluster(world: World): void {
  const manifests = renderedObjects();
  const servers = manifests.find(({ kind }) => kind === 'StatefulSet') as unknown as PodTemplate;
  const pod = serverPod('ollama-0');
  const objects = [
    ...manifests.map(established),
    ...meshObjects().filter(({ kind }) => kind !== 'PeerAuthentication'),
    { ...pod, spec: { ...servers.spec.template.spec, nodeName: 'node-1' } },
    ready({
      kind: 'Pod',
      metadata: { name: 'ztunnel-x', namespace: 'istio-system', labels: { app: 'ztunnel' } },
      spec: { nodeName: 'node-1' },
    }),
    ...manifests.filter(({ kind }) => kind === 'Job').map(proven),
    ready({
      kind: 'Pod',
      metadata: {
        name: 'gw',
        namespace: 'istio-ingress',
        labels: { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' },
      },
    }),
    {
      kind: 'Node',
      metadata: { name: 'node-1', labels: { 'ollama-eks/pool': 'gpu' } },
      status: {
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'AcceleratedHardwareReady', status: 'True' },
        ],
        allocatable: { 'nvidia.com/gpu': '4' },
      },
    },
    {
      kind: 'DaemonSet',
      metadata: { name: 'aws-node', namespace: 'kube-system' },
      spec: { template: { spec: { containers: [{ args: ['--enable-network-policy=true'] }] } } },
    },
    ...['ollama', 'aws-load-balancer-controller'].map((name) => ({
      kind: 'Application',
      metadata: { name, namespace: 'argocd' },
      spec: { project: name === 'ollama' ? 'ollama-workload' : 'ollama-platform' },
      status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
    })),
    {
      kind: 'Application',
      metadata: { name: 'theirs', namespace: 'argocd' },
      spec: { project: 'default' },
      status: { sync: { status: 'OutOfSync' }, health: { status: 'Degraded' }, operationState: { phase: 'Failed' } },
    },
    ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => ({
      kind,
      metadata: { name: 'aws-load-balancer-webhook' },
      webhooks: [{ clientConfig: { caBundle: AUTHORITY } }, { clientConfig: { caBundle: AUTHORITY } }],
    })),
  ] as KubernetesObject[];
  // A repeated name replaces the earlier object.
  const byName = objects.map(
    (object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object] as const,
  );
  world.tools.objects = [...new Map(byName).values()];
  const { tools } = world;
  tools.aws.set('eks list-nodegroups', () => ({ nodegroups: ['gpu-abc'] }));
  tools.aws.set('eks describe-nodegroup', () => ({
    nodegroup: {
      nodegroupName: 'gpu-abc',
      status: 'ACTIVE',
      instanceTypes: ['g5.12xlarge'],
      labels: { 'ollama-eks/pool': 'gpu' },
      scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 1 },
      nodeRepairConfig: { enabled: true },
    },
  }));
  tools.aws.set('elbv2 describe-target-groups', () => ({ TargetGroups: [{ TargetGroupArn: 'arn' }] }));
  tools.aws.set('elbv2 describe-target-health', () => ({
    TargetHealthDescriptions: [{ Target: { Id: '10.0.0.1', Port: 443 }, TargetHealth: { State: 'healthy' } }],
  }));
  tools.fields.set('secret/aws-load-balancer-tls', AUTHORITY);
  tools.exec.set('df', () => 'Use%\n 40%\n');
}

/** What controllers add to an object when all is well. */
function established(object: KubernetesObject): KubernetesObject {
  const condition = (type: string) => ({ type, status: 'True' });
  switch (object.kind) {
    case 'Gateway':
      return { ...object, ...{ status: { conditions: [condition('Accepted'), condition('Programmed')] } } };
    case 'HTTPRoute':
      return {
        ...object,
        ...{ status: { parents: [{ conditions: [condition('Accepted'), condition('ResolvedRefs')] }] } },
      };
    case 'Job':
      return { ...object, ...{ status: { conditions: [{ type: 'Complete', status: 'True' }] } } };
    case 'PersistentVolumeClaim':
      return { ...object, ...{ status: { phase: 'Bound' } } };
    default:
      return object;
  }
}

/** The pod of a Job that has proven that every model answers. */
function proven(job: KubernetesObject): object {
  const { name, namespace, labels } = job.metadata;
  const terminated = { exitCode: 0, message: 'every model answers\n' };
  return {
    kind: 'Pod',
    metadata: { name: `${name}-x`, namespace, labels: { ...labels, 'batch.kubernetes.io/job-name': name } },
    spec: { ...(job as unknown as PodTemplate).spec.template.spec, nodeName: 'node-2' },
    status: { phase: 'Succeeded', containerStatuses: [{ name: 'prove', state: { terminated } }] },
  };
}

function ready(pod: object): object {
  return { ...pod, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
}

/** A certificate of the gateway that is valid, made once for all tests of a file. */
let valid: string | undefined;

/** Returns a world of a synthesized project whose cluster is sound, the gateway's certificate included. */
export function soundWorld(): World {
  const world = new World();
  world.synthesized();
  soundCluster(world);
  world.tools.fields.set('secret/ollama-gateway-tls', (valid ??= certificate(365)));
  return world;
}

/** Returns a certificate that expires in this number of days, base64-encoded as in a Secret. Requires openssl. */
export function certificate(days: number): string {
  const file = join(tmpdir(), `ollama-eks-day2-${String(process.pid)}.key`);
  const pem = execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      file,
      '-subj',
      '/CN=gateway',
      '-days',
      String(days),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return pem.toString('base64');
}
