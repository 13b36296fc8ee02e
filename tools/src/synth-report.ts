import type { ClusterSummary, PoolSummary } from '@org/ollama-eks';
import pc from 'picocolors';
import { columns, type Column } from './columns';
import type { Synthesis } from './examples';

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

/** What examples do and cost: one row a cluster, at most 100 columns wide. */
export function synthTable(syntheses: readonly Synthesis[]): string {
  return columns(
    HEAD,
    syntheses.flatMap((synthesis) => clustersOf(synthesis).map((cluster) => row(synthesis, cluster))),
  );
}

/** What is good to know and what may go wrong, each under the example that it belongs to. */
export function synthRemarks(syntheses: readonly Synthesis[]): string {
  return syntheses
    .map((synthesis) => {
      const clusters = clustersOf(synthesis);
      const lines = [
        ...clusters.flatMap(({ warnings }) => warnings).map((text) => `  ${pc.yellow('warning')} ${text}`),
        ...clusters.flatMap(({ notes }) => notes).map((text) => `  ${pc.dim('note')} ${text}`),
      ];
      return lines.length === 0 ? '' : [pc.bold(synthesis.example), ...lines].join('\n');
    })
    .filter(Boolean)
    .join('\n\n');
}

function clustersOf({ stacks }: Synthesis): ClusterSummary[] {
  return stacks.flatMap(({ clusters }) => clusters);
}

function row({ example, stacks }: Synthesis, cluster: ClusterSummary): string[] {
  const [pool] = cluster.pools; // the preferred one; others are told among the notes
  return [
    example,
    stacks.map(({ resources }) => resources).join(' + '),
    ...(pool === undefined ? ['', '', '', '', ''] : poolCells(pool)),
    money(cluster.hourly, 2),
    money(cluster.monthly40h, 0),
    money(cluster.monthlyAlwaysOn, 0),
  ];
}

function poolCells(pool: PoolSummary): string[] {
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

/** `?` where a price isn't known. */
function money(usd: number | undefined, digits: number): string {
  return usd === undefined
    ? '?'
    : usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
