/** Policy documents: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */

/** A statement of a policy document. */
export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Principal?: { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Renders statements as a policy document. */
export function policyDocument(...statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Allows a service to assume the role, only on behalf of the resources in the condition. */
export function serviceTrust(service: string, condition?: PolicyStatement['Condition']): PolicyStatement {
  return { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition };
}

/** Returns a condition against the confused deputy problem: only that account and those ARNs. */
export function onlyFor(accountId: string, sourceArn: string): PolicyStatement['Condition'] {
  return { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': sourceArn } };
}

/**
 * Allows EKS Pod Identity to give the role to pods of one cluster; the second action is for session tags.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityTrust(accountId: string, clusterArn: string): PolicyStatement {
  return {
    ...serviceTrust('pods.eks.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnEquals: { 'aws:SourceArn': clusterArn },
    }),
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };
}

/**
 * Allows the control plane to use the key that encrypts Secrets.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
 */
export function secretsKeyUse(keyArn: string): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
    Resource: keyArn,
  };
}

/**
 * Allows the EBS CSI driver to use keys that encrypt volumes.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md#set-up-driver-permissions
 */
export function volumeKeyUse(keyArns: readonly string[]): readonly PolicyStatement[] {
  return [
    {
      Effect: 'Allow',
      Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
      Resource: keyArns,
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
    {
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: keyArns,
    },
  ];
}

/** Allows VPC flow logs to be written to one log group. */
export function logDelivery(logGroupArn: string): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
    Resource: [logGroupArn, `${logGroupArn}:log-stream:*`],
  };
}

/** Allows node groups to be resized, and nothing else. */
export function nodeGroupScaling(nodeGroupArns: readonly string[]): PolicyStatement {
  return { Effect: 'Allow', Action: 'eks:UpdateNodegroupConfig', Resource: nodeGroupArns };
}
