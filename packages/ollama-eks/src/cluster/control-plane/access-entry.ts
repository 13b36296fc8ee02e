/** Access entries: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
import { checkForm, checkOneOf } from '../../check-text';
import { constructId } from '../../construct-id';
import { ValidationError } from '../../errors';
import { Construct, type ITerraformDependable, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import { AwsAccount } from '../aws/aws-account';
import { partitionOf } from '../aws/partition';

/**
 * Stands for whoever runs `terraform apply`: the IAM role behind the session, or the user. Another person's apply then
 * moves the entry to that person; name a role where several deploy. Don't name the same role in another entry: EKS has one for each.
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

/** A policy of EKS for the Kubernetes API. */
export type AccessPolicy = (typeof ACCESS_POLICIES)[number];

/** Somebody who may use the Kubernetes API. */
export interface AccessEntryProps {
  /** ARN of an IAM role or user, may be a token; or `DEPLOYER`. */
  readonly principalArn: string;
  /** Name of the entry in construct ids; required where `principalArn` is a token. @default - the last part of the ARN */
  readonly name?: string;
  /** What it may do; empty where its groups tell. @default ['AmazonEKSClusterAdminPolicy'] */
  readonly policies?: readonly AccessPolicy[];
  /** Namespaces that the policies are limited to. @default - the whole cluster */
  readonly namespaces?: readonly string[];
  /** Kubernetes groups, for RoleBindings of your own; none may begin with `system:`. @default - none */
  readonly kubernetesGroups?: readonly string[];
}

/** Properties of an AccessEntry. */
export interface AccessEntryConstructProps {
  readonly clusterName: string;
  readonly entry: AccessEntryProps;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Somebody who may use the Kubernetes API, and what for. */
export class AccessEntry extends Construct {
  /** What must exist for the entry to be of use. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AccessEntryConstructProps) {
    super(scope, id);
    const { clusterName, entry, provider } = props;
    const account = AwsAccount.of(this, provider);
    const resource = new aws.EksAccessEntry(this, 'Resource', {
      clusterName,
      principalArn: entry.principalArn === DEPLOYER ? account.deployerArn : entry.principalArn,
      kubernetesGroups: entry.kubernetesGroups === undefined ? undefined : [...entry.kubernetesGroups],
      type: 'STANDARD',
      tags: { ...props.tags },
      provider,
    });
    const associations = policiesOf(entry).map(
      (policy) =>
        new aws.EksAccessPolicyAssociation(this, constructId(policy), {
          clusterName,
          principalArn: resource.principalArn,
          policyArn: `arn:${account.partition}:eks::aws:cluster-access-policy/${policy}`,
          accessScope:
            entry.namespaces === undefined
              ? { type: 'cluster' }
              : { type: 'namespace', namespaces: [...entry.namespaces] },
          provider,
        }),
    );
    this.ready = [resource, ...associations];
  }
}

/** Refuses entries that EKS would, that give nothing, and two for one principal. Gives each a name for its construct id. */
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
        problem: 'stands for a principal or a name that another entry has',
        allowed: 'one entry for each principal, each with a name of its own',
        remedy: 'put the policies in one entry, or set `name` where two principals end alike',
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
      allowed: 'letters, digits and -_.@, since the principal is known only at apply',
      remedy: 'name the entry',
    });
  } else if (entry.principalArn !== DEPLOYER) {
    checkForm(`${property}.principalArn`, entry.principalArn, {
      pattern: new RegExp(`^arn:${partition}:iam::\\d{12}:(role|user)/[\\w+=,.@/-]+$`),
      allowed: `the ARN of an IAM role or user (arn:${partition}:iam::111122223333:role/Admin), or DEPLOYER`,
      remedy: 'for a session (arn:aws:sts::…:assumed-role/…) name its role, with its path',
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
      problem: 'is empty, and there is no group: the entry would allow nothing',
      allowed: 'a policy, or a group with RoleBindings of your own',
      remedy: 'set `policies` or `kubernetesGroups`, or leave the entry out',
    });
  }
  if (namespaces?.length === 0) {
    throw new ValidationError({
      property: `${property}.namespaces`,
      value: namespaces,
      problem: 'limits the policies to no namespace',
      allowed: 'one namespace or more',
      remedy: 'name them, or leave it out for the whole cluster',
    });
  }
  const system = kubernetesGroups.find((group) => group.startsWith('system:'));
  if (system !== undefined) {
    throw new ValidationError({
      property: `${property}.kubernetesGroups`,
      value: system,
      problem: 'begins with system:, which EKS keeps for Kubernetes itself',
      allowed: 'groups of your own',
      remedy: 'use the policy AmazonEKSClusterAdminPolicy for what system:masters was',
    });
  }
  if (namespaces !== undefined && policiesOf(entry).includes('AmazonEKSClusterAdminPolicy')) {
    throw new ValidationError({
      property: `${property}.namespaces`,
      value: namespaces,
      problem: 'limits AmazonEKSClusterAdminPolicy, which only makes sense for the whole cluster',
      allowed: 'with AmazonEKSAdminPolicy, AmazonEKSEditPolicy or AmazonEKSViewPolicy',
      remedy: 'set `policies`',
    });
  }
}

function policiesOf(entry: AccessEntryProps): readonly AccessPolicy[] {
  return [...new Set(entry.policies ?? (['AmazonEKSClusterAdminPolicy'] as const))];
}
