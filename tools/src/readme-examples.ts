import type { ClusterSummary, PoolSummary } from '@org/ollama-eks';
import { gib } from '@org/ollama-eks/pure';
import { clustersBySize, poolCells, money, type Row } from './synth-report';
import type { Synthesis } from './examples';
import { withSection } from './section';

/**
 * Returns the README with the current table of examples, and the range of what whole installations cost.
 * @param whole Examples that create everything, so that their cost is that of an installation
 */
export function withExamples(
  readme: string,
  syntheses: readonly Synthesis[],
  whole: readonly Synthesis[] = syntheses,
): string {
  const head = [
    'example',
    'GPU',
    'model',
    'context × parallel',
    'VRAM GiB used/free',
    'cold load',
    '$/h',
    '$/month at 40 h a week',
    '$/month always on',
  ];
  const rows = [head, head.map(() => '---'), ...clustersBySize(syntheses).map(cells)];
  const table = rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
  return withSection(withSection(readme, 'examples', table), 'price', priceWords(clustersBySize(whole)));
}

/** Says what the cheapest and the most expensive example cost. */
function priceWords(rows: readonly Row[]): string {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) throw new Error('there must be an example');
  const modelOf = ({ cluster: { pools } }: Row) => pools[0]?.models[0]?.name ?? 'no model';
  const cheapest = `**From $${money(first.cluster.monthly40h, 0)} a month** for ${modelOf(first)} with its GPU on 40 hours a week`;
  const dearest = `**$${money(last.cluster.monthlyAlwaysOn, 0)}** for ${modelOf(last)}, always on`;
  return `${cheapest}, to ${dearest}, [without traffic and Kong](#what-the-prices-leave-out).`;
}

/** Returns the README of an example with its current memory, load time and costs; the rows keep their width. */
export function withFigures(readme: string, { pools, hourly, monthly40h, monthlyAlwaysOn }: ClusterSummary): string {
  const figures = [
    ...pools.slice(0, 1).flatMap(poolFigures),
    ['cost while it runs', `$${money(hourly, 2)} an hour`],
    ['cost, GPU 40 hours a week', `$${money(monthly40h, 0)} a month`],
    ['cost, always on', `$${money(monthlyAlwaysOn, 0)} a month`],
  ] as const;
  return figures.reduce((text, [label, figure]) => {
    const row = new RegExp(`^(\\| ${label} *\\| )(.*)( \\|)$`, 'm');
    if (!row.test(text)) throw new Error(`the README of an example must contain the row "${label}"`);
    return text.replace(row, (_, begin: string, old: string, end: string) => begin + figure.padEnd(old.length) + end);
  }, readme);
}

function poolFigures({ vramUsedBytes, vramFreeBytes, replicas, coldLoadSeconds }: PoolSummary) {
  const memory = `${gib(vramUsedBytes)} of GPU memory used, ${gib(vramFreeBytes)} free`;
  return [
    ['GPU memory', replicas > 1 ? `${memory}, on each server` : memory],
    ['load, nothing cached', `${coldLoadSeconds} s`],
  ] as const;
}

function cells({ synthesis: { example }, cluster }: Row): string[] {
  const [pool] = cluster.pools;
  return [
    `[${example}](examples/${example}/README.md)`,
    ...(pool === undefined ? [] : poolCells(pool).map((cell) => cell.replaceAll('\n', ', '))),
    money(cluster.hourly, 2),
    money(cluster.monthly40h, 0),
    money(cluster.monthlyAlwaysOn, 0),
  ];
}
