// https://istio.io/latest/docs/ambient/install/helm/ and https://istio.io/latest/docs/ambient/upgrade/helm/
import { type GatewayApiChart, ISTIO_CHART_REPOSITORY } from '../catalogue/istio-versions';
import type { Application, ChartSource, Wave } from '../gitops/application';
import { ISTIOD, MESH_NAMESPACE, ZTUNNEL } from '../workload/names';
import type { Scraper } from '../workload/scraper';
import { accessLogApplications } from './access-logs';
import { istiodPolicy } from './istiod-policy';
import { baseValues, cniValues, istiodValues, type MeshSettings, ztunnelValues } from './mesh-settings';
import { strictPeerAuthentication } from './peer-authentication';

/** CRDs are accepted within seconds; the rest is a margin for an API server under load. */
const DEFINITIONS_TIMEOUT_SECONDS = 300;
/** Every node pulls the images, and nodes of a new cluster may still be joining. */
const ROLLOUT_TIMEOUT_SECONDS = 900;
/** istiod's webhook checks a policy before it is stored. */
const POLICIES_TIMEOUT_SECONDS = 300;

/** The installation: Istio's settings, and the version of its charts. */
export interface MeshInstallation {
  readonly settings: MeshSettings;
  /** Exact version of Istio's charts. */
  readonly version: string;
  /** Chart of the Gateway API's CRDs; undefined if the cluster already has them. */
  readonly gatewayApi?: GatewayApiChart;
  /** Whether the mesh creates and labels its own namespace. */
  readonly ownsNamespace: boolean;
  /** Prometheus that scrapes istiod, if any. */
  readonly scraper?: Scraper;
}

/**
 * Returns the Applications of Istio in order: CRDs, then istiod and the node agent, then ztunnel. ztunnel is a wave later
 * than istiod because the data plane must not be upgraded before the control plane.
 */
export function meshApplications(installation: MeshInstallation): readonly Application[] {
  const { settings, gatewayApi } = installation;
  const istio = (name: string, wave: Wave, values: ChartSource['values'], timeoutSeconds: number, chart = name) =>
    istioApplication(installation, { name, chart, wave, values, timeoutSeconds });
  const base = istio('istio-base', -1, baseValues(), DEFINITIONS_TIMEOUT_SECONDS, 'base');
  return [
    ...(gatewayApi === undefined ? [] : [gatewayApiDefinitions(gatewayApi)]),
    installation.ownsNamespace ? { ...base, namespace: { name: MESH_NAMESPACE, podSecurity: 'privileged' } } : base,
    istio(ISTIOD, 0, istiodValues(settings), ROLLOUT_TIMEOUT_SECONDS),
    istio('istio-cni', 0, cniValues(settings), ROLLOUT_TIMEOUT_SECONDS, 'cni'),
    // The old ztunnel of a node stops only after its last stream has ended, so a rollout takes one request timeout longer.
    istio(ZTUNNEL, 1, ztunnelValues(settings), ROLLOUT_TIMEOUT_SECONDS + settings.drainSeconds),
    {
      name: 'mesh-policies',
      wave: 1,
      namespace: { name: MESH_NAMESPACE },
      project: 'platform',
      source: {
        kind: 'manifests',
        manifests: [strictPeerAuthentication(MESH_NAMESPACE), istiodPolicy(installation.scraper)],
      },
      healthGate: { timeoutSeconds: POLICIES_TIMEOUT_SECONDS },
    },
    ...accessLogApplications(settings.accessLogs),
  ];
}

interface IstioComponent {
  readonly name: string;
  readonly chart: string;
  readonly wave: Wave;
  readonly values: ChartSource['values'];
  readonly timeoutSeconds: number;
}

function istioApplication(installation: MeshInstallation, component: IstioComponent): Application {
  const { name, chart, wave, values, timeoutSeconds } = component;
  return {
    name,
    wave,
    namespace: { name: MESH_NAMESPACE },
    project: 'platform',
    source: {
      kind: 'chart',
      repository: ISTIO_CHART_REPOSITORY,
      chart,
      version: installation.version,
      values,
    },
    healthGate: { timeoutSeconds },
  };
}

/** Never pruned or deleted: deleting a CRD deletes every Gateway and route in the cluster, including those of others. */
function gatewayApiDefinitions({ repository, chart, version, values }: GatewayApiChart): Application {
  return {
    name: 'gateway-api-crds',
    wave: -2,
    namespace: { name: 'kube-system' },
    project: 'platform',
    source: {
      kind: 'chart',
      repository,
      chart,
      version,
      values,
      kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
    },
    // The CRDs are larger than the annotation in which a client-side apply would keep its copy.
    syncOptions: ['ServerSideApply=true', 'Prune=false'],
    healthGate: { timeoutSeconds: DEFINITIONS_TIMEOUT_SECONDS },
    cascade: false,
  };
}
