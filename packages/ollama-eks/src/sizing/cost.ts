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
  KMS_KEY_PER_MONTH,
  KMS_KEY_PRICE,
  LOAD_BALANCER_PER_HOUR,
  LOAD_BALANCER_PRICE,
  METRICS_COLLECTOR_PER_HOUR,
  METRICS_PRICE,
  NAT_GATEWAY_PER_HOUR,
  NAT_GATEWAY_PRICE,
  TRANSIT_ATTACHMENT_PER_HOUR,
  TRANSIT_ATTACHMENT_PRICE,
} from '../catalogue/prices';
import { similarNames } from '../catalogue/similar-names';
import type { Source } from '../catalogue/source';
import {
  systemInstanceType,
  systemInstanceTypeNames,
  type SystemInstanceType,
} from '../catalogue/system-instance-type';
import { checkInteger } from '../check-integer';
import { checkObject } from '../check-object';
import { checkProps, FLAG, listOf, NUMBER, OBJECT, required, type Shape, TEXT } from '../check-props';
import { ValidationError } from '../errors';
import { checkGp3, GP3_LIMITS, type Gp3Volume } from './gp3';

/** Nodes of one instance type. */
export interface NodeCount {
  readonly instance: string | GpuInstanceType | SystemInstanceType;
  /** Number of nodes, at least 0. */
  readonly count: number;
  /**
   * USD per hour and node, for another region, a Savings Plan, Spot or a Capacity Block.
   * @default - the on-demand list price of the catalogue
   */
  readonly pricePerHour?: number;
}

/** Everything that an installation pays for. */
export interface CostInput {
  /**
   * Whether the control plane is part of the installation, not of another one.
   * @default true
   */
  readonly hasControlPlane?: boolean;
  /** Nodes that are stopped outside working hours. */
  readonly gpuNodes: readonly NodeCount[];
  /** Nodes that always run. */
  readonly systemNodes: readonly NodeCount[];
  /** Number of NAT gateways, at least 0. */
  readonly natGateways: number;
  /**
   * Number of interface endpoints: one for each endpoint and zone.
   * @default 0
   */
  readonly interfaceEndpoints?: number;
  /**
   * Number of KMS keys, at least 0.
   * @default 0
   */
  readonly kmsKeys?: number;
  /** Volumes, which are always paid for: those of the models and the root volumes of the nodes. */
  readonly volumes: readonly Gp3Volume[];
  /**
   * Root volumes of the nodes of warm pools that are stopped while all others run, which is a line of its own.
   * @default - none
   */
  readonly stoppedVolumes?: readonly Gp3Volume[];
  /**
   * Volume of metrics, which is a line of its own.
   * @default - none
   */
  readonly metricsVolume?: Gp3Volume;
  /**
   * Number of managed collectors of metrics, at least 0.
   * @default 0
   */
  readonly metricsCollectors?: number;
  /**
   * Region, known at synth.
   * @default - a region whose prices are listed
   */
  readonly region?: string;
}

/** What each part of the input must be, for callers without types: a part with a wrong name would cost nothing. */
const INPUT: Shape<CostInput> = {
  hasControlPlane: FLAG,
  gpuNodes: required(listOf(OBJECT)),
  systemNodes: required(listOf(OBJECT)),
  natGateways: required(NUMBER),
  interfaceEndpoints: NUMBER,
  kmsKeys: NUMBER,
  volumes: required(listOf(OBJECT)),
  stoppedVolumes: listOf(OBJECT),
  metricsVolume: OBJECT,
  metricsCollectors: NUMBER,
  region: TEXT,
};

/** One line of the bill, in USD. */
export interface CostLine {
  /** What is paid for: `2 × g5.xlarge`. */
  readonly name: string;
  readonly hourly: number;
  /** Per month if GPU nodes run 40 hours a week and everything else always runs. */
  readonly monthly40h: number;
  /** Per month if everything always runs. */
  readonly monthlyAlwaysOn: number;
  /** Source of the list price; undefined if the caller set the price. */
  readonly source?: Source;
}

