import { Construct, type TerraformProvider, TerraformStack } from '../../framework';
import { aws } from '../../providers/aws';

/** The account and partition of a provider; one per stack and provider. Data sources are created at first use. */
export class AwsAccount extends Construct {
  /** Returns the account of the stack and provider. */
  public static of(scope: Construct, provider?: TerraformProvider): AwsAccount {
    const stack = TerraformStack.of(scope);
    const id = provider?.alias === undefined ? 'aws-account' : `aws-account-${provider.alias}`;
    return (stack.node.tryFindChild(id) as AwsAccount | undefined) ?? new AwsAccount(stack, id, provider);
  }

  private constructor(
    scope: Construct,
    id: string,
    private readonly provider?: TerraformProvider,
  ) {
    super(scope, id);
  }

  /** `aws`, `aws-cn` or `aws-us-gov`: the second part of every ARN. */
  public get partition(): string {
    return this.once('partition', (id) => new aws.DataAwsPartition(this, id, { provider: this.provider })).partition;
  }

  /** Account id: twelve digits. */
  public get accountId(): string {
    return this.caller.accountId;
  }

  /** ARN of the IAM role or user that runs Terraform; for a session, the ARN of its role. */
  public get deployerArn(): string {
    const session = this.once(
      'session',
      (id) => new aws.DataAwsIamSessionContext(this, id, { arn: this.caller.arn, provider: this.provider }),
    );
    return session.issuerArn;
  }

  /** Returns the ARN of an AWS managed policy, by its path and name. */
  public managedPolicyArn(name: string): string {
    return `arn:${this.partition}:iam::aws:policy/${name}`;
  }

  /** Returns the ARN of an EKS cluster of the account, which is known before the cluster exists. */
  public eksClusterArn(region: string, clusterName: string): string {
    return `arn:${this.partition}:eks:${region}:${this.accountId}:cluster/${clusterName}`;
  }

  private get caller() {
    return this.once('caller', (id) => new aws.DataAwsCallerIdentity(this, id, { provider: this.provider }));
  }

  private once<T extends Construct>(id: string, make: (id: string) => T): T {
    return (this.node.tryFindChild(id) as T | undefined) ?? make(id);
  }
}
