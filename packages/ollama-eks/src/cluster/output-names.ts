/** Fixed names of a cluster's outputs, by which people and `ollama-eks` read them. */
export const CLUSTER_OUTPUTS = {
  clusterName: 'cluster_name',
  region: 'region',
  kubeconfigCommand: 'kubeconfig_command',
  vpcId: 'vpc_id',
  vpcCidr: 'vpc_cidr',
  /** Names of the GPU node groups, by pool. */
  gpuNodeGroupNames: 'gpu_node_group_names',
  systemNodeGroupName: 'system_node_group_name',
} as const;
