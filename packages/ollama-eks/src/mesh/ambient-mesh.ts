// https://istio.io/latest/docs/ambient/
import { MESH_GROUPS } from '../catalogue/ambient';
import { type GatewayApiChart, ISTIO_CHART_REPOSITORY, ISTIO_IMAGE_HUB } from '../catalogue/istio-versions';
import type { IOllamaGpuCluster } from '../cluster/cluster-ref';
import { Construct } from '../framework';
import type { Application } from '../gitops/application';
import { TRUST_DOMAIN } from '../workload/names';
import { defaultIstioRelease, istioRelease } from './istio-release';
import { meshApplications } from './mesh-applications';
import { checkChartRepository, checkImageHub, checkRequests, checkTrustDomain } from './mesh-checks';
import type { IAmbientMesh } from './mesh-ref';
import { type MeshResources, meshRequests } from './mesh-settings';
import type { EnrollOptions, MeshedNamespace } from './meshed-namespace';
import { MeshedNamespaces } from './meshed-namespaces';

/** After the last stream of the budget, time for ztunnel itself to stop. */
const STOP_SECONDS = 30;

/** Props of `AmbientMesh`. */
export interface AmbientMeshProps {
  /** The cluster that the mesh is installed in; its request timeout is what ztunnel drains for. */
  readonly cluster: IOllamaGpuCluster;
  /**
   * Full version of Istio: 1.31.0 or later, or 1.30.3 or later.
   * @default '1.31.1' - the newest release known to be good
   */
  readonly version?: string;
  /**
   * Trust domain of the mesh's identities: a DNS name. A later change breaks every open connection.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
  /**
   * Whether istiod has two replicas and a disruption budget. With one, a node that drains takes it away for a minute,
   * in which no pod joins the mesh; what is connected stays so.
   * @default true
   */
  readonly highAvailability?: boolean;
  /**
   * What the components ask of their nodes.
   * @default - istiod 200m and 512Mi, cni 100m and 100Mi, ztunnel 200m and 512Mi; the latter two may ask for less, not for more
   */
  readonly resources?: MeshResources;
  /**
   * Whether gateways write a line of JSON for each request; prompts and answers are not in it.
   * @default true
   */
  readonly accessLogs?: boolean;
  /**
   * Whether istiod takes the taint `cni.istio.io/not-ready` off nodes once istio-cni runs on them, so that no pod starts
   * outside the mesh. The node groups must set the taint `cni.istio.io/not-ready=true:NoSchedule` themselves (a GPU pool
   * by `startupTaints`), and every other DaemonSet needed to bring a node up must tolerate it.
   * @default false
   * @see https://istio.io/latest/docs/setup/additional-setup/cni/#race-condition--mitigation
   */
  readonly cniTaint?: boolean;
  /**
   * Pod Security level of the mesh's namespace. istio-cni and ztunnel need host paths and capabilities, so it is
   * `privileged`, or `unmanaged`: the namespace exists, and somebody else labels it so.
   * @default 'privileged'
   */
  readonly podSecurity?: 'privileged' | 'unmanaged';
  /**
   * Repository of the charts base, istiod, cni and ztunnel: `https://…` or `oci://…`.
   * @default 'https://blob.istio.io/istio-release/charts'
   */
  readonly chartRepository?: string;
  /**
   * Registry and path of Istio's images, e.g. that of a pull-through cache, without scheme, image name or tag.
   * @default 'docker.io/istio'
   */
  readonly imageHub?: string;
  /**
   * Chart of the Gateway API's definitions, e.g. in a mirror; `existing` where the cluster has them already, at the
   * version that this Istio is built against or later.
   * @default - standard channel of Gateway API 1.6.1 for Istio 1.31, of 1.5.1 for Istio 1.30
   */
  readonly gatewayApi?: GatewayApiChart | 'existing';
}

/** Attributes of a mesh that is already there. */
export interface AmbientMeshAttributes {
  /** @default 'cluster.local' */
  readonly trustDomain?: string;
}

/**
 * Istio in ambient mode: encrypts what passes between pods, knows who is who, and refuses the rest. Contributes the
 * Applications; a delivery brings them into the cluster.
 */
export class AmbientMesh extends Construct implements IAmbientMesh {
  /**
   * A mesh in ambient mode that is already in the cluster, with the Gateway API's definitions. What it contributes are
   * the policies of Ollama's namespace and of those enrolled; the rest of the mesh stays as it is.
   */
  public static fromAttributes(scope: Construct, id: string, attributes: AmbientMeshAttributes = {}): IAmbientMesh {
    const { trustDomain = TRUST_DOMAIN } = attributes;
    checkTrustDomain(trustDomain, scope);
    return new ExistingMesh(scope, id, trustDomain);
  }

  public readonly trustDomain: string;
  /** Full version of Istio. */
  public readonly version: string;
  public readonly chartRepositories: readonly string[];
  public readonly definedGroups = MESH_GROUPS;
  private readonly installed: readonly Application[];
  private readonly namespaces: MeshedNamespaces;

  public constructor(scope: Construct, id: string, props: AmbientMeshProps) {
    super(scope, id);
    const { trustDomain = TRUST_DOMAIN, imageHub = ISTIO_IMAGE_HUB, chartRepository = ISTIO_CHART_REPOSITORY } = props;
    const { version, minor } = props.version === undefined ? defaultIstioRelease() : istioRelease(props.version, this);
    const gatewayApi = props.gatewayApi ?? minor.gatewayApi;
    const definitions = gatewayApi === 'existing' ? undefined : gatewayApi;
    const requests = meshRequests(props.resources);
    checkTrustDomain(trustDomain, this);
    checkImageHub(imageHub, this);
    checkChartRepository('chartRepository', chartRepository, this);
    if (definitions !== undefined) checkChartRepository('gatewayApi.repository', definitions.repository, this);
    checkRequests(requests, this);

    this.trustDomain = trustDomain;
    this.version = version;
    this.chartRepositories = [chartRepository, ...(definitions === undefined ? [] : [definitions.repository])];
    this.installed = meshApplications({
      version,
      chartRepository,
      gatewayApi: definitions,
      ownsNamespace: props.podSecurity !== 'unmanaged',
      settings: {
        minor: minor.minor,
        imageHub,
        trustDomain,
        highAvailability: props.highAvailability ?? true,
        accessLogs: props.accessLogs ?? true,
        cniTaint: props.cniTaint ?? false,
        requests,
        drainSeconds: props.cluster.requestTimeoutSeconds + STOP_SECONDS,
      },
    });
    this.namespaces = new MeshedNamespaces(trustDomain);
  }

  public get applications(): readonly Application[] {
    return [...this.installed, ...this.namespaces.applications];
  }

  public enroll(namespace: string, options: EnrollOptions = {}): MeshedNamespace {
    return this.namespaces.enroll(namespace, options);
  }
}

class ExistingMesh extends Construct implements IAmbientMesh {
  public readonly definedGroups = MESH_GROUPS;
  private readonly namespaces: MeshedNamespaces;

  public constructor(
    scope: Construct,
    id: string,
    public readonly trustDomain: string,
  ) {
    super(scope, id);
    this.namespaces = new MeshedNamespaces(trustDomain);
  }

  public get applications(): readonly Application[] {
    return this.namespaces.applications;
  }

  public enroll(namespace: string, options: EnrollOptions = {}): MeshedNamespace {
    return this.namespaces.enroll(namespace, options);
  }
}
