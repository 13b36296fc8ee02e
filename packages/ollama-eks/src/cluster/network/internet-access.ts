import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { InternetGateway, RouteTable } from '../../providers/aws-types';

/** Properties of InternetAccess. */
export interface InternetAccessProps {
  readonly name: string;
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Internet access of public subnets: gateway, route table, route. */
export class InternetAccess extends Construct {
  public readonly resource: InternetGateway;
  /** Route table of the public subnets. */
  public readonly routeTable: RouteTable;
  /** Route to the internet, which NAT gateways need. */
  public readonly route: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: InternetAccessProps) {
    super(scope, id);
    const { vpcId, provider } = props;
    const tags = { ...props.tags, Name: `${props.name}-public` };
    this.resource = new aws.InternetGateway(this, 'Resource', { vpcId, tags, provider });
    this.routeTable = new aws.RouteTable(this, 'route-table', { vpcId, tags, provider });
    this.route = new aws.Route(this, 'default-route', {
      routeTableId: this.routeTable.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: this.resource.id,
      provider,
    });
  }
}
