/**
 * Attachments of transit gateways, with their associations and routes. moto has the gateways and their route tables, but associates
 * each attachment with a default table, and knows no attachment of another account.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachment.html
 */
import { randomUUID } from 'node:crypto';
import { ec2Answer, ec2Refusal, filterValues, listParameter, type Xml } from './ec2-query';
import type { AwsAnswer } from './exchange';

interface Attachment {
  readonly id: string;
  readonly transitGatewayId: string;
  readonly vpcId: string;
  readonly vpcOwnerId: string;
  /** AWS shows a deleted one for a while. */
  readonly state: 'available' | 'deleted';
  readonly subnetIds: readonly string[];
  readonly tags: Map<string, string>;
}

/** What a route table knows of an attachment. */
interface Link {
  readonly table: string;
  readonly attachment: string;
}

interface Route extends Link {
  readonly cidr: string;
}

type Handler = (parameters: URLSearchParams) => AwsAnswer | Promise<AwsAnswer>;

export class TransitAttachments {
  readonly #attachments = new Map<string, Attachment>();
  #associations: readonly Link[] = [];
  #routes: readonly Route[] = [];

  /**
   * @param account owner of the gateways
   * @param guest owner of attachments that are accepted
   * @param onlyGateway returns the id of the only transit gateway
   */
  public constructor(
    private readonly account: string,
    private readonly guest: string,
    private readonly onlyGateway: () => Promise<string>,
  ) {}

