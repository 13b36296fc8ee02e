/** A set of Applications with everything that waves must handle. */
import { CHARTS, type PublishedChart } from '../../../src/catalogue/chart-versions';
import type { Application, ChartSource, Json, Manifest, Wave } from '../../../src/gitops/application';

const IMAGE = `example.com/ollama@sha256:${'0'.repeat(64)}`;

/** An object with a spec, as a manifest. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec?: Json,
  more: Partial<Manifest['metadata']> = {},
) {
  return { apiVersion, kind, metadata: { name, ...more }, ...(spec !== undefined && { spec }) } satisfies Manifest & {
    spec?: Json;
  };
}

/** An Application of a published chart. */
export function chartApplication(
  name: string,
  wave: Wave,
  chart: PublishedChart,
  more: Partial<Application> & { readonly values?: ChartSource['values']; readonly kinds?: readonly string[] } = {},
): Application {
  const { values = {}, kinds, ...rest } = more;
  const { repository, version } = chart;
  return {
    name,
    wave,
    namespace: { name: 'istio-system' },
    project: 'platform',
    source: { kind: 'chart', repository, chart: chart.chart, version, values, ...(kinds && { kinds }) },
    healthGate: { timeoutSeconds: 600 },
    ...rest,
  };
}

/** An Application of manifests. */
export function manifestApplication(
  name: string,
  wave: Wave,
  namespace: string,
  manifests: readonly Manifest[],
  more: Partial<Application> = {},
): Application {
  return {
    name,
    wave,
    namespace: { name: namespace },
    project: 'workload',
    source: { kind: 'manifests', manifests },
    healthGate: { timeoutSeconds: 600 },
    ...more,
  };
}

/** Pods that run an image, optionally with GPUs. */
export function podTemplate(name: string, gpus: number, claims: readonly string[] = []): Json {
  const resources = gpus > 0 ? { limits: { 'nvidia.com/gpu': gpus } } : {};
  return {
    metadata: { labels: { app: name } },
    spec: {
      containers: [{ name, image: IMAGE, resources }],
      volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    },
  };
}

/** Servers: a claim that binds when a pod mounts it, and a Deployment that waits for a GPU. */
export function servers(more: Partial<Application> = {}): Application {
  const template = podTemplate('ollama', 1, ['models']);
  return manifestApplication(
    'ollama',
    3,
    'ollama',
    [
      object('v1', 'Service', 'ollama', { selector: { app: 'ollama' }, ports: [{ port: 11434 }] }),
      object('v1', 'PersistentVolumeClaim', 'models', { storageClassName: 'models', accessModes: ['ReadWriteOnce'] }),
      object('apps/v1', 'Deployment', 'ollama', { selector: { matchLabels: { app: 'ollama' } }, template }),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'ollama', {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ollama' },
        maxReplicas: 2,
      }),
    ],
    { healthGate: { timeoutSeconds: 1800, waitForHealth: false }, ...more },
  );
}

/** The proof that models answer: a hook, and what it depends on. */
export function proof(models = 'qwen3-coder:30b'): Application {
  const annotations = {
    'argocd.argoproj.io/hook': 'Sync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    'argocd.argoproj.io/sync-wave': '1',
  };
  return manifestApplication('model-prover', 4, 'ollama', [
    { ...object('v1', 'ConfigMap', 'model-prover'), data: { models } } as Manifest,
    object('batch/v1', 'Job', 'model-prover', { template: podTemplate('prove', 0) }, { annotations }),
  ]);
}

/** One of everything, from the definitions to the routes. */
export function applications(): readonly Application[] {
  const gatewayApi: PublishedChart = { ...CHARTS.istioBase, chart: 'gateway-api-crds', version: '1.2.3' };
  return [
    chartApplication('gateway-api-crds', -2, gatewayApi, {
      namespace: { name: 'kube-system' },
      syncOptions: ['Prune=false'],
      kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
      cascade: false,
    }),
    chartApplication('istio-base', -1, CHARTS.istioBase, {
      namespace: { name: 'istio-system', podSecurity: 'privileged' },
      values: { base: { validationFailurePolicy: 'Fail' } },
    }),
    chartApplication('istiod', 0, CHARTS.istiod, { values: { profile: 'ambient' } }),
    chartApplication('istio-cni', 0, CHARTS.istioCni, { values: { profile: 'ambient' } }),
    chartApplication('aws-load-balancer-controller', 0, CHARTS.awsLoadBalancerController, {
      namespace: { name: 'kube-system' },
      ignoreDifferences: [{ group: '', kind: 'Secret', jqPathExpressions: ['.data'] }],
    }),
    chartApplication('ztunnel', 1, CHARTS.ztunnel, { values: { profile: 'ambient' } }),
    manifestApplication(
      'foundation',
      1,
      'ollama',
      [
        {
          ...object('storage.k8s.io/v1', 'StorageClass', 'models'),
          provisioner: 'ebs.csi.aws.com',
          volumeBindingMode: 'WaitForFirstConsumer',
        } as Manifest,
        object('security.istio.io/v1', 'PeerAuthentication', 'strict', { mtls: { mode: 'STRICT' } }),
      ],
      { namespace: { name: 'ollama', podSecurity: 'restricted' }, project: 'platform' },
    ),
    servers(),
    proof(),
    manifestApplication(
      'gateway',
      4,
      'istio-ingress',
      [
        object('gateway.networking.k8s.io/v1', 'Gateway', 'ollama-gateway', {
          gatewayClassName: 'istio',
          listeners: [
            { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'gateway-tls' }] } },
          ],
        }),
        object('elbv2.k8s.aws/v1beta1', 'TargetGroupBinding', 'ollama-gateway', {
          serviceRef: { name: 'ollama-gateway-istio', port: 443 },
          targetGroupName: 'ollama-gateway',
        }),
      ],
      { namespace: { name: 'istio-ingress', podSecurity: 'restricted' } },
    ),
    manifestApplication('routes', 6, 'istio-ingress', [
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'ollama', {
        parentRefs: [{ name: 'ollama-gateway' }],
        rules: [{ backendRefs: [{ name: 'ollama', namespace: 'ollama', port: 11434 }] }],
      }),
    ]),
  ];
}
