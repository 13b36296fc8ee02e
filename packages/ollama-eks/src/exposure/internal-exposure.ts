import { checkProps, FLAG, listOf, OBJECT, required, type Shape, shapeOf, TEXT } from '../check-props';
import { parseCidr } from '../cidr';
import { requireKnownName } from '../cluster/aws/cluster-name';
import { stackDefaults } from '../cluster/aws/stack-defaults';
import { type IOllamaGpuCluster, SERVING_CLUSTER } from '../cluster/cluster-ref';
import { constructId } from '../construct-id';
import { DeliveryWarning } from '../delivery-warning';
import { refuser, ValidationError } from '../errors';
import { Construct, TerraformStack, Token, type TerraformProvider } from '../framework';
import type { Application, ClusterSecret, IApplicationSource } from '../gitops/application';
import { LOAD_BALANCER_COST } from '../sizing/cost';
import { addStackCost } from '../stack-costs';
import { GATEWAY_NAMESPACE, OLLAMA } from '../workload/names';
import { gatewayLimits } from '../workload/pressure';
import { hasSessions } from '../workload/sessions';
import { CERTIFICATE_SECRET, GatewayCertificate } from './gateway-certificate';
import { gatewayManifests } from './gateway-manifests';
import { gatewayPolicies } from './gateway-policies';
import { checkHostname, checkSecretName } from './hostname';
import { checkJwt, JWT_RULE, type JwtOptions } from './jwt';
import { LoadBalancerController } from './load-balancer-controller';
import type { IGatewayLoadBalancer } from './load-balancer-ref';
import { EXPOSURE_OUTPUTS } from './output-names';
import { addOutputs } from './outputs';
import { PrivateLoadBalancer } from './private-load-balancer';
import { routeManifests } from './route-manifests';
import { baseOf, staticName } from './static-name';
import { timeBudget, type TimeBudget } from './time-budget';

/** Default hostname; `.internal` is reserved for private use. @see https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en */
const DEFAULT_HOSTNAME = 'ollama.internal';
/** Longest name of a load balancer or target group. */
const LOAD_BALANCER_NAME_LIMIT = 32;
/** Time for the gateway's pods to start, and to pass the load balancer's health checks. */
const GATEWAY_TIMEOUT_SECONDS = 900;
/** Routes are accepted as soon as the gateway exists. */
const ROUTES_TIMEOUT_SECONDS = 300;
/**
 * Makes the controller keep a new gateway pod unready until the load balancer considers it healthy. Otherwise a rollout
 * would replace every pod before the first new one receives a request.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/
 */
