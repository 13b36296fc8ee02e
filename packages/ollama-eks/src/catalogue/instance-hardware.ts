import type { Source } from './source';

/**
 * Where and when the figures of GPU and system instance types were read: vCPUs, memory, GPUs, disks, bandwidths, pods. Their
 * prices are from `INSTANCE_PRICES`.
 */
export const INSTANCE_HARDWARE: Source = {
  title: 'Karpenter, reference of instance types (generated from EC2’s DescribeInstanceTypes)',
  url: 'https://github.com/aws/karpenter-provider-aws/blob/main/website/content/en/docs/reference/instance-types.md',
  date: '2026-11-23',
};
