import { KubernetesVersion } from './kubernetes-version';
import type { Source } from './source';

/** Where newer versions appear. */
export type Releases =
  | { readonly kind: 'helm'; readonly repository: string; readonly chart: string }
  | { readonly kind: 'github'; readonly repository: string };

/** A version that this library deploys or tests with, and what is known of it. */
export interface Pin {
  /** What is pinned: `Istio`. */
  readonly name: string;
  /** Pinned version. */
  readonly version: string;
  /** Date as `YYYY-MM-DD` on which this version was read in its source and its output was tested here. */
  readonly verified: string;
  /** Newest version that was seen on `verified`, tested or not. */
  readonly newestSeen: string;
  /**
   * Last day of support as `YYYY-MM-DD`.
   * @default - its publisher names no date
   */
  readonly endOfSupport?: string;
  /** Which other versions are accepted, and what happens with those that are newer, as a phrase. */
  readonly accepts: string;
  /** Where newer versions appear; undefined if nothing lists them without an account. */
  readonly releases?: Releases;
  /** Where the version was read. */
  readonly source: Source;
}

/** A chart that is pinned, where it is published. */
export type ChartPin = Pin & { readonly releases: Extract<Releases, { readonly kind: 'helm' }> };

const VERIFIED = '2026-11-23';

/**
 * All pins: charts, images and CI take their versions from here. `npm run pins` lists their ages and what is newer. What is newer
 * than a pin is accepted, with a warning where nothing of it was tested, because a security release must not wait for this library.
 * Only what is known to fail is refused.
 */
