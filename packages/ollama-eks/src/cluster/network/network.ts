import { checkProps, FLAG, listOf, NUMBER, OBJECT, recordOf, required, type Shape, TEXT } from '../../check-props';
import { checkOneOf } from '../../check-text';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { DefaultSecurityGroup, RouteTable, Vpc } from '../../providers/aws-types';
import { checkClusterName } from '../aws/cluster-name';
import { KeptChoice, REPLACE_CLUSTER } from '../aws/kept-choice';
import { checkRetention } from '../aws/log-retention';
import { regionOf } from '../aws/stack-defaults';
import { checkTags } from '../aws/tags';
import { FlowLogs } from './flow-logs';
import { InternetAccess } from './internet-access';
import { ImportedNetwork, type NetworkAttributes } from './network-attributes';
import { lookUpNetwork, type NetworkLookup } from './network-lookup';
import type { INetwork } from './network-ref';
import { NetworkZone } from './network-zone';
import { networkZones, type Zone } from './network-zones';
import { checkVpcCidr, zoneRanges } from './subnet-plan';
import { checkPrivateServices, checkServices, PRIVATE_CLUSTER_SERVICES, VpcEndpoints } from './vpc-endpoints';

const DEFAULT_CIDR = '10.0.0.0/16';
const DEFAULT_FLOW_LOG_DAYS = 30;

/** Internet access of private subnets: one NAT gateway for all, one per zone, or none. */
export type NatMode = 'single' | 'per-zone' | 'none';

const NAT_MODES: readonly NatMode[] = ['single', 'per-zone', 'none'];

/** Property of a cluster that describes its own network. */
export const CREATE_NETWORK = 'createNetwork';

/** Options of a new network. */
export interface NetworkCreateProps {
  /** IPv4 range of the VPC, /16 to /20. A change would replace the VPC, so every plan refuses it. @default '10.0.0.0/16' */
  readonly cidr?: string;
  /**
   * Names of 2–8 zones: `['us-west-2a', 'us-west-2b']`. Each has a fixed place in the range, by its letter. The first
   * has the single NAT gateway and the first GPU pool, so add new zones at the end: then only the system nodes, which use all
   * zones, are replaced, by new ones that exist first. A change of the first zone replaces its NAT address and the nodes of the pool;
   * a removed zone also replaces the load balancer of the exposure, and with it the DNS name.
   * @default - the first `zoneCount` that EKS can use, found at plan
   */
  readonly zones?: readonly string[];
  /**
   * Number of zones, 2–8; must not be combined with `zones`. A change replaces the system nodes; a lower number also replaces the
   * load balancer of the exposure, and with it the DNS name.
   * @default 3
   */
  readonly zoneCount?: number;
  /** Internet access of private subnets. @default 'single' */
  readonly nat?: NatMode;
  /**
   * Services with an interface endpoint: `ecr.api`, `sts`… AWS charges for each per hour and zone.
   * @default - none; without NAT, all services that EKS nodes need
   */
  readonly interfaceEndpoints?: readonly string[];
  /** Retention of flow logs in days, one of the values that CloudWatch Logs supports; 0 for no flow logs. @default 30 */
  readonly flowLogDays?: number;
}

/** Properties of a Network. */
export interface NetworkProps extends NetworkCreateProps {
  /** Name in tags and log group, unique in account and region, by which the VPC is found. A change loses the flow logs. */
  readonly networkName: string;
  /** @default - the region of the enclosing InfrastructureStack; required in other stacks */
  readonly region?: string;
  /** Tags of all resources. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /** AWS provider of every resource. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
  /**
   * Whether a plan may replace the VPC because `cidr` changed, which takes down everything in it. Set it for that apply only.
   * @default false
   */
  readonly allowReplacement?: boolean;
}

/** What each option must be, for callers without types. */
export const OPTIONS_SHAPE: Shape<NetworkCreateProps> = {
  cidr: TEXT,
  zones: listOf(TEXT),
  zoneCount: NUMBER,
  nat: TEXT,
  interfaceEndpoints: listOf(TEXT),
  flowLogDays: NUMBER,
};

