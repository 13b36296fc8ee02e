// https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/
import { checkProps, listOf, OBJECT, partOf, type Shape, TEXT } from '../check-props';
import { parseCidr } from '../cidr';
import { stackDefaults } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { Annotations, Construct, Token } from '../framework';
import type { Application, ClusterSecret } from '../gitops/application';
import { aws } from '../providers/aws';
import type { Ec2TransitGatewayRouteTable } from '../providers/aws-types';
import { TRANSIT_ATTACHMENT_COST } from '../sizing/cost';
import { addStackCost } from '../stack-costs';
import { InternalExposure, OPTIONS_SHAPE, type ExposureOptions, type IExposure } from './internal-exposure';
import { checkKongCidr, checkVpcCidr } from './kong-cidr';
import type { NeighborRange } from './kong-cidr-rules';
import type { KongFacts } from './kong-config';
import { kongContext } from './kong-context';
import { KONG_SHAPE, KongNetwork, type KongNetworkOptions } from './kong-network';
import { EXPOSURE_OUTPUTS } from './output-names';
import { addOutputs } from './outputs';
import { TransitGateway, type ITransitGateway } from './transit-gateway';
import { VpcAttachment, type IVpcAttachment } from './vpc-attachment';

/** Default number of zones of a Kong network, which is Kong's minimum. */
const DEFAULT_ZONE_COUNT = 2;

const NO_ATTACHMENT =
  'the attachment of the Kong network is not known yet; once Kong has requested it, applying this stack without it removes its ' +
  'acceptance and routes: ollama-eks deploy, or ollama-eks konnect up, writes it to the context of cdktf.json';

/** Props of `KongTransitExposure`. Values that Kong reports only later can also be in the context: see `KONG_CONTEXT`. */
export interface KongTransitExposureProps extends ExposureOptions, KongNetworkOptions {
  /**
   * An existing transit gateway of this account and region (`TransitGateway.fromTransitGatewayId`), or one that you create.
   * Another one disconnects Kong until its network is attached to it.
   * @default - a new transit gateway
   */
  readonly transitGateway?: ITransitGateway;
  /**
   * Existing attachment of the VPC to that transit gateway (`VpcAttachment.fromAttributes`). Another one interrupts Kong.
   * @default - a new attachment in the transit subnets of the VPC, with its own route table
   */
  readonly vpcAttachment?: IVpcAttachment;
  /**
   * IPv4 ranges of all other networks on the transit gateway, which Kong's range must not overlap; known at synth.
   * @default - none
   */
  readonly peerCidrs?: readonly string[];
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<KongTransitExposureProps> = {
  ...OPTIONS_SHAPE,
  ...KONG_SHAPE,
  transitGateway: OBJECT,
  vpcAttachment: OBJECT,
  peerCidrs: listOf(TEXT),
};

/**
 * An ingress for a dedicated cloud gateway of Kong: its network reaches the internal load balancer over a transit gateway,
 * and nothing else in the VPC. Nothing else reaches the load balancer.
 */
export class KongTransitExposure extends Construct implements IExposure {
  public readonly hostname: string;
  public readonly loadBalancerDnsName: string;
  public readonly caCertificate?: string;
  public readonly secrets: readonly ClusterSecret[];
  public readonly transitGateway: ITransitGateway;
  public readonly vpcAttachment: IVpcAttachment;
  /** The Kong network of the props. */
  public readonly kongNetwork: KongNetwork;
  /** Load balancer, certificate and gateway. */
  public readonly internal: InternalExposure;
  /** Facts that Kong's configuration shares with the gateway, for `kongConfig` and `deckFiles`. */
  public readonly kongFacts: KongFacts;
  /** Route table of Kong's attachments, which leads only to the VPC. */
  public readonly kongRouteTable: Ec2TransitGatewayRouteTable;
  private readonly props: KongTransitExposureProps;
  private readonly usedRanges: NeighborRange[];

  public constructor(scope: Construct, id: string, props: KongTransitExposureProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { cluster, provider, kongCidr } = props;
    const { tags } = cluster;
    this.props = props;
    checkVpcCidr(cluster.network.vpcCidr);
    this.usedRanges = neighbors(props);
    this.reserveRange(props);
    checkAttachmentHasGateway(props);

    const name = `${cluster.clusterName}-kong`;
    this.internal = new InternalExposure(this, 'internal', {
      ...partOf<ExposureOptions>(props, OPTIONS_SHAPE),
      callerCidrs: [kongCidr],
    });
    this.transitGateway = props.transitGateway ?? new TransitGateway(this, 'transit-gateway', { name, tags, provider });
    this.vpcAttachment = props.vpcAttachment ?? this.attachVpc();
    this.kongRouteTable = this.createKongRouteTable(name);
    const kongNetwork = withContext(this, props);
    if (kongNetwork.kongAttachmentId === undefined) Annotations.of(this).addWarning(NO_ATTACHMENT);
    this.kongNetwork = this.connect('kong-network', name, kongNetwork);
    this.node.defaultChild = this.kongNetwork.resource;

    this.hostname = this.internal.hostname;
    this.loadBalancerDnsName = this.internal.loadBalancerDnsName;
    this.caCertificate = this.internal.caCertificate;
    this.secrets = this.internal.secrets;
    this.kongFacts = {
      requestTimeoutSeconds: cluster.requestTimeoutSeconds,
      adminRoutes: props.adminHostname !== undefined,
    };
    if (props.outputs ?? stackDefaults(this)?.outputs ?? false) this.addOutputs();
  }

