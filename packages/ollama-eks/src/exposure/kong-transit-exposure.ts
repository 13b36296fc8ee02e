// https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/
import { parseCidr } from '../cidr';
import { stackDefaults } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { Construct, Token } from '../framework';
import type { Application, ClusterSecret } from '../gitops/application';
import { aws, type Ec2TransitGatewayRouteTable } from '../providers/aws';
import { InternalExposure, type ExposureOptions, type IExposure } from './internal-exposure';
import { checkKongCidr, checkVpcCidr } from './kong-cidr';
import type { NeighbourRange } from './kong-cidr-rules';
import type { KongFacts } from './kong-config';
import { kongContext } from './kong-context';
import { KongNetwork, type KongNetworkOptions } from './kong-network';
import { EXPOSURE_OUTPUTS } from './output-names';
import { addOutputs } from './outputs';
import { TransitGateway, type ITransitGateway } from './transit-gateway';
import { VpcAttachment, type IVpcAttachment } from './vpc-attachment';

/** Zones of a Kong network where none are named: the fewest that Kong makes. */
const DEFAULT_ZONE_COUNT = 2;

/** Properties of a KongTransitExposure. What is known of Kong only later may also come by context: see `KONG_CONTEXT`. */
export interface KongTransitExposureProps extends ExposureOptions, KongNetworkOptions {
  /**
   * An existing transit gateway of this account and region (`TransitGateway.fromTransitGatewayId`), or one that you
   * make.
   * @default - one is made
   */
  readonly transitGateway?: ITransitGateway;
  /**
   * The attachment that the VPC already has to that transit gateway (`VpcAttachment.fromAttributes`).
   * @default - the VPC is attached in its transit subnets, with a route table of its own
   */
  readonly vpcAttachment?: IVpcAttachment;
  /**
   * IPv4 ranges of whatever else hangs on the transit gateway, known at synth: Kong's range may overlap none of them.
   * @default - none
   */
  readonly peerCidrs?: readonly string[];
}

/**
 * The way in from a dedicated cloud gateway of Kong's: its network reaches the internal load balancer over a transit
 * gateway, and nothing else of the VPC; nothing else reaches the load balancer.
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
  /** What Kong's configuration has in common with the gateway: for `kongConfig` and `deckFiles`. */
  public readonly kongFacts: KongFacts;
  /** Route table of Kong's attachments: leads to the VPC and nowhere else. */
  public readonly kongRouteTable: Ec2TransitGatewayRouteTable;
  private readonly props: KongTransitExposureProps;
  private readonly taken: NeighbourRange[];

  public constructor(scope: Construct, id: string, props: KongTransitExposureProps) {
    super(scope, id);
    const { cluster, provider, kongCidr } = props;
    const { tags } = cluster;
    this.props = props;
    checkVpcCidr(cluster.network.vpcCidr);
    this.taken = neighbours(props);
    this.takeRange(props);
    checkAttachmentHasGateway(props);

    const name = `${cluster.clusterName}-kong`;
    this.internal = new InternalExposure(this, 'internal', { ...props, callerCidrs: [kongCidr] });
    this.transitGateway = props.transitGateway ?? new TransitGateway(this, 'transit-gateway', { name, tags, provider });
    this.vpcAttachment = props.vpcAttachment ?? this.attachVpc();
    this.kongRouteTable = this.createKongRouteTable(name);
    this.kongNetwork = this.connect('kong-network', name, withContext(this, props));

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

  /** Lets another network of Kong's in, over the same transit gateway: with a share, routes and attachment of its own. */
  public addKongNetwork(id: string, options: KongNetworkOptions): KongNetwork {
    this.takeRange(options);
    this.internal.admit(options.kongCidr, `Kong network ${id}`);
    return this.connect(id, `${this.props.cluster.clusterName}-${id}`, options);
  }

  /** Checks the range of a Kong network against all that is taken, and takes it. */
  private takeRange({ kongCidr, kongZoneCount = DEFAULT_ZONE_COUNT }: KongNetworkOptions): void {
    checkKongCidr(kongCidr, kongZoneCount, this.taken);
    this.taken.push({ name: 'another Kong network', cidr: kongCidr });
  }

  private attachVpc(): VpcAttachment {
    const { cluster, provider } = this.props;
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

function neighbours({ cluster, peerCidrs = [] }: KongTransitExposureProps): NeighbourRange[] {
  return [
    { name: 'the VPC', cidr: cluster.network.vpcCidr },
    { name: 'the Services of the cluster', cidr: cluster.serviceCidr },
    ...peerCidrs.map((cidr, index) => peer(`peerCidrs[${index}]`, cidr)),
  ];
}

function peer(name: string, cidr: string): NeighbourRange {
  if (!Token.isUnresolved(cidr)) return { name, cidr: parseCidr(name, cidr).toString() };
  throw new ValidationError({
    property: name,
    value: '<token>',
    problem: 'is known only at apply',
    allowed: 'a range known at synth',
    remedy: 'write the range itself',
  });
}

function checkAttachmentHasGateway({ transitGateway, vpcAttachment }: KongTransitExposureProps): void {
  if (vpcAttachment === undefined || transitGateway !== undefined) return;
  throw new ValidationError({
    property: 'vpcAttachment',
    problem: 'is of a transit gateway that is not named',
    allowed: 'an attachment together with its transitGateway',
    remedy: 'give the transit gateway that the VPC is attached to, or leave both out',
  });
}
