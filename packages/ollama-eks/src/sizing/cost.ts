import { type GpuInstanceType, gpuInstanceType, gpuInstanceTypeNames } from '../catalogue/gpu-instance-type';
import {
  CONTROL_PLANE_PER_HOUR,
  CONTROL_PLANE_PRICE,
  GP3_PER_GIB_MONTH,
  GP3_PER_IOPS_MONTH,
  GP3_PER_MIBPS_MONTH,
  GP3_PRICE,
  INSTANCE_PRICES,
  INTERFACE_ENDPOINT_PER_HOUR,
  INTERFACE_ENDPOINT_PRICE,
  NAT_GATEWAY_PER_HOUR,
  NAT_GATEWAY_PRICE,
} from '../catalogue/prices';
import type { Source } from '../catalogue/source';
import { systemInstanceType, type SystemInstanceType } from '../catalogue/system-instance-type';
import { ValidationError } from '../errors';
import { GP3_LIMITS, type Gp3Volume } from './gp3';

/** Nodes of one instance type. */
export interface NodeCount {
  readonly instance: string | GpuInstanceType | SystemInstanceType;
  readonly count: number;
  /**
   * USD per hour and node: another region, a Savings Plan, Spot, a Capacity Block.
   * @default the catalogue's on-demand list price
   */
  readonly pricePerHour?: number;
}

/** What is counted. */
export interface CostInput {
  /** Nodes that are stopped outside working hours. */
  readonly gpuNodes: readonly NodeCount[];
  /** Nodes that always run. */
  readonly systemNodes: readonly NodeCount[];
  readonly natGateways: number;
  /**
   * Interface endpoints, each counted in every zone.
   * @default 0
   */
  readonly interfaceEndpoints?: number;
  /** Volumes, which are paid for always: those of the models and the root volumes of the nodes. */
  readonly volumes: readonly Gp3Volume[];
  /**
   * Region, known at synth.
   * @default one whose list prices are known
   */
  readonly region?: string;
}

/** One line of the bill, in USD. */
export interface CostLine {
  /** What is paid for: `2 × g5.xlarge`. */
  readonly name: string;
  readonly hourly: number;
  /** Per month when GPU nodes run 40 hours a week and all else always. */
  readonly monthly40h: number;
  /** Per month when all runs always. */
  readonly monthlyAlwaysOn: number;
  /** Where the list price was read; undefined where the price was given. */
  readonly source?: Source;
}

/** List prices, in USD, before tax, traffic and discounts. */
export interface Cost {
  readonly lines: readonly CostLine[];
  readonly hourly: number;
  readonly monthly40h: number;
  readonly monthlyAlwaysOn: number;
  /** What should be known of the figures; undefined where there is nothing. */
  readonly note?: string;
}

const HOURS_A_MONTH = 730;
const WORKING_HOURS_A_MONTH = (40 * 52) / 12;

/**
 * What an installation costs.
 * @throws ValidationError for an instance type without a price
 */
export function cost(input: CostInput): Cost {
  const { interfaceEndpoints = 0 } = input;
  const lines = [
    line('EKS control plane', CONTROL_PLANE_PER_HOUR, HOURS_A_MONTH, CONTROL_PLANE_PRICE),
    ...input.gpuNodes.map((nodes) => nodeLine(nodes, WORKING_HOURS_A_MONTH)),
    ...input.systemNodes.map((nodes) => nodeLine(nodes, HOURS_A_MONTH)),
    line(
      `${input.natGateways} × NAT gateway`,
      input.natGateways * NAT_GATEWAY_PER_HOUR,
      HOURS_A_MONTH,
      NAT_GATEWAY_PRICE,
    ),
    line(
      `${interfaceEndpoints} × interface endpoint`,
      interfaceEndpoints * INTERFACE_ENDPOINT_PER_HOUR,
      HOURS_A_MONTH,
      INTERFACE_ENDPOINT_PRICE,
    ),
    line(`${input.volumes.length} × gp3 volume`, volumesPerHour(input.volumes), HOURS_A_MONTH, GP3_PRICE),
  ].filter(({ hourly }) => hourly > 0);
  const known = input.region === undefined || INSTANCE_PRICES.regions.includes(input.region);
  return {
    lines,
    hourly: sum(lines.map(({ hourly }) => hourly)),
    monthly40h: sum(lines.map(({ monthly40h }) => monthly40h)),
    monthlyAlwaysOn: sum(lines.map(({ monthlyAlwaysOn }) => monthlyAlwaysOn)),
    note: known
      ? undefined
      : `list prices of ${INSTANCE_PRICES.regions.join(' and ')}; those of ${input.region} may differ by 10–40 %`,
  };
}

/**
 * USD per hour of one node.
 * @throws ValidationError where neither the catalogue nor the caller has a price
 */
export function hourlyPrice(
  instance: string | GpuInstanceType | SystemInstanceType,
  pricePerHour?: number,
  property = 'pricePerHour',
): number {
  const type = instanceType(instance);
  const price = pricePerHour ?? type.pricePerHour;
  if (price === undefined || !(price >= 0)) {
    throw new ValidationError({
      property,
      value: price,
      problem: `is no price for ${type.name}, which has no on-demand list price here`,
      allowed: 'USD per hour, 0 or more',
      remedy: 'give the price that you pay, such as that of the Capacity Block',
    });
  }
  return price;
}

function instanceType(instance: string | GpuInstanceType | SystemInstanceType): GpuInstanceType | SystemInstanceType {
  if (typeof instance !== 'string') {
    return instance;
  }
  return gpuInstanceTypeNames().includes(instance)
    ? gpuInstanceType(instance)
    : systemInstanceType(instance, 'instance');
}

function nodeLine({ instance, count, pricePerHour }: NodeCount, hoursA40hWeek: number): CostLine {
  const name = typeof instance === 'string' ? instance : instance.name;
  const hourly = count * hourlyPrice(instance, pricePerHour);
  return line(
    `${count} × ${name}`,
    hourly,
    hoursA40hWeek,
    pricePerHour === undefined ? INSTANCE_PRICES.source : undefined,
  );
}

function line(name: string, hourly: number, hoursA40hWeek: number, source?: Source): CostLine {
  return { name, hourly, monthly40h: hourly * hoursA40hWeek, monthlyAlwaysOn: hourly * HOURS_A_MONTH, source };
}

function volumesPerHour(volumes: readonly Gp3Volume[]): number {
  const monthly = volumes.map(
    ({ sizeGiB, iops, throughput }) =>
      sizeGiB * GP3_PER_GIB_MONTH +
      Math.max(0, iops - GP3_LIMITS.iops.least) * GP3_PER_IOPS_MONTH +
      Math.max(0, throughput - GP3_LIMITS.throughput.least) * GP3_PER_MIBPS_MONTH,
  );
  return sum(monthly) / HOURS_A_MONTH;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