  public get applications(): readonly Application[] {
    return this.internal.applications;
  }

  /** Admits another Kong network over the same transit gateway, with its own share, routes and attachment. */
  public addKongNetwork(id: string, options: KongNetworkOptions): KongNetwork {
    this.reserveRange(options);
    this.internal.admit(options.kongCidr, `Kong network ${id}`);
    return this.connect(id, `${this.props.cluster.clusterName}-${id}`, options);
  }

  /** Checks the range of a Kong network against all ranges in use, and adds it to them. */
  private reserveRange({ kongCidr, kongZoneCount = DEFAULT_ZONE_COUNT }: KongNetworkOptions): void {
    checkKongCidr(kongCidr, kongZoneCount, this.usedRanges);
    this.usedRanges.push({ name: 'another Kong network', cidr: kongCidr });
  }

  private attachVpc(): VpcAttachment {
    const { cluster, provider } = this.props;
    addStackCost(this, cluster.clusterName, TRANSIT_ATTACHMENT_COST);
    return new VpcAttachment(this, 'vpc-attachment', {
      name: `${cluster.clusterName}-vpc`,
      transitGateway: this.transitGateway,
      network: cluster.network,
      tags: cluster.tags,
      provider,
    });
  }

  private createKongRouteTable(name: string): Ec2TransitGatewayRouteTable {
    const { cluster, provider } = this.props;
    const routeTable = new aws.Ec2TransitGatewayRouteTable(this, 'kong-route-table', {
      provider,
      transitGatewayId: this.transitGateway.transitGatewayId,
      tags: { ...cluster.tags, Name: name },
    });
    new aws.Ec2TransitGatewayRoute(this, 'route-to-vpc', {
      provider,
      destinationCidrBlock: cluster.network.vpcCidr,
      transitGatewayAttachmentId: this.vpcAttachment.transitGatewayAttachmentId,
      transitGatewayRouteTableId: routeTable.id,
    });
    return routeTable;
  }

  private connect(id: string, name: string, options: KongNetworkOptions): KongNetwork {
    const { cluster, provider } = this.props;
    return new KongNetwork(this, id, {
      kongCidr: options.kongCidr,
      kongProviderAccountId: options.kongProviderAccountId,
      kongAttachmentId: options.kongAttachmentId,
      name,
      transitGateway: this.transitGateway,
      kongRouteTableId: this.kongRouteTable.id,
      vpcAttachment: this.vpcAttachment,
      network: cluster.network,
      tags: cluster.tags,
      provider,
    });
  }

  private addOutputs(): void {
    const { kongCidr, outputPrefix = '' } = this.props;
    addOutputs(this, outputPrefix, {
      [EXPOSURE_OUTPUTS.transitGatewayId]: {
        value: this.transitGateway.transitGatewayId,
        description: 'Transit gateway that Kong attaches to',
      },
      [EXPOSURE_OUTPUTS.ramShareArn]: {
        value: this.kongNetwork.ramShareArn,
        description: 'Resource share through which Kong sees the transit gateway',
      },
      [EXPOSURE_OUTPUTS.kongCidr]: { value: kongCidr, description: 'IPv4 range of the Kong network' },
    });
  }
}

function withContext(scope: Construct, props: KongTransitExposureProps): KongNetworkOptions {
  const later = kongContext(scope, props.cluster.clusterName);
  return {
    kongCidr: props.kongCidr,
    kongProviderAccountId: props.kongProviderAccountId ?? later.kongProviderAccountId,
    kongAttachmentId: props.kongAttachmentId ?? later.kongAttachmentId,
  };
}

function neighbors({ cluster, peerCidrs = [] }: KongTransitExposureProps): NeighborRange[] {
  return [
    { name: 'the VPC', cidr: cluster.network.vpcCidr },
    { name: 'the Services of the cluster', cidr: cluster.serviceCidr },
    ...peerCidrs.map((cidr, index) => peer(`peerCidrs[${index}]`, cidr)),
  ];
}

function peer(name: string, cidr: string): NeighborRange {
  if (!Token.isUnresolved(cidr)) return { name, cidr: parseCidr(name, cidr).toString() };
  throw new ValidationError({
    property: name,
    value: '<token>',
    problem: 'must be known at synth',
    allowed: 'an IPv4 range known at synth',
    remedy: 'use a literal range',
  });
}

function checkAttachmentHasGateway({ transitGateway, vpcAttachment }: KongTransitExposureProps): void {
  if (vpcAttachment === undefined || transitGateway !== undefined) return;
  throw new ValidationError({
    property: 'vpcAttachment',
    problem: 'requires transitGateway',
    allowed: 'an attachment together with its transitGateway',
    remedy: 'add the transit gateway that the VPC is attached to, or leave both out',
  });
}
