import type { Source } from './source';

/**
 * Where and when the figures of instance types, GPU and system, were read: vCPUs, memory, GPUs, disks, bandwidths, pods. Their
 * prices are of `INSTANCE_PRICES`.
 */
export const INSTANCE_HARDWARE: Source = {
  title: 'Karpenter, reference of instance types (made from EC2’s DescribeInstanceTypes)',
  url: 'https://github.com/aws/karpenter-provider-aws/blob/main/website/content/en/docs/reference/instance-types.md',
  date: '2026-11-23',
};
