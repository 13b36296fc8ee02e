/**
 * Warm pools of managed node groups: https://docs.aws.amazon.com/eks/latest/userguide/warm-pools-managed-node-groups.html
 * Their size: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html
 */
import type { EksNodeGroup } from '../../providers/aws-types';
import { requireAwsProvider } from '../../provider-versions';

/**
 * Nodes that are stopped instead of terminated when a pool is scaled in, and started again when it is scaled out, by whatever scales it:
 * `nightSchedule`, `ollama-eks scale`, or a person. A change is
 * in place, and does not reach nodes that are stopped already.
 *
 * A started node does not boot for the first time again, and Ollama's image is on its root volume if a server has run on it. A node that
 * has never served, such as the first one of a pool without servers, has run its user data only: it pulls the image when it is
 * started. A stopped node costs its root volume, and reserves no capacity: AWS may have none when it is needed.
 *
 * Needs AWS provider 6.56 or later, which the stack then requires: run `terraform init -upgrade`. Nothing of this was planned with such a
 * provider, or tried on AWS; the shape of the block is tested against the provider's schema. What an update of the node group does to stopped
 * nodes is not documented: after another AMI release, look at them with `aws autoscaling describe-warm-pool`.
 */
export interface WarmPoolProps {
  /**
   * Maximum number of nodes that run or are stopped, in all, up to `maxSize`. Nodes that do not run are launched once, and then stopped.
   * @default - what the replicas need, at least one more than `minSize`
   */
  readonly maxGroupPreparedCapacity?: number;
}

/** A warm pool, with every default filled in. */
export interface WarmPool {
  /** Nodes that run or are stopped, in all. */
  readonly maxGroupPreparedCapacity: number;
}

/** @see https://github.com/hashicorp/terraform-provider-aws/pull/48977 */
const PROVIDER = '>= 6.56, < 7.0';

/** Adds the warm pool to a node group. The bindings do not know the block. */
export function addWarmPool(nodeGroup: EksNodeGroup, { maxGroupPreparedCapacity }: WarmPool): void {
  requireAwsProvider(nodeGroup, PROVIDER);
  // Every argument is set, since the provider keeps the value of one that is no longer set.
  nodeGroup.addOverride('warm_pool_config', {
    max_group_prepared_capacity: maxGroupPreparedCapacity,
    min_size: 0,
    // A running node costs as much as one that serves. EC2 hibernates some types only, and saves memory that a server does not need.
    pool_state: 'STOPPED',
    // Otherwise a node is terminated when it is scaled in, and another one is launched only to be stopped.
    reuse_on_scale_in: true,
  });
}
