// https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
import type { Construct, TerraformProvider } from '../framework';
import { serviceTrust } from './aws/iam-policy';
import { ServiceRole } from './aws/service-role';

/** Policies of the node role. Pods get their permissions from their own roles. */
const POLICIES = ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly', 'AmazonSSMManagedInstanceCore'];
/** Policy of a VPC CNI that has no role of its own, and so uses the role of the nodes. */
const CNI_POLICY = 'AmazonEKS_CNI_Policy';

/** Properties of a node role. */
export interface NodeRoleProps {
  /** Name of the cluster, with which the role's name begins. */
  readonly clusterName: string;
  /** Whether the VPC CNI may use the role, as it does by default in clusters of others. */
  readonly forCni: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

/** Creates the role of a cluster's nodes. */
export function createNodeRole(scope: Construct, { clusterName, forCni, tags, provider }: NodeRoleProps): ServiceRole {
  return new ServiceRole(scope, 'node-role', {
    namePrefix: `${clusterName}-node`,
    trust: serviceTrust('ec2.amazonaws.com'),
    managedPolicies: forCni ? [...POLICIES, CNI_POLICY] : POLICIES,
    tags,
    provider,
  });
}
