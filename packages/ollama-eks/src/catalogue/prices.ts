import type { Source } from './source';

/** List prices, in USD, and where they hold. */
export interface ListPrices {
  /** Regions in which the figures were read. */
  readonly regions: readonly string[];
  readonly source: Source;
}

/** Where and when the prices of instance types were read. Other regions differ by 10–40 %. */
export const INSTANCE_PRICES: ListPrices = {
  regions: ['us-east-1', 'us-west-2'],
  source: {
    title: 'Karpenter, on-demand prices of 2026-07-20',
    url: 'https://github.com/aws/karpenter-provider-aws/blob/main/pkg/providers/pricing/zz_generated.pricing_aws.go',
    date: '2026-11-23',
  },
};

/** USD per hour of a control plane in standard support. */
export const CONTROL_PLANE_PER_HOUR = 0.1;
export const CONTROL_PLANE_PRICE: Source = {
  title: 'Amazon EKS pricing',
  url: 'https://aws.amazon.com/eks/pricing/',
  date: '2026-11-23',
};

/** USD per hour of a NAT gateway, without the bytes that it moves. */
export const NAT_GATEWAY_PER_HOUR = 0.045;
export const NAT_GATEWAY_PRICE: Source = {
  title: 'Amazon VPC pricing',
  url: 'https://aws.amazon.com/vpc/pricing/',
  date: '2026-11-23',
};

/** USD per hour of an interface endpoint in one zone, without the bytes that it moves. */
export const INTERFACE_ENDPOINT_PER_HOUR = 0.01;
export const INTERFACE_ENDPOINT_PRICE: Source = {
  title: 'AWS PrivateLink pricing',
  url: 'https://aws.amazon.com/privatelink/pricing/',
  date: '2026-11-25',
};

/** USD per month of a gp3 volume: per GiB, per operation a second beyond 3000, per MiB/s beyond 125. */
export const GP3_PER_GIB_MONTH = 0.08;
export const GP3_PER_IOPS_MONTH = 0.005;
export const GP3_PER_MIBPS_MONTH = 0.04;
export const GP3_PRICE: Source = {
  title: 'Amazon EBS pricing',
  url: 'https://aws.amazon.com/ebs/pricing/',
  date: '2026-11-23',
};
