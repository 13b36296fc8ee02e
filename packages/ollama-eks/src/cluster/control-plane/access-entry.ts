/** Access entries: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
import { checkForm, checkOneOf } from '../../check-text';
import { constructId } from '../../construct-id';
import { ValidationError } from '../../errors';
import { Construct, type ITerraformDependable, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { EksAccessEntry } from '../../providers/aws-types';
import { AwsAccount } from '../aws/aws-account';
import { partitionOf } from '../aws/partition';

/**
 * Represents the principal that runs `terraform apply`: the IAM role behind the session, or the IAM user. If another principal
 * applies, the entry moves to that principal, so use the ARN of a role if several people deploy. Do not add the same principal
 * in another entry: EKS has one entry per principal.
 */
export const DEPLOYER = 'deployer';

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const ACCESS_POLICIES = [
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSViewPolicy',
] as const;

/** An EKS access policy for the Kubernetes API. */
export type AccessPolicy = (typeof ACCESS_POLICIES)[number];

/** Access of one principal to the Kubernetes API. A change takes effect at once. */
export interface AccessEntryProps {
  /** ARN of an IAM role or user, which may be a token; or `DEPLOYER`. */
  readonly principalArn: string;
  /** Name of the entry in construct ids; required if `principalArn` is a token. @default - the last part of the ARN */
  readonly name?: string;
  /** Access policies of the principal; empty if only its groups grant permissions. @default ['AmazonEKSClusterAdminPolicy'] */
  readonly policies?: readonly AccessPolicy[];
  /** Namespaces to which the policies are limited. @default - the whole cluster */
  readonly namespaces?: readonly string[];
  /** Kubernetes groups, for your own RoleBindings; none may begin with `system:`. @default - none */
  readonly kubernetesGroups?: readonly string[];
}

/** Properties of an AccessEntry. */
export interface AccessEntryConstructProps {
  readonly clusterName: string;
  readonly entry: AccessEntryProps;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Access of one principal to the Kubernetes API, with its policies. */
export class AccessEntry extends Construct {
  public readonly resource: EksAccessEntry;
  /** What must exist before the principal has access. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AccessEntryConstructProps) {
    super(scope, id);
    const { clusterName, entry, provider } = props;
    const account = AwsAccount.of(this, provider);
    this.resource = new aws.EksAccessEntry(this, 'Resource', {
      clusterName,
      principalArn: entry.principalArn === DEPLOYER ? account.deployerArn : entry.principalArn,
      // Without a value, the provider keeps the groups that the entry has.
      kubernetesGroups: [...(entry.kubernetesGroups ?? [])],
      type: 'STANDARD',
      tags: { ...props.tags },
      provider,
    });
    const associations = policiesOf(entry).map(
      (policy) =>
        new aws.EksAccessPolicyAssociation(this, constructId(policy), {
          clusterName,
          principalArn: this.resource.principalArn,
          policyArn: `arn:${account.partition}:eks::aws:cluster-access-policy/${policy}`,
          accessScope:
            entry.namespaces === undefined
              ? { type: 'cluster' }
              : { type: 'namespace', namespaces: [...entry.namespaces] },
          provider,
        }),
    );
    this.ready = [this.resource, ...associations];
  }
}

/** Refuses entries that EKS refuses, entries that grant nothing, and two entries for one principal. Returns the entries by the
 * names in their construct ids. */
export function checkAccess(
  entries: readonly AccessEntryProps[],
  region: string,
): ReadonlyMap<string, AccessEntryProps> {
  const byName = new Map<string, AccessEntryProps>();
  const principals = new Set<string>();
  entries.forEach((entry, index) => {
    const property = `access[${index}]`;
    checkPrincipal(entry, property, partitionOf(region));
    checkRights(entry, property);
    const name = entry.name ?? entry.principalArn.split('/').pop() ?? '';
    if (byName.has(name) || principals.has(entry.principalArn)) {
      throw new ValidationError({
        property,
        value: entry.name ?? entry.principalArn,
        problem: 'has the same principal or name as another entry',
        allowed: 'one entry per principal, each with a different name',
        remedy: 'combine the policies in one entry, or set `name` if two principals end in the same way',
      });
    }
    byName.set(name, entry);
    principals.add(entry.principalArn);
  });
  return byName;
}

function checkPrincipal(entry: AccessEntryProps, property: string, partition: string): void {
  if (Token.isUnresolved(entry.principalArn)) {
    checkForm(`${property}.name`, entry.name ?? '', {
      pattern: /^[A-Za-z0-9][\w.@-]*$/,
      allowed: 'letters, digits and -_.@; required because the principal is known only at apply',
      remedy: 'set the name of the entry',
    });
  } else if (entry.principalArn !== DEPLOYER) {
    checkForm(`${property}.principalArn`, entry.principalArn, {
      pattern: new RegExp(`^arn:${partition}:iam::\\d{12}:(role|user)/[\\w+=,.@/-]+$`),
      allowed: `the ARN of an IAM role or user (arn:${partition}:iam::111122223333:role/Admin), or DEPLOYER`,
      remedy: 'for a session (arn:aws:sts::…:assumed-role/…), use the ARN of its role, with its path',
    });
  }
}

function checkRights(entry: AccessEntryProps, property: string): void {
  const { policies, namespaces, kubernetesGroups = [] } = entry;
  policies?.forEach((policy, index) => checkOneOf(`${property}.policies[${index}]`, policy, ACCESS_POLICIES));
  if (policies?.length === 0 && kubernetesGroups.length === 0) {
    throw new ValidationError({
      property: `${property}.policies`,
      value: policies,
      problem: 'is empty, and so is `kubernetesGroups`: the entry would grant nothing',
      allowed: 'at least one policy, or a group with your own RoleBindings',
      remedy: 'set `policies` or `kubernetesGroups`, or remove the entry',
    });
  }
  if (namespaces?.length === 0) {
    throw new ValidationError({
      property: `${property}.namespaces`,
      value: namespaces,
      problem: 'is empty: the policies would apply to no namespace',
      allowed: 'at least one namespace',
      remedy: 'add a namespace, or omit `namespaces` for the whole cluster',
    });
  }
  const system = kubernetesGroups.find((group) => group.startsWith('system:'));
  if (system !== undefined) {
    throw new ValidationError({
      property: `${property}.kubernetesGroups`,
      value: system,
      problem: 'begins with system:, which EKS reserves for Kubernetes itself',
      allowed: 'your own groups',
      remedy: 'use the policy AmazonEKSClusterAdminPolicy instead of system:masters',
    });
  }
  if (namespaces !== undefined && policiesOf(entry).includes('AmazonEKSClusterAdminPolicy')) {
    throw new ValidationError({
      property: `${property}.namespaces`,
      value: namespaces,
      problem: 'limits AmazonEKSClusterAdminPolicy, which applies to the whole cluster only',
      allowed: 'with AmazonEKSAdminPolicy, AmazonEKSEditPolicy or AmazonEKSViewPolicy',
      remedy: 'set `policies`',
    });
  }
}

function policiesOf(entry: AccessEntryProps): readonly AccessPolicy[] {
  return [...new Set(entry.policies ?? (['AmazonEKSClusterAdminPolicy'] as const))];
}
