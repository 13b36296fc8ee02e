import { isatty } from 'node:tty';
import type { ClusterSummary, PoolSummary } from '@org/ollama-eks';
import pc from 'picocolors';
import { columns, type Column } from './columns';
import type { Synthesis } from './examples';

/** picocolors uses colors in CI, too, where there is no terminal. */
const colours = pc.createColors(isatty(1) && pc.isColorSupported);

const GIB = 1024 ** 3;

const HEAD: readonly Column[] = [
  { title: 'example' },
  { title: 'resources\nper stack', align: 'right' },
  { title: 'GPU' },
  { title: 'model' },
  { title: 'context\n× parallel', align: 'right' },
  { title: 'VRAM GiB\nused/free', align: 'right' },
  { title: 'cold\nload', align: 'right' },
  { title: '\n$/h', align: 'right' },
  { title: '$/month\n40 h/wk', align: 'right' },
  { title: '$/month\nalways', align: 'right' },
];

/** A cluster of an example. */
export interface Row {
  readonly synthesis: Synthesis;
  readonly cluster: ClusterSummary;
}

/** Returns the clusters of all examples, cheapest first. */
export function clustersBySize(syntheses: readonly Synthesis[]): Row[] {
  return syntheses
    .flatMap((synthesis) => clustersOf(synthesis).map((cluster) => ({ synthesis, cluster })))
    .sort((a, b) => (a.cluster.hourly ?? Infinity) - (b.cluster.hourly ?? Infinity));
}

/** Formats what examples create and cost: one row per cluster, at most 100 columns wide. */
export function synthTable(syntheses: readonly Synthesis[]): string {
  return columns(HEAD, clustersBySize(syntheses).map(row));
}

/** Formats the notes and warnings of examples: those that all share once, the others under their example. */
export function synthRemarks(syntheses: readonly Synthesis[]): string {
  const each = syntheses.map((synthesis) => ({ title: synthesis.example, remarks: remarksOf(synthesis) }));
  const [first, ...others] = each;
  const common =
    others.length === 0
      ? []
      : (first?.remarks ?? []).filter((it) => others.every(({ remarks }) => remarks.includes(it)));
  return [
    ...each.map(({ title, remarks }) => ({ title, remarks: remarks.filter((it) => !common.includes(it)) })),
    { title: 'all', remarks: common },
  ]
    .filter(({ remarks }) => remarks.length > 0)
    .map(({ title, remarks }) => [colours.bold(title), ...remarks.map((remark) => `  ${remark}`)].join('\n'))
    .join('\n\n');
}

function remarksOf(synthesis: Synthesis): string[] {
  const clusters = clustersOf(synthesis);
  return [
    ...synthesis.stacks.flatMap(({ warnings }) => warnings).map((text) => `${colours.yellow('warning')} ${text}`),
    ...clusters.flatMap(({ notes }) => notes).map((text) => `${colours.dim('note')} ${text}`),
  ];
}

function clustersOf({ stacks }: Synthesis): ClusterSummary[] {
  return stacks.flatMap(({ clusters }) => clusters);
}

function row({ synthesis: { example, stacks }, cluster }: Row): string[] {
  const [pool] = cluster.pools; // the preferred one; the notes list the others
  return [
    example,
    stacks.map(({ resources }) => resources).join(' + '),
    ...(pool === undefined ? ['', '', '', '', ''] : poolCells(pool)),
    money(cluster.hourly, 2),
    money(cluster.monthly40h, 0),
    money(cluster.monthlyAlwaysOn, 0),
  ];
}

/** Returns GPU, models, context × parallel, VRAM and cold load of a pool. */
export function poolCells(pool: PoolSummary): string[] {
  return [
    pool.gpu,
    pool.models.map(({ name }) => name).join('\n'),
    pool.models.map(({ contextLength, parallel }) => `${kilo(contextLength)} × ${String(parallel)}`).join('\n'),
    `${gibibytes(pool.vramUsedBytes)}/${gibibytes(pool.vramFreeBytes)}`,
    duration(pool.coldLoadSeconds),
  ];
}

function gibibytes(bytes: number): string {
  const value = bytes / GIB;
  return value.toFixed(value < 100 ? 1 : 0);
}

function kilo(tokens: number): string {
  return tokens % 1024 === 0 ? `${String(tokens / 1024)}k` : String(tokens);
}

function duration(seconds: number): string {
  return seconds < 100 ? `${String(Math.round(seconds))} s` : `${String(Math.round(seconds / 60))} min`;
}

/** Formats a price; `?` if it is unknown. */
export function money(usd: number | undefined, digits: number): string {
  return usd === undefined
    ? '?'
    : usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
