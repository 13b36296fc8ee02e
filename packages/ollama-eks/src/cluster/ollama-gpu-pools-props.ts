import type { IEksCluster } from './cluster-ref';
import type { PoolChecksProps } from './guardrails/pool-checks';
import type { ModelServingProps } from './model-serving-props';

/** Properties of OllamaGpuPools. */
export interface OllamaGpuPoolsProps extends ModelServingProps {
  /**
   * Cluster that the nodes join: an `ExistingEksCluster`. Another cluster gets its own nodes and servers; those of the first are
   * lost.
   */
  readonly cluster: IEksCluster;
  /**
   * ARN of the role of the GPU nodes, which EKS must be able to assign to EC2 instances; may be a token. Its policies must outlive
   * the nodes. A change replaces the nodes.
   * @default - a role is created, with the policies of EKS nodes and of a VPC CNI that has no role of its own
   */
  readonly nodeRoleArn?: string;
  /**
   * Whether to install NVIDIA's device plugin on nodes of AL2023; `false` if the cluster already has it, by the GPU operator or by
   * itself. It must tolerate the taint `nvidia.com/gpu`, and run on nodes with the label `nvidia.com/gpu.present`. A change moves
   * GPUs from one plugin to the other, during which no server can start.
   * @default true
   */
  readonly installDevicePlugin?: boolean;
  /** Checks when Terraform plans. @default - all checks */
  readonly guardrails?: PoolChecksProps;
}
