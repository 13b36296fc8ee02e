/**
 * The block `warm_pool_config` of aws_eks_node_group in the schema of AWS provider 6.66.0: at most one block, all arguments optional. Read in
 * @cdktn/provider-aws 25.7.0 (`lib/eks-node-group`), whose bindings are generated from that schema; @pulumi/aws 7.48.0
 * (`eks.NodeGroup`) has the same arguments. Bindings for provider 6.45.0 (@cdktn/provider-aws 24.1.0) do not have the block.
 */
export const WARM_POOL_CONFIG: Readonly<Record<string, 'number' | 'string' | 'boolean'>> = {
  max_group_prepared_capacity: 'number',
  min_size: 'number',
  pool_state: 'string',
  reuse_on_scale_in: 'boolean',
};

/** `WarmPoolState` of the EKS API, in the service model of botocore 1.44.8. */
export const POOL_STATES: readonly string[] = ['STOPPED', 'RUNNING', 'HIBERNATED'];
