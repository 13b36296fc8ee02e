import { checkPrice } from '../catalogue/check-price';
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
import { similarNames } from '../catalogue/similar-names';
import type { Source } from '../catalogue/source';
import {
  systemInstanceType,
  systemInstanceTypeNames,
  type SystemInstanceType,
} from '../catalogue/system-instance-type';
import { checkObject } from '../check-object';
import { ValidationError } from '../errors';
import { checkGp3, GP3_LIMITS, type Gp3Volume } from './gp3';

/** Nodes of one instance type. */
export interface NodeCount {
  readonly instance: string | GpuInstanceType | SystemInstanceType;
  /** Nodes, 0 or more. */
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
  /** NAT gateways, 0 or more. */
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
  /** Where the list price was read; undefined where the price is the caller's own. */
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
 * What an installation costs; what there is none of has no line.
 * @throws ValidationError for an instance type without a price, for counts and prices that can't be, and for volumes that gp3
 * doesn't have
 */
export function cost(input: CostInput): Cost {
  const { interfaceEndpoints = 0 } = input;
  checkCount(input.natGateways, 'natGateways');
  checkCount(interfaceEndpoints, 'interfaceEndpoints');
  input.volumes.forEach((volume, index) => {
    checkGp3(volume, undefined, `volumes[${index}]`);
  });
  const lines = [
    line('EKS control plane', CONTROL_PLANE_PER_HOUR, HOURS_A_MONTH, CONTROL_PLANE_PRICE),
    ...nodeLines(input.gpuNodes, WORKING_HOURS_A_MONTH, 'gpuNodes'),
    ...nodeLines(input.systemNodes, HOURS_A_MONTH, 'systemNodes'),
    ...countLines(input.natGateways, 'NAT gateway', NAT_GATEWAY_PER_HOUR, NAT_GATEWAY_PRICE),
    ...countLines(interfaceEndpoints, 'interface endpoint', INTERFACE_ENDPOINT_PER_HOUR, INTERFACE_ENDPOINT_PRICE),
    ...volumeLines(input.volumes),
  ];
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
 * @throws ValidationError for an unknown instance type, where neither the catalogue nor the caller has a price, and for one that
 * can't be
 */
export function hourlyPrice(
  instance: string | GpuInstanceType | SystemInstanceType,
  pricePerHour?: number,
  property = 'pricePerHour',
): number {
  return priceOf(instanceType(instance, 'instance'), pricePerHour, { instance: 'instance', price: property });
}

/** The price that is given, else that of the type. */
function priceOf(
  type: GpuInstanceType | SystemInstanceType,
  given: number | undefined,
  properties: { readonly instance: string; readonly price: string },
): number {
  if (given !== undefined) {
    return checkPrice(given, properties.price);
  }
  if (type.pricePerHour === undefined) {
    throw new ValidationError({
      property: properties.price,
      problem: `is missing, and ${type.name} has no on-demand list price here`,
      allowed: 'USD per hour, 0 or more',
      remedy: 'give the price that you pay, such as that of the Capacity Block',
    });
  }
  return checkPrice(type.pricePerHour, `${properties.instance}.pricePerHour`);
}

function instanceType(
  instance: string | GpuInstanceType | SystemInstanceType,
  property: string,
): GpuInstanceType | SystemInstanceType {
  if (typeof instance !== 'string') {
    checkObject(instance, property, 'the name of an instance type, or an object with its figures');
    return instance;
  }
  const listed = listedType(instance);
  if (listed === undefined) {
    const alike = similarNames(instance, [...gpuInstanceTypeNames(), ...systemInstanceTypeNames()]);
    throw new ValidationError({
      property,
      value: instance,
      problem: 'is in neither catalogue of instance types, GPU and system',
      allowed: alike.length > 0 ? `${alike.join(', ')} or another listed name` : 'a listed name',
      remedy: 'correct the name, or pass an object of the shape GpuInstanceType or SystemInstanceType',
    });
  }
  return listed;
}

/** The type of that name in either catalogue. */
function listedType(name: string): GpuInstanceType | SystemInstanceType | undefined {
  if (gpuInstanceTypeNames().includes(name)) {
    return gpuInstanceType(name);
  }
  return systemInstanceTypeNames().includes(name) ? systemInstanceType(name) : undefined;
}

function nodeLines(nodes: readonly NodeCount[], hoursA40hWeek: number, property: string): readonly CostLine[] {
  return nodes.flatMap(({ instance, count, pricePerHour }, index) => {
    const path = `${property}[${index}]`;
    checkCount(count, `${path}.count`);
    if (count === 0) {
      return [];
    }
    const type = instanceType(instance, `${path}.instance`);
    const price = priceOf(type, pricePerHour, { instance: `${path}.instance`, price: `${path}.pricePerHour` });
    const isListPrice = pricePerHour === undefined && price === listedType(type.name)?.pricePerHour;
    return [
      line(`${count} × ${type.name}`, count * price, hoursA40hWeek, isListPrice ? INSTANCE_PRICES.source : undefined),
    ];
  });
}

/** A line of so many things of one price that always run, where there is any. */
function countLines(count: number, thing: string, perHour: number, source: Source): readonly CostLine[] {
  return count === 0 ? [] : [line(`${count} × ${thing}`, count * perHour, HOURS_A_MONTH, source)];
}

function volumeLines(volumes: readonly Gp3Volume[]): readonly CostLine[] {
  return volumes.length === 0
    ? []
    : [line(`${volumes.length} × gp3 volume`, volumesPerHour(volumes), HOURS_A_MONTH, GP3_PRICE)];
}

function checkCount(count: number, property: string): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ValidationError({
      property,
      value: count,
      problem: 'is no number of things',
      allowed: 'an integer of 0 or more, known at synth',
      remedy: 'correct it',
    });
  }
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