  readonly #actions: Readonly<Record<string, Handler>> = {
    CreateTransitGatewayVpcAttachment: (parameters) =>
      this.#answerWith('CreateTransitGatewayVpcAttachment', {
        id: `tgw-attach-${randomUUID().replaceAll('-', '').slice(0, 17)}`,
        transitGatewayId: parameters.get('TransitGatewayId') ?? '',
        vpcId: parameters.get('VpcId') ?? '',
        vpcOwnerId: this.account,
        state: 'available',
        subnetIds: listParameter(parameters, 'SubnetIds'),
        tags: tagsOf(parameters, 'TagSpecifications.1.Tag'),
      }),
    // Another account has created it, which this account does not see before it is accepted.
    AcceptTransitGatewayVpcAttachment: async (parameters) =>
      this.#answerWith('AcceptTransitGatewayVpcAttachment', {
        id: parameters.get('TransitGatewayAttachmentId') ?? '',
        transitGatewayId: await this.onlyGateway(),
        vpcId: 'vpc-0fedcba9876543210',
        vpcOwnerId: this.guest,
        state: 'available',
        subnetIds: ['subnet-0fedcba9876543210'],
        tags: new Map(),
      }),
    DescribeTransitGatewayVpcAttachments: (parameters) => {
      const ids = listParameter(parameters, 'TransitGatewayAttachmentIds');
      const found = [...this.#attachments.values()].filter(({ id }) => ids.includes(id));
      return ec2Answer('DescribeTransitGatewayVpcAttachments', {
        transitGatewayVpcAttachments: found.map(attachmentXml),
      });
    },
    DeleteTransitGatewayVpcAttachment: (parameters) => {
      const id = linkOf(parameters).attachment;
      const deleted = this.#attachments.get(id);
      const isUsed = this.#associations.some(({ attachment }) => attachment === id);
      if (deleted === undefined || isUsed) {
        return ec2Refusal(isUsed ? 'IncorrectState' : 'InvalidTransitGatewayAttachmentID.NotFound', id);
      }
      return this.#answerWith('DeleteTransitGatewayVpcAttachment', { ...deleted, state: 'deleted' });
    },
    DisassociateTransitGatewayRouteTable: (parameters) => {
      const link = linkOf(parameters);
      this.#associations = this.#associations.filter((other) => !isSameLink(other, link));
      const association = { ...(this.#associationXml(link) as object), state: 'disassociating' };
      return ec2Answer('DisassociateTransitGatewayRouteTable', { association });
    },
    AssociateTransitGatewayRouteTable: (parameters) => {
      const link = linkOf(parameters);
      this.#associations = [...this.#associations, link];
      return ec2Answer('AssociateTransitGatewayRouteTable', { association: this.#associationXml(link) });
    },
    GetTransitGatewayRouteTableAssociations: (parameters) => {
      const ids = filterValues(parameters, 'transit-gateway-attachment-id');
      const found = this.#associations.filter(
        ({ table, attachment }) => table === linkOf(parameters).table && (ids?.includes(attachment) ?? true),
      );
      return ec2Answer('GetTransitGatewayRouteTableAssociations', {
        associations: found.map((link) => this.#associationXml(link)),
      });
    },
    GetTransitGatewayRouteTablePropagations: () =>
      ec2Answer('GetTransitGatewayRouteTablePropagations', { transitGatewayRouteTablePropagations: [] }),
    CreateTransitGatewayRoute: (parameters) => {
      const route = { ...linkOf(parameters), cidr: parameters.get('DestinationCidrBlock') ?? '' };
      this.#routes = [...this.#routes, route];
      return ec2Answer('CreateTransitGatewayRoute', { route: this.#routeXml(route) });
    },
    DeleteTransitGatewayRoute: (parameters) => {
      const { table } = linkOf(parameters);
      const isDeleted = (route: Route) =>
        route.table === table && route.cidr === parameters.get('DestinationCidrBlock');
      const deleted = this.#routes.filter(isDeleted);
      this.#routes = this.#routes.filter((route) => !isDeleted(route));
      return ec2Answer('DeleteTransitGatewayRoute', { route: deleted.map((route) => this.#routeXml(route))[0] });
    },
    SearchTransitGatewayRoutes: (parameters) => {
      const found = this.#routes.filter(({ table }) => table === linkOf(parameters).table);
      return ec2Answer('SearchTransitGatewayRoutes', {
        routeSet: found.map((route) => this.#routeXml(route)),
        additionalRoutesAvailable: 'false',
      });
    },
  };

  /** Returns an answer, or undefined if the call does not concern attachments. */
  public answer(parameters: URLSearchParams): AwsAnswer | Promise<AwsAnswer> | undefined {
    const action = parameters.get('Action') ?? '';
    const attachment = this.#attachments.get(parameters.get('ResourceId.1') ?? '');
    if (action === 'CreateTags' && attachment !== undefined) {
      tagsOf(parameters, 'Tag').forEach((value, key) => attachment.tags.set(key, value));
      return ec2Answer(action, { return: 'true' });
    }
    const handler = this.#actions[action];
    if (handler === undefined && /TransitGateway(Vpc|Peering)?(Attachment|Route$|RouteTable[AP])/.test(action)) {
      return ec2Refusal('UnsupportedOperation', `${action} is not emulated`);
    }
    return handler?.(parameters);
  }

  #answerWith(action: string, attachment: Attachment): AwsAnswer {
    this.#attachments.set(attachment.id, attachment);
    return ec2Answer(action, { transitGatewayVpcAttachment: attachmentXml(attachment) });
  }

  #associationXml({ table, attachment }: Link): Xml {
    return { transitGatewayRouteTableId: table, ...this.#linkXml(attachment), state: 'associated' };
  }

  #routeXml({ cidr, attachment }: Route): Xml {
    const transitGatewayAttachments = [this.#linkXml(attachment)];
    return { destinationCidrBlock: cidr, transitGatewayAttachments, type: 'static', state: 'active' };
  }

  #linkXml(id: string): Readonly<Record<string, Xml>> {
    const resourceId = this.#attachments.get(id)?.vpcId;
    return { transitGatewayAttachmentId: id, resourceId, resourceType: 'vpc' };
  }
}

function attachmentXml({ id, transitGatewayId, vpcId, vpcOwnerId, state, subnetIds, tags }: Attachment): Xml {
  return {
    transitGatewayAttachmentId: id,
    transitGatewayId,
    vpcId,
    vpcOwnerId,
    state,
    subnetIds,
    options: {
      dnsSupport: 'enable',
      securityGroupReferencingSupport: 'enable',
      ipv6Support: 'disable',
      applianceModeSupport: 'disable',
    },
    tagSet: tagsXml(tags),
  };
}

function tagsXml(tags: ReadonlyMap<string, string>): Xml {
  return [...tags].map(([key, value]) => ({ key, value }));
}

function tagsOf(parameters: URLSearchParams, prefix: string): Map<string, string> {
  const keys = [...parameters].filter(([key]) => key.startsWith(`${prefix}.`) && key.endsWith('.Key'));
  return new Map(keys.map(([key, name]) => [name, parameters.get(key.replace(/Key$/, 'Value')) ?? '']));
}

function isSameLink(one: Link, other: Link): boolean {
  return one.table === other.table && one.attachment === other.attachment;
}

function linkOf(parameters: URLSearchParams): Link {
  return {
    table: parameters.get('TransitGatewayRouteTableId') ?? '',
    attachment: parameters.get('TransitGatewayAttachmentId') ?? '',
  };
}
