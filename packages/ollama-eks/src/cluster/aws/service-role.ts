import { constructId } from '../../construct-id';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws, type IamRole } from '../../providers/aws';
import { AwsAccount } from './aws-account';
import { policyDocument, type PolicyStatement } from './iam-policy';

/** `name_prefix` of a role may have 38 characters. */
const LONGEST_PREFIX = 38;

/** Properties of a ServiceRole. */
export interface ServiceRoleProps {
  /** Beginning of the role's name, shortened to what IAM allows; IAM completes it. */
  readonly namePrefix: string;
  /** Who may assume it. */
  readonly trust: PolicyStatement;
  /** Names of policies that AWS manages, with their paths: `service-role/AmazonEBSCSIDriverPolicy`. */
  readonly managedPolicies?: readonly string[];
  /** What else it may do. */
  readonly statements?: readonly PolicyStatement[];
  /** What must hold before `statements` take effect. */
  readonly dependsOn?: readonly ITerraformDependable[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** An IAM role for one purpose, with what it may do. */
export class ServiceRole extends Construct {
  public readonly roleArn: string;
  /** What must exist before the role is of use, and must outlive whoever uses it. */
  public readonly grants: readonly ITerraformDependable[];
  private readonly role: IamRole;

  public constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { provider, managedPolicies = [], statements = [] } = props;
    this.role = new aws.IamRole(this, 'Resource', {
      namePrefix: `${props.namePrefix.slice(0, LONGEST_PREFIX - 1)}-`,
      assumeRolePolicy: policyDocument(props.trust),
      tags: { ...props.tags },
      provider,
    });
    const attachments = managedPolicies.map(
      (name) =>
        new aws.IamRolePolicyAttachment(this, constructId(name.slice(name.lastIndexOf('/') + 1)), {
          role: this.role.name,
          policyArn: AwsAccount.of(this, provider).managedPolicyArn(name),
          provider,
        }),
    );
    const inline =
      statements.length === 0
        ? []
        : [
            new aws.IamRolePolicy(this, 'policy', {
              role: this.role.name,
              policy: policyDocument(...statements),
              dependsOn: props.dependsOn === undefined ? undefined : [...props.dependsOn],
              provider,
            }),
          ];
    this.roleArn = this.role.arn;
    this.grants = [...attachments, ...inline];
  }
}