/** Sums of the lines of a bill in USD. */
export interface CostSums {
  readonly hourly: number;
  readonly monthly40h: number;
  readonly monthlyAlwaysOn: number;
}

/** List prices in USD, before tax, traffic and discounts. */
export interface Cost extends CostSums {
  readonly lines: readonly CostLine[];
  /** What users should know about the figures, if anything. */
  readonly note?: string;
}

/** Hours of an average month. */
export const HOURS_PER_MONTH = 730;
const WORKING_HOURS_PER_MONTH = (40 * 52) / 12;

/**
 * Returns what an installation costs, with one line for everything whose count is not 0.
 * @throws ValidationError if an instance type has no price, or if a count, a price or a gp3 volume is not valid
 */
export function cost(input: CostInput): Cost {
  checkObject(input, 'input', `an object with ${Object.keys(INPUT).join(', ')}`);
  checkProps(input, INPUT);
  const {
    hasControlPlane = true,
    interfaceEndpoints = 0,
    kmsKeys = 0,
    stoppedVolumes = [],
    metricsCollectors = 0,
  } = input;
  checkCount(input.natGateways, 'natGateways');
  checkCount(interfaceEndpoints, 'interfaceEndpoints');
  checkCount(kmsKeys, 'kmsKeys');
  checkCount(metricsCollectors, 'metricsCollectors');
  checkVolumes(input.volumes, 'volumes');
  checkVolumes(stoppedVolumes, 'stoppedVolumes');
  const lines = [
    ...(hasControlPlane ? [CONTROL_PLANE_COST] : []),
    ...nodeLines(input.gpuNodes, WORKING_HOURS_PER_MONTH, 'gpuNodes'),
    ...nodeLines(input.systemNodes, HOURS_PER_MONTH, 'systemNodes'),
    ...countLines(input.natGateways, 'NAT gateway', NAT_GATEWAY_PER_HOUR, NAT_GATEWAY_PRICE),
    ...countLines(interfaceEndpoints, 'interface endpoint', INTERFACE_ENDPOINT_PER_HOUR, INTERFACE_ENDPOINT_PRICE),
    ...countLines(kmsKeys, 'KMS key', KMS_KEY_PER_MONTH / HOURS_PER_MONTH, KMS_KEY_PRICE),
    ...volumeLines(input.volumes, 'gp3 volume'),
    ...volumeLines(stoppedVolumes, 'gp3 volume of stopped nodes'),
    ...metricsLines(input.metricsVolume),
    ...countLines(metricsCollectors, 'managed collector of metrics', METRICS_COLLECTOR_PER_HOUR, METRICS_PRICE),
  ];
  const known = input.region === undefined || INSTANCE_PRICES.regions.includes(input.region);
  return {
    lines,
    ...sumsOf(lines),
    note: known
      ? undefined
      : `list prices of ${INSTANCE_PRICES.regions.join(' and ')}; prices in ${input.region} may differ by 10–40 %`,
  };
}

/** Returns the sums of lines. */
export function sumsOf(lines: readonly CostLine[]): CostSums {
  return {
    hourly: sum(lines.map(({ hourly }) => hourly)),
    monthly40h: sum(lines.map(({ monthly40h }) => monthly40h)),
    monthlyAlwaysOn: sum(lines.map(({ monthlyAlwaysOn }) => monthlyAlwaysOn)),
  };
}

const CONTROL_PLANE_COST = line('EKS control plane', CONTROL_PLANE_PER_HOUR, HOURS_PER_MONTH, CONTROL_PLANE_PRICE);

/** What a load balancer costs, without its traffic. */
export const LOAD_BALANCER_COST = line(
  '1 × network load balancer',
  LOAD_BALANCER_PER_HOUR,
  HOURS_PER_MONTH,
  LOAD_BALANCER_PRICE,
);

/** What the attachment of the VPC to a transit gateway costs, without its traffic. The gateway itself is free, and Kong pays for its own. */
export const TRANSIT_ATTACHMENT_COST = line(
  '1 × transit gateway attachment',
  TRANSIT_ATTACHMENT_PER_HOUR,
  HOURS_PER_MONTH,
  TRANSIT_ATTACHMENT_PRICE,
);

