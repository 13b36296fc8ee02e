import { constructId } from '../../construct-id';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import { aws } from '../../providers/aws';
import type { IamRole, IamRolePolicy } from '../../providers/aws-types';
import { AwsAccount } from './aws-account';
import { policyDocument, type PolicyStatement } from './iam-policy';
import { shortened } from '../../shortened';

/** Maximum length of a role's `name_prefix`. */
const LONGEST_PREFIX = 38;

/** Properties of a ServiceRole. */
export interface ServiceRoleProps {
  /** Prefix of the role's name, shortened to what IAM allows; the provider completes it. */
  readonly namePrefix: string;
  /** Statement that allows a service to assume the role. */
  readonly trust: PolicyStatement;
  /** Paths and names of AWS managed policies: `service-role/AmazonEBSCSIDriverPolicy`. */
  readonly managedPolicies?: readonly string[];
  /** Statements of the role's inline policy. */
  readonly statements?: readonly PolicyStatement[];
  /** What must exist before the inline policy is created. */
  readonly dependsOn?: readonly ITerraformDependable[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** An IAM role for one purpose, with its permissions. */
export class ServiceRole extends Construct {
  public readonly roleArn: string;
  /** What must exist before the role is used, and until nothing uses it. */
  public readonly grants: readonly ITerraformDependable[];
  public readonly resource: IamRole;
  /** Inline policy; undefined if the role has only managed policies. */
  public readonly policy?: IamRolePolicy;

  public constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { provider, managedPolicies = [], statements = [] } = props;
    this.resource = new aws.IamRole(this, 'Resource', {
      namePrefix: `${shortened(props.namePrefix, LONGEST_PREFIX - 1)}-`,
      assumeRolePolicy: policyDocument(props.trust),
      tags: { ...props.tags },
      provider,
    });
    const attachments = managedPolicies.map(
      (name) =>
        new aws.IamRolePolicyAttachment(this, constructId(name.slice(name.lastIndexOf('/') + 1)), {
          role: this.resource.name,
          policyArn: AwsAccount.of(this, provider).managedPolicyArn(name),
          provider,
        }),
    );
    if (statements.length > 0) {
      this.policy = new aws.IamRolePolicy(this, 'policy', {
        role: this.resource.name,
        policy: policyDocument(...statements),
        dependsOn: props.dependsOn === undefined ? undefined : [...props.dependsOn],
        provider,
      });
    }
    this.roleArn = this.resource.arn;
    this.grants = [...attachments, ...(this.policy === undefined ? [] : [this.policy])];
  }
}
