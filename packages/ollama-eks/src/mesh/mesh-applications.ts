// https://istio.io/latest/docs/ambient/install/helm/ and https://istio.io/latest/docs/ambient/upgrade/helm/
import type { GatewayApiChart } from '../catalogue/istio-versions';
import type { Application, ChartSource, Wave } from '../gitops/application';
import { MESH_NAMESPACE } from '../workload/names';
import { baseValues, cniValues, istiodValues, type MeshSettings, ztunnelValues } from './mesh-settings';
import { strictPeerAuthentication } from './peer-authentication';

/** Definitions are accepted within seconds; the rest is the API server under load. */
const DEFINITIONS_TIMEOUT_SECONDS = 300;
/** Images are pulled to every node, and on a fresh cluster nodes are still joining. */
const ROLLOUT_TIMEOUT_SECONDS = 900;
/** A policy is checked by istiod's webhook and stored. */
const POLICIES_TIMEOUT_SECONDS = 300;

/** What is installed beside the settings of Istio itself. */
export interface MeshInstallation {
  readonly settings: MeshSettings;
  /** Exact version of Istio's charts. */
  readonly version: string;
  readonly chartRepository: string;
  /** Chart of the Gateway API's definitions; undefined where the cluster has them already. */
  readonly gatewayApi?: GatewayApiChart;
  /** Whether the mesh creates and labels its own namespace. */
  readonly ownsNamespace: boolean;
}

/**
 * Istio and what it is built on, in order: the definitions, istiod and the node agent, ztunnel. ztunnel comes a wave later
 * than istiod, because at an upgrade the data plane must not be ahead of the control plane.
 */
export function meshApplications(installation: MeshInstallation): readonly Application[] {
  const { settings, gatewayApi } = installation;
  const istio = (name: string, wave: Wave, values: ChartSource['values'], timeoutSeconds: number, chart = name) =>
    istioApplication(installation, { name, chart, wave, values, timeoutSeconds });
  const base = istio('istio-base', -1, baseValues(), DEFINITIONS_TIMEOUT_SECONDS, 'base');
  return [
    ...(gatewayApi === undefined ? [] : [gatewayApiDefinitions(gatewayApi)]),
    installation.ownsNamespace ? { ...base, namespace: { name: MESH_NAMESPACE, podSecurity: 'privileged' } } : base,
    istio('istiod', 0, istiodValues(settings), ROLLOUT_TIMEOUT_SECONDS),
    istio('istio-cni', 0, cniValues(settings), ROLLOUT_TIMEOUT_SECONDS, 'cni'),
    // A node's old ztunnel goes only when its last stream has ended, so a rollout takes one budget longer.
    istio('ztunnel', 1, ztunnelValues(settings), ROLLOUT_TIMEOUT_SECONDS + settings.drainSeconds),
    {
      name: 'mesh-policies',
      wave: 1,
      namespace: { name: MESH_NAMESPACE },
      project: 'platform',
      source: { kind: 'manifests', manifests: [strictPeerAuthentication(MESH_NAMESPACE)] },
      healthGate: { timeoutSeconds: POLICIES_TIMEOUT_SECONDS },
    },
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
      repository: installation.chartRepository,
      chart,
      version: installation.version,
      values,
    },
    healthGate: { timeoutSeconds },
  };
}

/** Never pruned nor deleted: with a definition go all Gateways and routes of the cluster, whoever made them. */
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
    // Larger than the annotation in which a client-side apply would keep its copy.
    syncOptions: ['ServerSideApply=true', 'Prune=false'],
    healthGate: { timeoutSeconds: DEFINITIONS_TIMEOUT_SECONDS },
    cascade: false,
  };
}
