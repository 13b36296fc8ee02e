/**
 * Stands for whoever runs `terraform apply`: the IAM role behind the session, or the user. Another person's apply then
 * moves the entry to that person; name a role where several deploy.
 */
export const DEPLOYER = 'deployer';

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
export type AccessPolicy =
  | 'AmazonEKSClusterAdminPolicy'
  | 'AmazonEKSAdminPolicy'
  | 'AmazonEKSAdminViewPolicy'
  | 'AmazonEKSEditPolicy'
  | 'AmazonEKSViewPolicy';

/** Somebody who may use the Kubernetes API. */
export interface AccessEntryProps {
  /** ARN of an IAM role or user, may be a token; or `DEPLOYER`. */
  readonly principalArn: string;
  /** Name of the entry in construct ids; required where `principalArn` is a token. @default - the last part of the ARN */
  readonly name?: string;
  /** What it may do. @default ['AmazonEKSClusterAdminPolicy'] */
  readonly policies?: readonly AccessPolicy[];
  /** Namespaces that the policies are limited to. @default - the whole cluster */
  readonly namespaces?: readonly string[];
  /** Kubernetes groups, for RoleBindings of your own; none may begin with `system:`. @default - none */
  readonly kubernetesGroups?: readonly string[];
}
