import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';

/** Properties of InternetAccess. */
export interface InternetAccessProps {
  readonly name: string;
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Internet access of public subnets: gateway, route table, route. */
export class InternetAccess extends Construct {
  public readonly routeTableId: string;
  /** Route to the internet, which NAT gateways need. */
  public readonly route: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: InternetAccessProps) {
    super(scope, id);
    const { vpcId, provider } = props;
    const tags = { ...props.tags, Name: `${props.name}-public` };
    const gateway = new aws.InternetGateway(this, 'Resource', { vpcId, tags, provider });
    const table = new aws.RouteTable(this, 'route-table', { vpcId, tags, provider });
    this.routeTableId = table.id;
    this.route = new aws.Route(this, 'default-route', {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.id,
      provider,
    });
  }
}
