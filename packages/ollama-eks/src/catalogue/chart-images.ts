/** Images that the charts of the catalogue can name. Read in the charts' values and templates at the versions in `PINS`. */
import { ISTIO_IMAGE_HUB } from './istio-versions';
import { PINS } from './pins';

/** An image that the templates of a chart name, or several with a common hub. */
export interface ChartImage {
  /** Repository including the registry's host: `quay.io/argoproj/argocd`; with `names`, the hub: `docker.io/istio`. */
  readonly repository: string;
  /**
   * Names of the images below the hub.
   * @default - the repository is that of a single image
   */
  readonly names?: readonly string[];
  /** @default - the version of the chart */
  readonly tag?: string;
  /**
   * What the chart appends to the tag.
   * @default - nothing
   */
  readonly tagSuffix?: string;
  /** Path of the value that sets the repository or the hub: `image.repository`. The value `tag` next to it sets the tag. */
  readonly value: string;
  /**
   * Path of the value that sets the registry: `image.registry`.
   * @default - the registry is part of the repository
   */
  readonly registryValue?: string;
  /**
   * Path of the flag that turns the image on; it is off by default.
   * @default - the image is always used
   */
  readonly enabledBy?: string;
}

const REDIS = { repository: 'ecr-public.aws.com/docker/library/redis', tag: '8.2.3-alpine' };
const REDIS_EXPORTER = 'ghcr.io/oliver006/redis_exporter';

const ARGO_CD: readonly ChartImage[] = [
  { repository: 'quay.io/argoproj/argocd', tag: 'v3.4.4', value: 'global.image.repository' },
  { ...REDIS, value: 'redis.image.repository' },
  {
    repository: REDIS_EXPORTER,
    tag: 'v1.86.0',
    value: 'redis.exporter.image.repository',
    enabledBy: 'redis.exporter.enabled',
  },
  { repository: 'ghcr.io/dexidp/dex', tag: 'v2.45.1', value: 'dex.image.repository', enabledBy: 'dex.enabled' },
  {
    repository: 'quay.io/argoprojlabs/argocd-extension-installer',
    tag: 'v1.0.1',
    value: 'server.extensions.image.repository',
    enabledBy: 'server.extensions.enabled',
  },
  { ...REDIS, value: 'redis-ha.image.repository', enabledBy: 'redis-ha.enabled' },
  {
    repository: 'ecr-public.aws.com/docker/library/haproxy',
    tag: '3.0.8-alpine', // that of Argo CD's own manifests; the values of the chart have none
    value: 'redis-ha.haproxy.image.repository',
    enabledBy: 'redis-ha.enabled',
  },
  {
    repository: REDIS_EXPORTER,
    tag: 'v1.75.0',
    value: 'redis-ha.exporter.image',
    enabledBy: 'redis-ha.exporter.enabled',
  },
];

/** Images of kube-prometheus-stack with the values that this library sets. The operator passes the reloader on to its pods. */
const KUBE_PROMETHEUS_STACK: readonly ChartImage[] = (
  [
    ['quay.io/prometheus-operator/prometheus-operator', 'v0.93.1', 'prometheusOperator'],
    [
      'quay.io/prometheus-operator/prometheus-config-reloader',
      'v0.93.1',
      'prometheusOperator.prometheusConfigReloader',
    ],
    ['quay.io/prometheus/prometheus', 'v3.14.0-distroless', 'prometheus.prometheusSpec'],
    ['quay.io/prometheus/alertmanager', 'v0.34.0', 'alertmanager.alertmanagerSpec'],
    ['registry.k8s.io/kube-state-metrics/kube-state-metrics', 'v2.20.0', 'kube-state-metrics'],
    ['docker.io/grafana/grafana', '13.2.0', 'grafana'],
  ] as const
).map(([repository, tag, part]) => ({
  repository,
  tag,
  value: `${part}.image.repository`,
  registryValue: `${part}.image.registry`,
}));

/** By name of the chart, which is the same in every mirror. */
export const CHART_IMAGES: ReadonlyMap<string, readonly ChartImage[]> = new Map(
  Object.entries({
    'argo-cd': ARGO_CD,
    'argocd-apps': [],
    'aws-load-balancer-controller': [
      {
        repository: 'public.ecr.aws/eks/aws-load-balancer-controller',
        tag: `v${PINS.awsLoadBalancerController.version}`,
        value: 'image.repository',
      },
    ],
    base: [],
    cni: istioImages('install-cni'),
    'gateway-api-crds': [],
    istiod: istioImages('pilot', 'proxyv2'),
    'kube-prometheus-stack': KUBE_PROMETHEUS_STACK,
    'nvidia-device-plugin': [
      {
        repository: 'nvcr.io/nvidia/k8s-device-plugin',
        tag: `v${PINS.nvidiaDevicePlugin.version}`,
        value: 'image.repository',
      },
    ],
    'prometheus-operator-crds': [],
    ztunnel: istioImages('ztunnel'),
  }),
);

/** The profile `ambient` selects the variant. */
function istioImages(...names: readonly string[]): readonly ChartImage[] {
  return [{ repository: ISTIO_IMAGE_HUB, names, tagSuffix: '-distroless', value: 'global.hub' }];
}
