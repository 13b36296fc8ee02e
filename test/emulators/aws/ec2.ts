/** The EC2 API: moto, except attachments of transit gateways, and with what moto answers wrongly put right. */
import { elementText } from './ec2-query';
import type { AwsAnswer, AwsRequest } from './exchange';
import type { Moto } from './moto';
import type { SecurityGroups } from './eks';
import { TransitAttachments } from './transit-attachments';

/** Tags of the template itself, which moto returns as if its instances had them. */
const OWN_TAGS = /<item>\s*<resourceType>launch-template<\/resourceType>\s*<tagSet>.*?<\/tagSet>\s*<\/item>/gs;

export class Ec2Emulator {
  readonly #attachments: TransitAttachments;
  /** Of rules that refer to a security group, by id: moto forgets them. */
  readonly #descriptions = new Map<string, string>();

  /** @param guest owner of attachments that are accepted */
  public constructor(
    account: string,
    private readonly moto: Moto,
    guest: string,
  ) {
    this.#attachments = new TransitAttachments(account, guest, async () =>
      elementText(await this.moto.query('ec2', { Action: 'DescribeTransitGateways' }), 'transitGatewayId'),
    );
  }

  public async answer(request: AwsRequest): Promise<AwsAnswer> {
    const parameters = new URLSearchParams(request.body);
    const own = this.#attachments.answer(parameters);
    if (own !== undefined) return own;
    const answer = await this.moto.answer(request);
    switch (parameters.get('Action')) {
      case 'DescribeLaunchTemplateVersions':
        return { ...answer, body: answer.body.replaceAll(OWN_TAGS, '') };
      case 'AuthorizeSecurityGroupEgress':
      case 'AuthorizeSecurityGroupIngress':
        this.#rememberDescription(parameters, answer);
        return answer;
      case 'DescribeSecurityGroupRules':
        return { ...answer, body: this.#withDescriptions(answer.body) };
      default:
        return answer;
    }
  }

  /** Security groups that EKS creates, and deletes with the cluster. */
  public readonly securityGroups: SecurityGroups = {
    create: async (cluster, subnetId) => {
      const vpcId = elementText(
        await this.moto.query('ec2', { Action: 'DescribeSubnets', 'SubnetId.1': subnetId }),
        'vpcId',
      );
      const group = await this.moto.query('ec2', {
        Action: 'CreateSecurityGroup',
        GroupName: `eks-cluster-sg-${cluster}`,
        GroupDescription: 'EKS created security group',
        VpcId: vpcId,
      });
      return { vpcId, clusterSecurityGroupId: elementText(group, 'groupId') };
    },
    delete: async (id) => {
      await this.moto.query('ec2', { Action: 'DeleteSecurityGroup', GroupId: id });
    },
  };

  #rememberDescription(parameters: URLSearchParams, answer: AwsAnswer): void {
    const description = parameters.get('IpPermissions.1.Groups.1.Description');
    if (answer.status === 200 && description !== null) {
      this.#descriptions.set(elementText(answer, 'securityGroupRuleId'), description);
    }
  }

  #withDescriptions(body: string): string {
    return [...this.#descriptions].reduce((text, [id, description]) => {
      const element = `<securityGroupRuleId>${id}</securityGroupRuleId>`;
      return text.replace(element, `${element}<description>${description}</description>`);
    }, body);
  }
}