const READINESS_GATE_LABEL = { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' };

const refuseCallers = refuser({
  property: 'callerCidrs',
  allowed: 'one or more private IPv4 ranges, known at synth, each once',
  remedy: 'use the range of the VPN or of the peered VPC',
});

/** Options of every exposure. */
export interface ExposureOptions {
  /** Cluster to expose. */
  readonly cluster: IOllamaGpuCluster;
  /**
   * Hostname of the gateway. Its certificate contains it, along with the load balancer's own name.
   * @default 'ollama.internal'
   */
  readonly hostname?: string;
  /**
   * Second hostname, for the routes that change the server's models: pull, create, copy, delete. Only Kong requires a key
   * for them: every caller whose range is admitted in addition to Kong's can delete models.
   * @default - these routes are not served
   */
  readonly adminHostname?: string;
  /**
   * Your own certificate for `hostname` (and `adminHostname`): a Secret of type `kubernetes.io/tls` in the namespace
   * `istio-ingress`, created before the gateway. Create the namespace yourself, with the Secret in it: the delivery creates
   * it only together with the gateway, which waits for its certificate. A change from the private authority loses that authority,
   * and deletes the namespace with everything in it.
   * @default - a certificate from a private authority, renewed by `terraform apply`
   */
  readonly certificate?: GatewayCertificateReference;
  /**
   * Load balancer in front of the gateway, such as an `ExistingLoadBalancer`. A change replaces the address that callers use.
   * @default - a new internal Network Load Balancer
   */
  readonly loadBalancer?: IGatewayLoadBalancer;
  /**
   * Whether to install the AWS Load Balancer Controller; `false` if the cluster already has it, version 2.10 or later.
   * A change removes its permissions before the other controller takes over.
   * @default true
   */
  readonly installLoadBalancerController?: boolean;
  /** Whether to add the outputs of `EXPOSURE_OUTPUTS` to the stack. @default - true in an InfrastructureStack, else false */
  readonly outputs?: boolean;
  /** Prefix of the outputs' names, such as `blue_` for a second cluster in the same stack. @default - no prefix */
  readonly outputPrefix?: string;
  /** AWS provider of every resource. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
  /** TLS provider of the certificate. @default - the stack's default provider */
  readonly tlsProvider?: TerraformProvider;
}

/** Refers to a certificate that is in the cluster, or will be. */
export interface GatewayCertificateReference {
  /** Name of the Secret; must be known at synth. */
  readonly secretName: string;
}

/** Props of `InternalExposure`. */
export interface InternalExposureProps extends ExposureOptions {
  /**
   * IPv4 ranges of callers: a VPN, a peered VPC, the VPC itself. At least one; must be known at synth. Without `jwt`, this exposure
   * does not ask for keys: anyone in these ranges can use the models and, with `adminHostname`, pull and delete them.
   * Within the cluster, call the Service: the load balancer preserves the addresses of callers, so a node or pod cannot
   * reach a gateway pod on the same node through it. A change admits and refuses callers at once.
   */
  readonly callerCidrs: readonly string[];
  /**
   * Tokens that callers must send in addition, as a key: `Authorization: Bearer TOKEN`, or `x-api-key: TOKEN`. Requests with an
   * invalid token get 401. Those without one get 403, as do those with a token for another audience or of another team; only
   * `/healthz` needs none. With `adminHostname`, every token that is admitted can also pull and delete models. A change admits and
   * refuses callers at once.
   * @default - none
   */
  readonly jwt?: JwtOptions;
}

/** A private ingress to the models. */
export interface IExposure extends IApplicationSource {
  /** Hostname of the gateway. */
  readonly hostname: string;
  /** DNS name of the load balancer, as a token. */
  readonly loadBalancerDnsName: string;
  /** Certificate of the authority, as PEM, which callers must trust; a token. Undefined with your own certificate. */
  readonly caCertificate?: string;
}

/** What each option of an exposure must be, for callers without types. */
export const OPTIONS_SHAPE: Shape<ExposureOptions> = {
  cluster: required(SERVING_CLUSTER),
  hostname: TEXT,
  adminHostname: TEXT,
  certificate: shapeOf<GatewayCertificateReference>({ secretName: required(TEXT) }),
  loadBalancer: OBJECT,
  installLoadBalancerController: FLAG,
  outputs: FLAG,
  outputPrefix: TEXT,
  provider: OBJECT,
  tlsProvider: OBJECT,
};

const SHAPE: Shape<InternalExposureProps> = {
  ...OPTIONS_SHAPE,
  callerCidrs: required(listOf(TEXT)),
  jwt: JWT_RULE,
};

/**
 * An ingress for private ranges: an internal load balancer that passes TLS through to Istio's gateway, which serves an
 * allow-list of Ollama's routes.
 */
export class InternalExposure extends Construct implements IExposure {
  public readonly hostname: string;
  public readonly loadBalancerDnsName: string;
  public readonly caCertificate?: string;
  public readonly secrets: readonly ClusterSecret[];
  public readonly loadBalancer: IGatewayLoadBalancer;
  /** The load balancer with its resources; undefined with your own. */
  public readonly privateLoadBalancer?: PrivateLoadBalancer;
  public readonly certificate?: GatewayCertificate;
  public readonly loadBalancerController?: LoadBalancerController;
  private readonly props: InternalExposureProps;
  private readonly budget: TimeBudget;
  private readonly callerCidrs: string[] = [];
  private readonly deliveryWarning = new DeliveryWarning(this);

  public constructor(scope: Construct, id: string, props: InternalExposureProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { cluster, adminHostname, provider } = props;
    this.props = props;
    this.checkOnlyOne();
    this.budget = timeBudget(cluster.requestTimeoutSeconds);
    this.hostname = checkHostname('hostname', props.hostname ?? DEFAULT_HOSTNAME);
    if (adminHostname !== undefined) checkAdminHostname(adminHostname, this.hostname);
    if (props.jwt !== undefined) checkJwt(props.jwt);
    if (props.certificate !== undefined) checkSecretName(props.certificate.secretName);
    if (props.callerCidrs.length === 0) refuseCallers({ value: props.callerCidrs, problem: 'must not be empty' });

    if (props.loadBalancer === undefined) this.loadBalancer = this.privateLoadBalancer = this.createLoadBalancer();
    else this.loadBalancer = props.loadBalancer;
    this.node.defaultChild = this.privateLoadBalancer?.resource;
    this.loadBalancerDnsName = this.loadBalancer.dnsName;
    for (const cidr of props.callerCidrs) this.admit(cidr);

    this.certificate = props.certificate === undefined ? this.issueCertificate() : undefined;
    this.caCertificate = this.certificate?.authorityPem;
    this.secrets = this.certificate === undefined ? [] : [this.certificate.secret];
    if (props.installLoadBalancerController ?? true) {
      const { targetGroupArn } = this.loadBalancer;
      this.loadBalancerController = new LoadBalancerController(this, 'controller', {
        cluster,
        targetGroupArn,
        provider,
      });
    }
    if (props.outputs ?? stackDefaults(this)?.outputs ?? false) this.addOutputs();
  }

  /**
   * Admits another range of callers, on the load balancer and in the gateway's policies. Without `jwt`, they do not need a key,
   * neither for the models nor, with `adminHostname`, for the admin routes.
   */
  public admit(cidr: string, description = 'Callers of Ollama'): void {
    checkCaller(cidr, this.callerCidrs);
    this.loadBalancer.admit(constructId(`from-${cidr}`), cidr, description);
    this.callerCidrs.push(cidr);
  }

  public get applications(): readonly Application[] {
    const controller = this.loadBalancerController?.applications ?? [];
    return this.deliveryWarning.read([...controller, this.gatewayApplication(), this.routesApplication()]);
  }

  /** Load balancer, target group and the controller's role are named after the cluster, so only one of each can exist. */
  private checkOnlyOne(): void {
    const { cluster, provider } = this.props;
    const twin = TerraformStack.of(this)
      .node.findAll()
      .find((other) => {
        if (!(other instanceof InternalExposure) || other === this) return false;
        const { cluster: its, provider: itsProvider } = other.props;
        return its.clusterName === cluster.clusterName && its.region === cluster.region && itsProvider === provider;
      });
    if (twin === undefined) return;
    throw new ValidationError({
      property: 'cluster',
      value: cluster.clusterName,
      problem: `already has an exposure, ${twin.node.path}`,
      allowed: 'one exposure per cluster',
      remedy: 'admit more callers to it: ranges with admit(), Kong networks with addKongNetwork()',
    });
  }

  private createLoadBalancer(): PrivateLoadBalancer {
    const { cluster, provider } = this.props;
    const clusterName = requireKnownName(
      'cluster.clusterName',
      cluster.clusterName,
      'the gateway finds its load balancer by a name that contains it',
    );
    addStackCost(this, cluster.clusterName, LOAD_BALANCER_COST);
    return new PrivateLoadBalancer(this, 'load-balancer', {
      name: staticName(baseOf(clusterName), 'gateway', LOAD_BALANCER_NAME_LIMIT),
      network: cluster.network,
      clusterSecurityGroupId: cluster.clusterSecurityGroupId,
      budget: this.budget,
      tags: cluster.tags,
      provider,
    });
  }

  private issueCertificate(): GatewayCertificate {
    const { cluster, adminHostname, tlsProvider } = this.props;
    const admin = adminHostname === undefined ? [] : [adminHostname];
    return new GatewayCertificate(this, 'certificate', {
      clusterName: cluster.clusterName,
      hostname: this.hostname,
      dnsNames: [this.hostname, ...admin, this.loadBalancerDnsName],
      provider: tlsProvider,
    });
  }

  private gatewayApplication(): Application {
    const { cluster, adminHostname, certificate, jwt } = this.props;
    const { callerCidrs, budget } = this;
    const manifests = [
      ...gatewayPolicies({
        callerCidrs,
        vpcCidr: cluster.network.vpcCidr,
        adminHostname,
        scraper: cluster.scraper,
        jwt,
      }),
      ...gatewayManifests({
        targetGroupName: this.loadBalancer.targetGroupName,
        secretName: certificate?.secretName ?? CERTIFICATE_SECRET,
        adminHostname,
        budget,
        scraped: cluster.scraper !== undefined,
        maxRequests: hasSessions(cluster.pools) ? gatewayLimits(cluster).perGatewayPod : undefined,
      }),
    ];
    return {
      name: 'gateway',
      // At the same time as the proof: it needs the mesh, not the models, and its target takes minutes to become healthy.
      wave: 4,
      namespace: { name: GATEWAY_NAMESPACE, podSecurity: 'restricted', labels: READINESS_GATE_LABEL },
      project: 'workload',
      source: { kind: 'manifests', manifests },
      healthGate: { timeoutSeconds: GATEWAY_TIMEOUT_SECONDS },
    };
  }

  private routesApplication(): Application {
    const { adminHostname, cluster } = this.props;
    const manifests = routeManifests({
      budget: this.budget,
      adminHostname,
      hasSessions: hasSessions(cluster.pools),
      sessionHeader: cluster.sessionHeader,
    });
    return {
      name: 'httproutes',
      wave: 6,
      namespace: { name: OLLAMA },
      project: 'workload',
      source: { kind: 'manifests', manifests },
      healthGate: { timeoutSeconds: ROUTES_TIMEOUT_SECONDS },
    };
  }

  private addOutputs(): void {
    const { adminHostname, cluster, outputPrefix = '' } = this.props;
    addOutputs(this, outputPrefix, {
      [EXPOSURE_OUTPUTS.loadBalancerDnsName]: {
        value: this.loadBalancerDnsName,
        description: 'DNS name of the internal load balancer before the gateway',
      },
      [EXPOSURE_OUTPUTS.gatewayHostname]: { value: this.hostname, description: 'Hostname of the gateway' },
      [EXPOSURE_OUTPUTS.gatewayAdminHostname]: { value: adminHostname, description: 'Hostname of the admin routes' },
      [EXPOSURE_OUTPUTS.gatewayCaCertificate]: {
        value: this.caCertificate,
        description: 'Certificate of the authority of the gateway, PEM: what callers have to trust',
      },
      [EXPOSURE_OUTPUTS.vpcCidr]: {
        value: cluster.network.vpcCidr,
        description: 'IPv4 range of the VPC that callers are routed to',
      },
    });
  }
}

function checkAdminHostname(adminHostname: string, hostname: string): void {
  checkHostname('adminHostname', adminHostname);
  if (adminHostname !== hostname) return;
  throw new ValidationError({
    property: 'adminHostname',
    value: adminHostname,
    problem: 'must differ from hostname, which all callers use',
    allowed: 'a separate hostname',
    remedy: 'choose another one, or leave it out to serve no admin routes',
  });
}

function checkCaller(cidr: string, admitted: readonly string[]): void {
  if (Token.isUnresolved(cidr)) refuseCallers({ value: '<token>', problem: 'must be known at synth' });
  if (parseCidr('callerCidrs', cidr).bitmask === 0) refuseCallers({ value: cidr, problem: 'must not admit everybody' });
  if (admitted.includes(cidr)) refuseCallers({ value: cidr, problem: 'is already admitted' });
}