const SHAPE: Shape<NetworkProps> = {
  ...OPTIONS_SHAPE,
  networkName: required(TEXT),
  region: TEXT,
  tags: recordOf(TEXT),
  provider: OBJECT,
  allowReplacement: FLAG,
};

/**
 * A VPC with, in each zone, a private subnet for nodes, a public one for NAT, and one for transit gateway attachments.
 * Routes are separate resources, so that others, such as a transit gateway's, can be added.
 */
export class Network extends Construct implements INetwork {
  /** Returns an existing network, described by its attributes. */
  public static fromAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ImportedNetwork(scope, id, attributes);
  }

  /** Returns an existing network that Terraform looks up: one private subnet in each named zone. */
  public static fromLookup(scope: Construct, id: string, lookup: NetworkLookup): INetwork {
    return lookUpNetwork(scope, id, lookup);
  }

  /** The VPC. */
  public readonly resource: Vpc;
  public readonly vpcId: string;
  public readonly vpcTags: Readonly<Record<string, string>>;
  public readonly vpcCidr: string;
  public readonly zoneCount: number;
  public readonly zones: readonly string[];
  public readonly privateSubnetIds: readonly string[];
  public readonly transitSubnetIds: readonly string[];
  public readonly privateRouteTableIds: readonly string[];
  public readonly egress: readonly (readonly ITerraformDependable[])[];
  /** Subnets, route table and NAT gateway of each zone, in the order of `zones`. */
  public readonly networkZones: readonly NetworkZone[];
  /** Undefined with `nat: 'none'`. */
  public readonly internetAccess?: InternetAccess;
  /** Route table of the transit subnets. */
  public readonly transitRouteTable: RouteTable;
  /** Default security group of the VPC, without rules. */
  public readonly defaultSecurityGroup: DefaultSecurityGroup;
  public readonly endpoints: VpcEndpoints;
  /** Undefined with `flowLogDays: 0`. */
  public readonly flowLogs?: FlowLogs;
  /** Number of NAT gateways. */
  public readonly natGatewayCount: number;
  /** Number of interface endpoints, each counted once per zone. */
  public readonly interfaceEndpointCount: number;
  private readonly props: ResolvedProps;

  /** @param property Property in errors: for the network of a cluster, the property that the user wrote. */
  public constructor(scope: Construct, id: string, props: NetworkProps, property = 'network') {
    super(scope, id);
    checkProps(props, SHAPE, property);
    this.props = resolve(this, props, property);
    const { cidr, region, nat, networkName: name, tags, provider } = this.props;
    const zones = networkZones(this, region, { ...props, property }, provider);
    this.resource = this.createVpc();
    this.vpcId = this.resource.id;
    this.defaultSecurityGroup = this.closeDefaultGroup();
    this.keepCidr(property);
    if (nat !== 'none') this.internetAccess = this.createInternetAccess();
    this.transitRouteTable = this.createTransitRouteTable();
    this.networkZones = this.createZones(zones);
    this.vpcTags = vpcTags(name);
    this.vpcCidr = cidr;
    this.zones = zones.map((zone) => zone.name);
    this.zoneCount = zones.length;
    this.natGatewayCount = { none: 0, single: 1, 'per-zone': zones.length }[nat];
    this.interfaceEndpointCount = new Set(this.props.interfaceEndpoints).size * zones.length;
    this.privateSubnetIds = this.networkZones.map((zone) => zone.privateSubnet.id);
    this.transitSubnetIds = this.networkZones.map((zone) => zone.transitSubnet.id);
    this.privateRouteTableIds = this.networkZones.map((zone) => zone.privateRouteTable.id);
    this.endpoints = new VpcEndpoints(this, 'endpoints', {
      name,
      region,
      vpcId: this.vpcId,
      vpcCidr: cidr,
      subnetIds: this.privateSubnetIds,
      routeTableIds: this.privateRouteTableIds,
      interfaceServices: this.props.interfaceEndpoints,
      tags,
      provider,
    });
    this.egress = this.networkZones.map((zone) => [...zone.egress, ...this.endpoints.egress]);
    if (this.props.flowLogDays > 0) {
      const retentionDays = this.props.flowLogDays;
      this.flowLogs = new FlowLogs(this, 'flow-logs', {
        name,
        region,
        vpcId: this.vpcId,
        retentionDays,
        tags,
        provider,
      });
    }
  }

  private createVpc(): Vpc {
    const { cidr, networkName: name, tags, provider } = this.props;
    return new aws.Vpc(this, 'Resource', {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { ...tags, ...vpcTags(name), Name: name },
      provider,
    });
  }

  private closeDefaultGroup(): DefaultSecurityGroup {
    const { networkName: name, tags, provider } = this.props;
    // By default, members of the default group can connect to each other and out; without rules, using it by mistake is harmless.
    const unused = { ...tags, Name: `${name}-unused` };
    return new aws.DefaultSecurityGroup(this, 'closed-default', { vpcId: this.vpcId, tags: unused, provider });
  }

  /** EC2 cannot change the range of a VPC, so the provider replaces it. The network of a cluster is replaced only with the cluster. */
  private keepCidr(property: string): void {
    const { cidr, networkName, allowReplacement } = this.props;
    const common = { property: `${property}.cidr`, value: cidr, problem: 'the range of a VPC cannot be changed' };
    new KeptChoice(
      this,
      'chosen-cidr',
      property === CREATE_NETWORK
        ? { ...common, clusterName: networkName, remedy: REPLACE_CLUSTER }
        : {
            ...common,
            remedy: 'set allowReplacement: true to replace the VPC and everything in it',
            allowChange: allowReplacement,
          },
    );
  }

  private createInternetAccess(): InternetAccess {
    const { networkName: name, tags, provider } = this.props;
    return new InternetAccess(this, 'internet', { name, vpcId: this.vpcId, tags, provider });
  }

  private createTransitRouteTable(): RouteTable {
    const { networkName, provider } = this.props;
    const tags = { ...this.props.tags, Name: `${networkName}-transit` };
    return new aws.RouteTable(this, 'transit-route-table', { vpcId: this.vpcId, tags, provider });
  }

  private createZones(zones: readonly Zone[]): readonly NetworkZone[] {
    const { cidr, nat, networkName: name, tags, provider } = this.props;
    const created: NetworkZone[] = [];
    for (const zone of zones) {
      created.push(
        new NetworkZone(this, `zone-${zone.place}`, {
          name: `${name}-${zone.place}`,
          zone: zone.name,
          vpcId: this.vpcId,
          ranges: zoneRanges(cidr, zone.place),
          transitRouteTableId: this.transitRouteTable.id,
          internet: this.internetAccess,
          natGatewayId: nat === 'single' ? created[0]?.natGatewayId : undefined,
          tags,
          provider,
        }),
      );
    }
    return created;
  }
}

