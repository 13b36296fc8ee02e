import type { Source } from './source';

/** The regions and the source of list prices in USD. */
export interface ListPrices {
  /** Regions whose prices are listed. */
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

/** USD per hour for a control plane in standard support. */
export const CONTROL_PLANE_PER_HOUR = 0.1;
export const CONTROL_PLANE_PRICE: Source = {
  title: 'Amazon EKS pricing',
  url: 'https://aws.amazon.com/eks/pricing/',
  date: '2026-11-23',
};

/** USD per hour for a NAT gateway, without data processing. */
export const NAT_GATEWAY_PER_HOUR = 0.045;
export const NAT_GATEWAY_PRICE: Source = {
  title: 'Amazon VPC pricing',
  url: 'https://aws.amazon.com/vpc/pricing/',
  date: '2026-11-23',
};

/** USD per hour for an interface endpoint in one zone, without data processing. */
export const INTERFACE_ENDPOINT_PER_HOUR = 0.01;
export const INTERFACE_ENDPOINT_PRICE: Source = {
  title: 'AWS PrivateLink pricing',
  url: 'https://aws.amazon.com/privatelink/pricing/',
  date: '2026-11-25',
};

/** USD per hour for a network load balancer, without its capacity units. */
export const LOAD_BALANCER_PER_HOUR = 0.0225;
export const LOAD_BALANCER_PRICE: Source = {
  title: 'Elastic Load Balancing pricing',
  url: 'https://aws.amazon.com/elasticloadbalancing/pricing/',
  date: '2026-11-28',
};

/** USD per hour for the attachment of a VPC to a transit gateway, which its owner pays, without data processing. */
export const TRANSIT_ATTACHMENT_PER_HOUR = 0.05;
export const TRANSIT_ATTACHMENT_PRICE: Source = {
  title: 'AWS Transit Gateway pricing',
  url: 'https://aws.amazon.com/transit-gateway/pricing/',
  date: '2026-11-28',
};

/** USD per month for a KMS key, without requests; each of the first two rotations costs as much again. */
export const KMS_KEY_PER_MONTH = 1;
export const KMS_KEY_PRICE: Source = {
  title: 'AWS KMS pricing',
  url: 'https://aws.amazon.com/kms/pricing/',
  date: '2026-11-28',
};

/** USD per month for a gp3 volume: per GiB, per operation per second above 3000, per MiB/s above 125. */
export const GP3_PER_GIB_MONTH = 0.08;
export const GP3_PER_IOPS_MONTH = 0.005;
export const GP3_PER_MIBPS_MONTH = 0.04;
export const GP3_PRICE: Source = {
  title: 'Amazon EBS pricing',
  url: 'https://aws.amazon.com/ebs/pricing/',
  date: '2026-11-23',
};

/** USD per month for a GiB of an EBS snapshot in the standard tier. @see https://aws.amazon.com/ebs/pricing/ */
export const SNAPSHOT_PER_GIB_MONTH = 0.05;

/** USD per hour for a public IPv4 address, in use or not. @see https://aws.amazon.com/vpc/pricing/ */
export const PUBLIC_IPV4_PER_HOUR = 0.005;

/** USD for logs in CloudWatch, standard class: per GB that is written, and per month for each GB that is stored. */
export const LOG_PER_GB = 0.5;
export const LOG_PER_GB_MONTH = 0.03;
export const LOG_PRICE: Source = {
  title: 'Amazon CloudWatch pricing',
  url: 'https://aws.amazon.com/cloudwatch/pricing/',
  date: '2026-11-29',
};

/** USD per hour for a managed collector of metrics. */
export const METRICS_COLLECTOR_PER_HOUR = 0.04;
/** USD for a million samples of metrics: of each ten million, 0.03 to collect and 0.90 to store them, up to 2 billion a month. */
export const METRICS_PER_MILLION_SAMPLES = 0.093;
/** USD per month for a GB of stored metrics. */
export const METRICS_PER_GB_MONTH = 0.03;
export const METRICS_PRICE: Source = {
  title: 'Amazon Managed Service for Prometheus pricing',
  url: 'https://aws.amazon.com/prometheus/pricing/',
  date: '2026-11-29',
};

/** USD per GB that a NAT gateway processes, and that an attachment sends to a transit gateway. */
export const NAT_GATEWAY_PER_GB = 0.045;
export const TRANSIT_ATTACHMENT_PER_GB = 0.02;

/** USD per hour for a capacity unit of a network load balancer: 1 GB per hour, or 800 new connections per second. @see `LOAD_BALANCER_PRICE` */
export const LOAD_BALANCER_UNIT_PER_HOUR = 0.006;
