import { PINS } from './pins';
import type { Source } from './source';

/** A version of the chart that installs the Gateway API's definitions. */
export interface GatewayApiChart {
  /** Release of the Gateway API, whose standard channel is installed. */
  readonly gatewayApiVersion: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** Values that select the standard channel and keep the definitions when the release is uninstalled. */
  readonly values: Readonly<
    Record<string, string | Readonly<Record<string, boolean | Readonly<Record<string, boolean>>>>>
  >;
}

/** A minor version of Istio that the mesh supports. */
export interface IstioMinor {
  /** `1.31`. */
  readonly minor: string;
  /** Newest known patch release. */
  readonly newest: string;
  /** Oldest supported patch release. */
  readonly oldest: string;
  /** What is wrong with older patch releases, as the rest of a sentence that begins with the version. */
  readonly oldestReason: string;
  /** Chart of the Gateway API release that this minor version is built against. */
  readonly gatewayApi: GatewayApiChart;
  readonly sources: readonly Source[];
}

/** Charts of base, istiod, cni and ztunnel. @see https://istio.io/latest/blog/2026/retirement-of-gcp/ */
export const ISTIO_CHART_REPOSITORY = 'https://blob.istio.io/istio-release/charts';

/** Images of Istio. @see https://istio.io/latest/blog/2026/retirement-of-gcp/ */
export const ISTIO_IMAGE_HUB = 'docker.io/istio';

/**
 * Chart with the definitions of each Gateway API release. Each channel is a subchart, so a Helm release of the chart fits into a
 * Secret (Envoy Gateway's `gateway-crds-helm` contains both channels and does not:
 * https://github.com/envoyproxy/gateway/issues/6105). It installs upstream's `standard-install.yaml`, without the admission policy
 * that forbids downgrades.
 */
const { repository, chart } = PINS.gatewayApi.releases;

/** Supported minor versions, newest first; the first is the default. */
export const ISTIO_MINORS: readonly [IstioMinor, ...IstioMinor[]] = [
  {
    minor: '1.31',
    newest: PINS.istio.version,
    oldest: '1.31.0',
    oldestReason: 'is not supported: 1.31.0 is the first release of 1.31',
    gatewayApi: {
      repository,
      chart,
      gatewayApiVersion: '1.6.1',
      version: PINS.gatewayApi.version,
      values: {
        standard: { enabled: true },
        experimental: { enabled: false },
        global: { resourcePolicy: { keep: true } },
      },
    },
    sources: [PINS.istio.source, PINS.gatewayApi.source],
  },
  {
    minor: '1.30',
    newest: '1.30.5',
    oldest: '1.30.3',
    oldestReason:
      'is not supported: its gateways drop open streams when they stop (https://github.com/istio/istio/issues/60728)',
    gatewayApi: {
      repository,
      chart,
      gatewayApiVersion: '1.5.1',
      version: '1.1.1',
      values: { channel: 'standard', resourcePolicy: { keep: true } },
    },
    sources: [
      {
        title: 'Announcing Istio 1.30.5',
        url: 'https://istio.io/latest/news/releases/1.30.x/announcing-1.30.5/',
        date: '2026-11-23',
      },
      {
        title: 'gateway-api-crds 1.1.1, Chart.yaml',
        url: 'https://github.com/christianhuth/helm-charts/blob/gateway-api-crds-1.1.1/charts/gateway-api-crds/Chart.yaml',
        date: '2026-11-23',
      },
    ],
  },
];
