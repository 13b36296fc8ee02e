import { coldStart, LOADER_ALONE, modelFigures, parseModelName } from '@org/ollama-eks/pure';
import type { Synthesis } from './examples';
import { withSection } from './section';
import { clustersBySize, type Row } from './synth-report';

/** Every example could have a warm pool, none has one. */
const HEAD = [
  'example',
  'node',
  'volume and network',
  'image',
  'load',
  'first answer',
  'all',
  'load by the loader alone',
  'all with it',
  'all with a warm pool',
];

/** Returns docs/performance.md with the current table of cold starts, in seconds, of the first pool of each example. */
export function withColdStarts(page: string, syntheses: readonly Synthesis[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...clustersBySize(syntheses).flatMap(cells)];
  return withSection(page, 'cold-starts', rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));
}

function cells({ synthesis: { example }, cluster: { pools } }: Row): readonly string[][] {
  return pools.slice(0, 1).map((pool) => {
    const { node, attach, image, load, answer } = coldStart(pool);
    const bytes = pool.models.reduce((sum, { name }) => sum + modelFigures(listedName(name)).bytes, 0);
    const alone = Math.max(load, Math.ceil(bytes / LOADER_ALONE));
    const others = node + attach + image + answer;
    const warm = coldStart({ ...pool, preparedNodes: 1 });
    const allWarm = warm.node + warm.attach + warm.image + warm.load + warm.answer;
    const seconds = [node, attach, image, load, answer, others + load, alone, others + alone, allWarm];
    return [example, ...seconds.map(String)];
  });
}

/** A model of a mirror has the figures of the one that it mirrors. */
export function listedName(name: string): string {
  const { model = name, tag = 'latest' } = parseModelName(name) ?? {};
  return `${model}:${tag}`;
}
