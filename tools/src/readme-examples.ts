import { clustersBySize, poolCells, money, type Row } from './synth-report';
import type { Synthesis } from './examples';

const SECTION = /(<!-- examples -->\n)[\s\S]*?(<!-- \/examples -->)/;

/** Returns the README with the current table of examples. */
export function withExamples(readme: string, syntheses: readonly Synthesis[]): string {
  if (!SECTION.test(readme)) {
    throw new Error('README.md must contain the markers of the table of examples');
  }
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
  return readme.replace(
    SECTION,
    (_, begin: string, end: string) =>
      `${begin}<!-- prettier-ignore-start -->\n${table}\n<!-- prettier-ignore-end -->\n${end}`,
  );
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