export const PINS = {
  ollama: {
    name: 'Ollama',
    version: '0.32.15',
    verified: VERIFIED,
    newestSeen: '0.34',
    accepts: 'any exact tag as `image`; sizing and the gateway’s rules were read in this release',
    releases: { kind: 'github', repository: 'ollama/ollama' },
    source: {
      title: 'ollama/ollama v0.32.15',
      url: 'https://github.com/ollama/ollama/releases/tag/v0.32.15',
      date: VERIFIED,
    },
  },
  curl: {
    name: 'curl image',
    version: '8.21.0',
    verified: VERIFIED,
    newestSeen: '8.21.0',
    accepts: 'any exact tag as `proverImage`',
    releases: { kind: 'github', repository: 'curl/curl-container' },
    source: {
      title: 'curl/curl-container 8.21.0',
      url: 'https://github.com/curl/curl-container/releases',
      date: VERIFIED,
    },
  },
  istio: {
    name: 'Istio',
    version: '1.31.1',
    verified: VERIFIED,
    newestSeen: '1.32.0',
    accepts: '1.30.3 and later, with a warning from 1.32 on',
    releases: { kind: 'github', repository: 'istio/istio' },
    source: {
      title: 'Announcing Istio 1.31.1',
      url: 'https://istio.io/latest/news/releases/1.31.x/announcing-1.31.1/',
      date: VERIFIED,
    },
  },
  gatewayApi: {
    name: 'Gateway API chart',
    version: '1.2.3',
    verified: VERIFIED,
    newestSeen: '1.2.3',
    accepts: 'follows Istio’s minor version; `gatewayApi: "existing"` for another one',
    releases: { kind: 'helm', repository: 'https://charts.christianhuth.de', chart: 'gateway-api-crds' },
    source: {
      title: 'gateway-api-crds 1.2.3 (Gateway API 1.6.1), Chart.yaml',
      url: 'https://github.com/christianhuth/helm-charts/blob/gateway-api-crds-1.2.3/charts/gateway-api-crds/Chart.yaml',
      date: VERIFIED,
    },
  },
  argoCd: {
    name: 'Argo CD chart',
    version: '10.1.1',
    verified: VERIFIED,
    newestSeen: '10.9.0',
    accepts: 'this version; an Argo CD that exists already may be another one (`existing`)',
    releases: { kind: 'helm', repository: 'https://argoproj.github.io/argo-helm', chart: 'argo-cd' },
    source: {
      title: 'argoproj/argo-helm, charts/argo-cd/Chart.yaml (Argo CD v3.4.4)',
      url: 'https://github.com/argoproj/argo-helm/tree/argo-cd-10.1.1/charts/argo-cd',
      date: VERIFIED,
    },
  },
  argoCdApps: {
    name: 'Argo CD applications chart',
    version: '2.0.5',
    verified: VERIFIED,
    newestSeen: '2.0.5',
    accepts: 'this version',
    releases: { kind: 'helm', repository: 'https://argoproj.github.io/argo-helm', chart: 'argocd-apps' },
    source: {
      title: 'argoproj/argo-helm, charts/argocd-apps/Chart.yaml',
      url: 'https://github.com/argoproj/argo-helm/tree/argocd-apps-2.0.5/charts/argocd-apps',
      date: VERIFIED,
    },
  },
  awsLoadBalancerController: {
    name: 'AWS Load Balancer Controller chart',
    version: '3.5.0',
    verified: VERIFIED,
    newestSeen: '3.5.0',
    accepts: 'this version',
    releases: { kind: 'helm', repository: 'https://aws.github.io/eks-charts', chart: 'aws-load-balancer-controller' },
    source: {
      title: 'aws/eks-charts, stable/aws-load-balancer-controller (v3.5.0)',
      url: 'https://github.com/aws/eks-charts/tree/master/stable/aws-load-balancer-controller',
      date: VERIFIED,
    },
  },
  nvidiaDevicePlugin: {
    name: 'NVIDIA device plugin chart',
    version: '0.20.0',
    verified: VERIFIED,
    newestSeen: '0.20.0',
    accepts: 'this version',
    releases: {
      kind: 'helm',
      repository: 'https://nvidia.github.io/k8s-device-plugin',
      chart: 'nvidia-device-plugin',
    },
    source: {
      title: 'NVIDIA/k8s-device-plugin, deployments/helm/nvidia-device-plugin',
      url: 'https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin',
      date: VERIFIED,
    },
  },
  dcgmExporter: {
    name: 'DCGM exporter image',
    version: '4.5.3-4.8.2-distroless',
    verified: VERIFIED,
    newestSeen: '4.5.3-4.8.2-distroless',
    accepts: 'this version',
    releases: { kind: 'github', repository: 'NVIDIA/dcgm-exporter' },
    source: {
      title: 'NVIDIA/dcgm-exporter, deployment/values.yaml (chart 4.8.2)',
      url: 'https://github.com/NVIDIA/dcgm-exporter/blob/4.5.3-4.8.2/deployment/values.yaml',
      date: VERIFIED,
    },
  },
  kubePrometheusStack: {
    name: 'kube-prometheus-stack chart',
    version: '88.5.3',
    verified: '2026-11-29',
    newestSeen: '88.5.3',
    accepts: 'this version; a Prometheus that exists already may be another one (`existing`)',
    releases: {
      kind: 'helm',
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: 'kube-prometheus-stack',
    },
    source: {
      title: 'prometheus-community/helm-charts, charts/kube-prometheus-stack (Prometheus operator v0.93.1)',
      url: 'https://github.com/prometheus-community/helm-charts/tree/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack',
      date: '2026-11-29',
    },
  },
  prometheusOperatorCrds: {
    name: 'Prometheus operator definitions chart',
    version: '31.0.1',
    verified: '2026-11-29',
    newestSeen: '31.0.1',
    accepts: 'this version, which has the definitions of the operator in kube-prometheus-stack',
    releases: {
      kind: 'helm',
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: 'prometheus-operator-crds',
    },
    source: {
      title: 'prometheus-community/helm-charts, charts/prometheus-operator-crds (Prometheus operator v0.93.1)',
      url: 'https://github.com/prometheus-community/helm-charts/tree/prometheus-operator-crds-31.0.1/charts/prometheus-operator-crds',
      date: '2026-11-29',
    },
  },
  decK: {
    name: 'decK in CI',
    version: '1.65.1',
    verified: VERIFIED,
    newestSeen: '1.65.1',
    accepts: 'any version on PATH',
    releases: { kind: 'github', repository: 'Kong/deck' },
    source: { title: 'Kong/deck v1.65.1', url: 'https://github.com/Kong/deck/releases/tag/v1.65.1', date: VERIFIED },
  },
  kubernetes: {
    name: 'Kubernetes',
    version: KubernetesVersion.DEFAULT.version,
    verified: VERIFIED,
    newestSeen: '1.37',
    endOfSupport: KubernetesVersion.DEFAULT.endOfStandardSupport,
    accepts: 'any minor version; one that is not listed needs the versions of its add-ons',
    source: {
      title: 'Amazon EKS Kubernetes release calendar',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar',
      date: VERIFIED,
    },
  },
} as const satisfies Record<string, Pin>;
