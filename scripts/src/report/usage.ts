import {
  LOAD_BALANCER_UNIT_PER_HOUR,
  LOG_PER_GB,
  LOG_PER_GB_MONTH,
  METRICS_PER_GB_MONTH,
  METRICS_PER_MILLION_SAMPLES,
  NAT_GATEWAY_PER_GB,
  TRANSIT_ATTACHMENT_PER_GB,
} from '@org/ollama-eks/pure';
import { findKongExposure } from '../project/kong-exposure';
import type { Project } from '../project/project';

/** Something that is paid for by use, which the price per hour does not include. */
export interface UsageCost {
  /** `GB through a NAT gateway`. */
  readonly what: string;
  /** USD for one of it at list prices; undefined where no public price is known. */
  readonly usd?: number;
}

/** What is paid for by use, by the type of the resource that causes it. */
const COSTS: readonly (readonly [type: string, ...costs: readonly UsageCost[]])[] = [
  ['aws_nat_gateway', { what: 'GB through a NAT gateway: charts, images and models', usd: NAT_GATEWAY_PER_GB }],
  [
    'aws_ec2_transit_gateway_vpc_attachment',
    { what: 'GB into the transit gateway: answers', usd: TRANSIT_ATTACHMENT_PER_GB },
  ],
  ['aws_lb', { what: 'hour of a capacity unit of the load balancer', usd: LOAD_BALANCER_UNIT_PER_HOUR }],
  [
    'aws_cloudwatch_log_group',
    { what: 'GB of logs that is written', usd: LOG_PER_GB },
    { what: 'GB of logs that is kept for a month', usd: LOG_PER_GB_MONTH },
  ],
  [
    'aws_prometheus_workspace',
    { what: 'million samples of metrics', usd: METRICS_PER_MILLION_SAMPLES },
    { what: 'GB of metrics that is kept for a month', usd: METRICS_PER_GB_MONTH },
  ],
];

/** Returns what is paid for by use, from the resources that Terraform will create. */
export function usageCostsOf(project: Project): readonly UsageCost[] {
  const types = new Set(project.stacks.flatMap(({ resources }) => Object.keys(resources)));
  return [
    ...COSTS.flatMap(([type, ...costs]) => (types.has(type) ? costs : [])),
    ...(findKongExposure(project) === undefined
      ? []
      : [{ what: "hour of Kong's dedicated gateway, its traffic and its requests" }]),
  ];
}
