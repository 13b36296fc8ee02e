import { isDeepStrictEqual } from 'node:util';
import { GIB, gib, modelAlias } from '@org/ollama-eks/pure';
import { clockTime } from '../program/reporter';
import type { PoolReport, Report, StackReport } from './report';

/** A bar from `start` to `end`, as shares of its whole width. */
export interface Bar {
  readonly start: number;
  readonly end: number;
}

export type Cell = string | Bar;

/** A part of a report, for any output. */
export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Types of resources that are listed by name. */
const LISTED_TYPES = 5;

/** Returns the parts of a report, without those that are empty. */
export function sectionsOf(report: Report): readonly Section[] {
  const { cluster, warnings, pools, stacks, waves, usageCosts, callers, egress } = report;
  const remarks = [...warnings.map((text) => ['warning', text]), ...cluster.notes.map((text) => ['note', text])];
  const sections: readonly Section[] = [
    {
      title: 'Models',
      head: ['pool', 'nodes', 'servers', 'model', 'simultaneous per server', 'largest context'],
      rows: pools.flatMap(modelRows),
    },
    { title: 'GPU memory of one server', head: ['pool', 'GPU', '', 'used', 'free'], rows: pools.flatMap(memoryRows) },
    {
      title: 'Cold start of a server, about',
      head: ['pool', 'phase', '', 'takes', 'done after'],
      rows: pools.flatMap(startRows),
    },
    {
      title: 'Cost at list prices, in USD',
      head: ['part', '', 'per hour', 'per month, 40 h a week', 'per month, always'],
      rows: costRows(report),
    },
    {
      title: 'Cost of use at list prices, in USD',
      head: ['each', 'costs'],
      rows: usageCosts.map(({ what, usd }) => [what, usd === undefined ? 'unknown: see your contract' : String(usd)]),
    },
    { title: 'Resources', head: ['stack', 'resources', 'of which'], rows: stacks.map(stackRow) },
    {
      title: 'Delivery',
      head: ['wave', 'applications'],
      rows: waves.map(({ wave, names }) => [String(wave), names.join(', ')]),
    },
    { title: 'Who may call', head: ['what', 'who'], rows: callers.map(({ what, who }) => [what, who]) },
    { title: 'What leaves the account', head: ['what', 'to'], rows: egress.map(({ what, who }) => [what, who]) },
    { title: 'Telemetry', head: ['what', ''], rows: telemetryRows(cluster.telemetry) },
    { title: 'Remarks', head: ['kind', 'remark'], rows: remarks },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function modelRows({ name, nodes, instanceType, gpu, capacity, replicas, models }: PoolReport): readonly Cell[][] {
  return models.map((model) => [
    name,
    `${String(nodes)} × ${instanceType} (${gpu}${capacity === 'ON_DEMAND' ? '' : `, ${capacity}`})`,
    String(replicas),
    modelAlias(model.name, model.contextLength),
    String(model.parallel),
    model.largestContextLength.toLocaleString('en-US'),
  ]);
}

/** One row for GPUs that are used alike. */
function memoryRows({ name, gpus = [], models }: PoolReport): readonly Cell[][] {
  // smaller batches have smaller buffers, so more models or requests may use less memory
  const batches = models.flatMap((model) =>
    model.numBatch === undefined ? [] : [`, with num_batch ${String(model.numBatch)} of ${model.name}`],
  );
  const firsts = gpus.filter((gpu, index) => gpus.findIndex((other) => isDeepStrictEqual(other, gpu)) === index);
  return firsts.map((gpu) => {
    const numbers = gpus.flatMap((other, index) => (isDeepStrictEqual(other, gpu) ? [String(index + 1)] : []));
    const { usedBytes, marginBytes, freeBytes } = gpu;
    const wholeBytes = usedBytes + marginBytes + freeBytes;
    return [
      name,
      numbers.join(', '),
      { start: 0, end: usedBytes / wholeBytes },
      `${(usedBytes / GIB).toFixed(1)} of ${gib(wholeBytes)}${batches.join('')}`,
      `${gib(freeBytes)}, beyond a margin of ${gib(marginBytes)}`,
    ];
  });
}

function startRows({ name, coldStart }: PoolReport): readonly Cell[][] {
  const total = coldStart.reduce((sum, { seconds }) => sum + seconds, 0);
  let before = 0;
  return coldStart.map((phase) => {
    const start = before;
    before += phase.seconds;
    return [name, phase.name, { start: start / total, end: before / total }, duration(phase.seconds), duration(before)];
  });
}

function costRows({ cluster }: Report): readonly Cell[][] {
  const { costLines, hourly, monthly40h, monthlyAlwaysOn } = cluster;
  if (hourly === undefined) return [];
  return [
    ...costLines.map((line) => [
      line.name,
      { start: 0, end: line.hourly / hourly },
      line.hourly.toFixed(3),
      whole(line.monthly40h),
      whole(line.monthlyAlwaysOn),
    ]),
    [
      'sum, without traffic and Kong',
      { start: 0, end: 1 },
      hourly.toFixed(3),
      whole(monthly40h),
      whole(monthlyAlwaysOn),
    ],
  ];
}

function telemetryRows(telemetry: Report['cluster']['telemetry']): readonly Cell[][] {
  if (telemetry === undefined) return [];
  const { metrics, jobs, destination, requestedCpuMillis, requestedMemoryMiB } = telemetry;
  return [
    ['collected by', metrics],
    ['scraped', jobs.join(', ')],
    ['go to', destination],
    ['requests of all its programs', `${String(requestedCpuMillis)}m CPU, ${String(requestedMemoryMiB)} MiB`],
  ];
}

function stackRow({ name, count, types }: StackReport): readonly Cell[] {
  const listed = types.slice(0, LISTED_TYPES).map(({ type, count: number }) => `${String(number)} ${type}`);
  const others = types.slice(LISTED_TYPES).reduce((sum, { count: number }) => sum + number, 0);
  return [name, String(count), [...listed, ...(others === 0 ? [] : [`${String(others)} others`])].join(', ')];
}

function whole(usd: number | undefined): string {
  return usd === undefined ? '' : Math.round(usd).toLocaleString('en-US');
}

/** `8:39 min` */
function duration(seconds: number): string {
  return `${clockTime(Math.round(seconds))} min`;
}
