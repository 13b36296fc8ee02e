import { type Construct, dependable, type ITerraformDependable } from '../framework';
import { addStackOutput } from '../stack-output';
import { CLUSTER_OUTPUTS } from './output-names';

/** Values of a cluster's outputs. */
export interface ClusterOutputValues {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: string;
  readonly vpcCidr: string;
  /** Node group names by pool name. */
  readonly gpuNodeGroupNames: Readonly<Record<string, string>>;
  /** Undefined for a cluster of others. */
  readonly systemNodeGroupName?: string;
}

/**
 * Adds the outputs of a cluster to its stack, under their fixed names. The cluster's name depends on the access entries:
 * whatever reads it can use the cluster.
 */
export function addClusterOutputs(
  scope: Construct,
  prefix: string,
  values: ClusterOutputValues,
  access: readonly ITerraformDependable[] = [],
): void {
  const { clusterName, region } = values;
  const described: readonly [string, unknown, string][] = [
    [CLUSTER_OUTPUTS.clusterName, clusterName, 'Name of the EKS cluster'],
    [CLUSTER_OUTPUTS.region, region, 'AWS region of the cluster'],
    [
      CLUSTER_OUTPUTS.kubeconfigCommand,
      `aws eks update-kubeconfig --region ${region} --name ${clusterName}`,
      'Command that lets kubectl find the cluster',
    ],
    [CLUSTER_OUTPUTS.vpcId, values.vpcId, 'Id of the VPC'],
    [CLUSTER_OUTPUTS.vpcCidr, values.vpcCidr, 'IPv4 range of the VPC'],
    [CLUSTER_OUTPUTS.gpuNodeGroupNames, values.gpuNodeGroupNames, 'Names of the GPU node groups, by pool'],
    [CLUSTER_OUTPUTS.systemNodeGroupName, values.systemNodeGroupName, 'Name of the system node group'],
  ];
  // Unlike a resource, an output renders its dependencies unchanged: without this they would be expressions.
  const waitsFor = access.map((entry) => ({ fqn: dependable(entry) }));
  for (const [name, value, description] of described) {
    if (value === undefined) continue;
    const dependsOn = name === CLUSTER_OUTPUTS.clusterName ? waitsFor : undefined;
    addStackOutput(scope, prefix, name, { value, description, dependsOn });
  }
}