type ResolvedProps = Required<Omit<NetworkProps, 'zones' | 'zoneCount' | 'provider'>> & Pick<NetworkProps, 'provider'>;

function resolve(scope: Construct, props: NetworkProps, property: string): ResolvedProps {
  const { nat = 'single', flowLogDays = DEFAULT_FLOW_LOG_DAYS, interfaceEndpoints } = props;
  const endpoints = `${property}.interfaceEndpoints`;
  return {
    networkName: checkClusterName(`${property}.networkName`, props.networkName),
    region: regionOf(scope, props.region),
    cidr: checkVpcCidr(`${property}.cidr`, props.cidr ?? DEFAULT_CIDR),
    allowReplacement: props.allowReplacement ?? false,
    nat: checkOneOf(`${property}.nat`, nat, NAT_MODES),
    interfaceEndpoints:
      nat === 'none'
        ? checkPrivateServices(endpoints, interfaceEndpoints ?? PRIVATE_CLUSTER_SERVICES)
        : checkServices(endpoints, interfaceEndpoints ?? []),
    flowLogDays: flowLogDays === 0 ? 0 : checkRetention(`${property}.flowLogDays`, flowLogDays),
    tags: checkTags(`${property}.tags`, props.tags ?? {}),
    provider: props.provider,
  };
}

/** Returns the tags by which the VPC is found from inside the cluster, where ids known only at apply are not available. */
function vpcTags(networkName: string): Readonly<Record<string, string>> {
  return { 'ollama-eks/network': networkName };
}
