// https://istio.io/latest/docs/ambient/
import { MESH_GROUPS } from '../catalogue/ambient';
import type { GatewayApiChart } from '../catalogue/istio-versions';
import { checkProps, either, FLAG, OBJECT, required, type Shape, shapeOf, TEXT } from '../check-props';
import { type IOllamaGpuCluster, SERVING_CLUSTER } from '../cluster/cluster-ref';
import { DeliveryWarning } from '../delivery-warning';
import { Annotations, Construct } from '../framework';
import type { Application } from '../gitops/application';
import { TRUST_DOMAIN } from '../workload/names';
import type { Scraper } from '../workload/scraper';
import { ACCESS_LOG_COLLECTOR, type AccessLogCollector, checkCollector } from './access-log-collector';
import { defaultIstioRelease, istioRelease } from './istio-release';
import { meshApplications } from './mesh-applications';
import { checkDefinitions, checkRequests, checkTrustDomain } from './mesh-checks';
import type { IAmbientMesh } from './mesh-ref';
import { type MeshResources, meshRequests } from './mesh-settings';
import type { EnrollOptions, MeshedNamespace } from './meshed-namespace';
import { MeshedNamespaces } from './meshed-namespaces';

/** What each prop must be, for callers without types. */
const SHAPE: Shape<AmbientMeshProps> = {
  cluster: required(SERVING_CLUSTER),
  version: TEXT,
  trustDomain: TEXT,
  highAvailability: FLAG,
  resources: OBJECT,
  accessLogs: either(FLAG, shapeOf(ACCESS_LOG_COLLECTOR)),
  cniTaint: FLAG,
  podSecurity: TEXT,
  gatewayApi: either(OBJECT, TEXT),
};

const ATTRIBUTES: Shape<AmbientMeshAttributes> = { trustDomain: TEXT, cluster: SERVING_CLUSTER };

/** Time for ztunnel itself to stop, after the longest stream has ended. */
const STOP_SECONDS = 30;

/** Props of `AmbientMesh`. */
export interface AmbientMeshProps {
  /** Cluster that the mesh is installed in. ztunnel drains for as long as the request timeout of the cluster. */
  readonly cluster: IOllamaGpuCluster;
  /**
   * Full version of Istio: 1.30.3 or a later patch of 1.30, or any patch of 1.31 or of a later minor version. A minor version
   * later than 1.31 was not tested, and causes a warning.
   * @default '1.31.1' - the newest release known to be good
   */
  readonly version?: string;
  /**
   * Trust domain of the mesh's identities: a DNS name. Changing it breaks every open connection.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
  /**
   * Whether istiod has two replicas and a disruption budget. With a single replica, draining its node takes istiod down for
   * about a minute. No pod can join the mesh during that time; existing connections stay open.
   * @default true
   */
  readonly highAvailability?: boolean;
  /**
   * CPU and memory requests of the components.
   * @default - istiod 200m and 512Mi, cni 100m and 100Mi, ztunnel 200m and 512Mi; cni and ztunnel may request less, but not more
   */
  readonly resources?: MeshResources;
  /**
   * Where gateways log each request, without prompts, answers, queries and headers that hold keys: `true` for a line of JSON on standard
   * output, `false` for nowhere, or an OpenTelemetry collector in place of standard output. Changed in place.
   * @default true
   */
  readonly accessLogs?: boolean | AccessLogCollector;
  /**
   * Whether istiod removes the taint `cni.istio.io/not-ready` from a node once istio-cni runs on it, so that no pod starts
   * outside the mesh. The node groups must set the taint `cni.istio.io/not-ready=true:NoSchedule` themselves (a GPU pool
   * with `startupTaints`), and every other DaemonSet that a new node needs must tolerate it.
   * @default false
   * @see https://istio.io/latest/docs/setup/additional-setup/cni/#race-condition--mitigation
   */
  readonly cniTaint?: boolean;
  /**
   * Pod Security level of the mesh's namespace. istio-cni and ztunnel need host paths and capabilities, so the level is
   * `privileged`. `unmanaged` leaves an existing namespace and its labels to its owner, who must set the same level.
   * @default 'privileged'
   */
  readonly podSecurity?: 'privileged' | 'unmanaged';
  /**
   * Chart of the Gateway API's CRDs, such as your own. `existing` if the cluster already has the CRDs, at least in the
   * version that this Istio is built against.
   * @default - standard channel of Gateway API 1.6.1 for Istio 1.31, of 1.5.1 for Istio 1.30
   */
  readonly gatewayApi?: GatewayApiChart | 'existing';
}