/**
 * Returns the price of one node in USD per hour.
 * @throws ValidationError if the instance type is not listed, if neither the catalogue nor the caller has a price, or if the price
 * is not valid
 */
export function hourlyPrice(
  instance: string | GpuInstanceType | SystemInstanceType,
  pricePerHour?: number,
  property = 'pricePerHour',
): number {
  return priceOf(instanceType(instance, 'instance'), pricePerHour, { instance: 'instance', price: property });
}

/** Returns the given price, or else the price of the type. */
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
      problem: `is required, because ${type.name} has no on-demand list price`,
      allowed: 'USD per hour, at least 0',
      remedy: 'set the price that you pay, such as the price of the Capacity Block',
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
    const similar = similarNames(instance, [...gpuInstanceTypeNames(), ...systemInstanceTypeNames()]);
    throw new ValidationError({
      property,
      value: instance,
      problem: 'is in neither of the catalogues of GPU and system instance types',
      allowed: similar.length > 0 ? `${similar.join(', ')} or another listed name` : 'a listed name',
      remedy: 'correct the name, or pass an object of the shape GpuInstanceType or SystemInstanceType',
    });
  }
  return listed;
}

/** Returns the type with that name from either catalogue. */
function listedType(name: string): GpuInstanceType | SystemInstanceType | undefined {
  if (gpuInstanceTypeNames().includes(name)) {
    return gpuInstanceType(name);
  }
  return systemInstanceTypeNames().includes(name) ? systemInstanceType(name) : undefined;
}

function nodeLines(nodes: readonly NodeCount[], monthlyHours40h: number, property: string): readonly CostLine[] {
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
      line(`${count} × ${type.name}`, count * price, monthlyHours40h, isListPrice ? INSTANCE_PRICES.source : undefined),
    ];
  });
}

/** Returns the line for a number of things that have one price and always run; none if the number is 0. */
function countLines(count: number, thing: string, perHour: number, source: Source): readonly CostLine[] {
  return count === 0 ? [] : [line(`${count} × ${thing}`, count * perHour, HOURS_PER_MONTH, source)];
}

function checkVolumes(volumes: readonly Gp3Volume[], property: string): void {
  volumes.forEach((volume, index) => {
    checkGp3(volume, undefined, `${property}[${index}]`);
  });
}

function volumeLines(volumes: readonly Gp3Volume[], thing: string): readonly CostLine[] {
  return volumes.length === 0
    ? []
    : [line(`${volumes.length} × ${thing}`, volumesPerHour(volumes), HOURS_PER_MONTH, GP3_PRICE)];
}

function metricsLines(volume: Gp3Volume | undefined): readonly CostLine[] {
  if (volume === undefined) return [];
  return [line('1 × gp3 volume of metrics', volumesPerHour([volume]), HOURS_PER_MONTH, GP3_PRICE)];
}

function checkCount(count: number, property: string): void {
  checkInteger(property, count, { min: 0, problem: 'is not a valid count', remedy: 'correct the number' });
}

function line(name: string, hourly: number, monthlyHours40h: number, source?: Source): CostLine {
  return { name, hourly, monthly40h: hourly * monthlyHours40h, monthlyAlwaysOn: hourly * HOURS_PER_MONTH, source };
}

function volumesPerHour(volumes: readonly Gp3Volume[]): number {
  return sum(volumes.map(gp3PerMonth)) / HOURS_PER_MONTH;
}

/** Returns the list price of a gp3 volume in USD per month. */
export function gp3PerMonth({ sizeGiB, iops, throughput }: Gp3Volume): number {
  return (
    sizeGiB * GP3_PER_GIB_MONTH +
    Math.max(0, iops - GP3_LIMITS.iops.min) * GP3_PER_IOPS_MONTH +
    Math.max(0, throughput - GP3_LIMITS.throughput.min) * GP3_PER_MIBPS_MONTH
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
