import type { GpuInstanceType } from '../catalogue/gpu-instance-type';
import type { SystemInstanceType } from '../catalogue/system-instance-type';
import type { Gp3Volume } from './gp3';

/** Nodes of one instance type. */
export interface NodeCount {
  readonly instance: string | GpuInstanceType | SystemInstanceType;
  readonly count: number;
  /** USD per hour and node. @default the catalogue's list price */
  readonly pricePerHour?: number;
}

/** What is counted. */
export interface CostInput {
  /** Nodes that are stopped outside working hours. */
  readonly gpuNodes: readonly NodeCount[];
  /** Nodes that always run. */
  readonly systemNodes: readonly NodeCount[];
  /** NAT gateways. */
  readonly natGateways: number;
  /** Volumes: models, and the root volumes of the nodes. */
  readonly volumes: readonly Gp3Volume[];
}

/** One line of the bill. */
export interface CostLine {
  readonly name: string;
  /** USD per hour while it runs. */
  readonly hourly: number;
  /** USD per month when GPU nodes run 40 hours a week. */
  readonly monthly40h: number;
  /** USD per month when all runs always. */
  readonly monthlyAlwaysOn: number;
}

/** List prices, in USD, before tax, traffic and discounts. */
export interface Cost {
  readonly lines: readonly CostLine[];
  readonly hourly: number;
  readonly monthly40h: number;
  readonly monthlyAlwaysOn: number;
}

export declare function cost(input: CostInput): Cost;