/** Attributes of an existing mesh. */
export interface AmbientMeshAttributes {
  /** @default 'cluster.local' */
  readonly trustDomain?: string;
  /**
   * The cluster, whose Prometheus its policies admit.
   * @default - none: servers cannot be scraped
   */
  readonly cluster?: IOllamaGpuCluster;
}

/**
 * Istio in ambient mode: encrypts traffic between pods, authenticates its peers, and refuses everything else. Contributes
 * the Applications; a delivery installs them in the cluster.
 */
export class AmbientMesh extends Construct implements IAmbientMesh {
  /**
   * Refers to an existing mesh in ambient mode, in a cluster that also has the Gateway API's CRDs. It contributes the
   * policies of Ollama's namespace and of the enrolled namespaces; the rest of the mesh is left unchanged.
   */
  public static fromAttributes(scope: Construct, id: string, attributes: AmbientMeshAttributes = {}): IAmbientMesh {
    checkProps(attributes, ATTRIBUTES);
    const { trustDomain = TRUST_DOMAIN } = attributes;
    checkTrustDomain(trustDomain, scope);
    return new ExistingMesh(scope, id, trustDomain, attributes.cluster?.scraper);
  }

  public readonly trustDomain: string;
  /** Full version of Istio. */
  public readonly version: string;
  public readonly chartRepositories: readonly string[];
  public readonly definedGroups = MESH_GROUPS;
  private readonly installed: readonly Application[];
  private readonly namespaces: MeshedNamespaces;
  private readonly deliveryWarning = new DeliveryWarning(this);

  public constructor(scope: Construct, id: string, props: AmbientMeshProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { trustDomain = TRUST_DOMAIN } = props;
    const release = props.version === undefined ? defaultIstioRelease() : istioRelease(props.version, this);
    const { version, minor, warning } = release;
    if (warning !== undefined) Annotations.of(this).addWarning(warning);
    const gatewayApi = props.gatewayApi ?? minor.gatewayApi;
    const definitions = gatewayApi === 'existing' ? undefined : gatewayApi;
    const requests = meshRequests(props.resources);
    checkTrustDomain(trustDomain, this);
    if (definitions !== undefined) checkDefinitions(definitions, this);
    checkRequests(requests, this);
    const accessLogs = props.accessLogs ?? true;
    if (typeof accessLogs !== 'boolean') checkCollector(accessLogs, 'accessLogs');

    this.trustDomain = trustDomain;
    this.version = version;
    this.chartRepositories = definitions === undefined ? [] : [definitions.repository];
    this.installed = meshApplications({
      version,
      gatewayApi: definitions,
      ownsNamespace: props.podSecurity !== 'unmanaged',
      scraper: props.cluster.scraper,
      settings: {
        minor: minor.minor,
        trustDomain,
        highAvailability: props.highAvailability ?? true,
        accessLogs,
        cniTaint: props.cniTaint ?? false,
        requests,
        drainSeconds: props.cluster.requestTimeoutSeconds + STOP_SECONDS,
      },
    });
    this.namespaces = new MeshedNamespaces(trustDomain, props.cluster.scraper);
  }

  public get applications(): readonly Application[] {
    return this.deliveryWarning.read([...this.installed, ...this.namespaces.applications]);
  }

  public enroll(namespace: string, options: EnrollOptions = {}): MeshedNamespace {
    return this.namespaces.enroll(namespace, options);
  }
}

class ExistingMesh extends Construct implements IAmbientMesh {
  public readonly definedGroups = MESH_GROUPS;
  private readonly namespaces: MeshedNamespaces;
  private readonly deliveryWarning = new DeliveryWarning(this);

  public constructor(
    scope: Construct,
    id: string,
    public readonly trustDomain: string,
    scraper: Scraper | undefined,
  ) {
    super(scope, id);
    this.namespaces = new MeshedNamespaces(trustDomain, scraper);
  }

  public get applications(): readonly Application[] {
    return this.deliveryWarning.read(this.namespaces.applications);
  }

  public enroll(namespace: string, options: EnrollOptions = {}): MeshedNamespace {
    return this.namespaces.enroll(namespace, options);
  }
}
