import type { ClusterSummary, PoolSummary } from '@org/ollama-eks';
import { synthRemarks, synthTable } from '@org/ollama-eks-tools/synth-report';
import { withFigures, withExamples } from '@org/ollama-eks-tools/readme-examples';
import type { Synthesis } from '@org/ollama-eks-tools/examples';

const GIB = 1024 ** 3;

const POOL: PoolSummary = {
  name: 'gpu',
  instanceType: 'p4d.24xlarge',
  gpu: '8 × A100',
  capacity: 'on-demand',
  replicas: 1,
  gpusPerReplica: 8,
  nodes: 1,
  initialSize: 1,
  models: [
    { name: 'qwen2.5-coder:32b', contextLength: 131_072, parallel: 16, largestContextLength: 262_144 },
    { name: 'llama3.1:8b', contextLength: 10_000, parallel: 1, largestContextLength: 131_072 },
  ],
  vramUsedBytes: 287.25 * GIB,
  vramFreeBytes: 24.5 * GIB,
  spread: true,
  coldLoadSeconds: 754,
  pullSeconds: 2000,
};

const CLUSTER: ClusterSummary = {
  clusterName: 'ollama',
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  requestTimeoutSeconds: 900,
  pools: [POOL],
  costLines: [],
  hourly: 123.456,
  monthly40h: 4321.5,
  monthlyAlwaysOn: 123_456,
  notes: ['a note'],
  warnings: ['a warning'],
};

function synthesis(cluster: ClusterSummary): Synthesis {
  const stack = { dir: '', resources: 123, clusters: [], warnings: [] };
  return {
    example: 'p4d-24xlarge',
    outdir: '',
    stacks: [
      { ...stack, name: 'infra', clusters: [cluster], warnings: cluster.warnings },
      { ...stack, name: 'platform', resources: 14 },
    ],
  };
}

/** Removes the colors of a terminal. */
const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());

describe('the table of examples', () => {
  test('has one row per cluster, with readable figures', () => {
    expect(lines(synthTable([synthesis(CLUSTER)])).slice(2)).toEqual([
      'p4d-24xlarge  123 + 14 8 × A100 qwen2.5-coder:32b  128k × 16  287/24.5 13 min 123.46   4,322 123,456',
      '                                llama3.1:8b        10000 × 1',
    ]);
  });

  test('has at most 100 columns with the longest names and figures', () => {
    expect(Math.max(...lines(synthTable([synthesis(CLUSTER)])).map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('marks an unknown price', () => {
    const unpriced = { ...CLUSTER, hourly: undefined, monthly40h: undefined, monthlyAlwaysOn: undefined };
    expect(lines(synthTable([synthesis(unpriced)]))[2]).toMatch(/ \? +\? +\?$/);
  });
});

describe('remarks', () => {
  const remarks = (...clusters: ClusterSummary[]): string[] => lines(synthRemarks(clusters.map(synthesis)));

  test('are listed under their example, warnings before notes', () => {
    expect(remarks(CLUSTER)).toEqual(['p4d-24xlarge', '  warning a warning', '  note a note']);
  });

  test('are listed once if all examples share them', () => {
    expect(remarks(CLUSTER, { ...CLUSTER, warnings: [] })).toEqual([
      'p4d-24xlarge',
      '  warning a warning',
      '',
      'all',
      '  note a note',
    ]);
  });
});

test("the README's table has one row per cluster, with the range of prices, and replaces the previous one", () => {
  const readme = 'before\n<!-- price -->\n<!-- /price -->\n<!-- examples -->\nformer\n<!-- /examples -->\nafter\n';
  const written = withExamples(readme, [synthesis(CLUSTER)]);
  expect(written).toContain(
    '[p4d-24xlarge](examples/p4d-24xlarge/README.md) | 8 × A100 | qwen2.5-coder:32b, llama3.1:8b |',
  );
  expect(written).toContain(
    '**From $4,322 a month** for qwen2.5-coder:32b with its GPU on 40 hours a week, to **$123,456** for',
  );
  expect(written).toMatch(/^before\n[^]*\nafter\n$/);
  expect(written).not.toContain('former');
  expect(withExamples(written, [synthesis(CLUSTER)])).toBe(written);
});

test('the range of prices leaves out examples that use what exists', () => {
  const readme = '<!-- price -->\n<!-- /price -->\n<!-- examples -->\n<!-- /examples -->\n';
  const part = synthesis({ ...CLUSTER, hourly: 1, monthly40h: 1, monthlyAlwaysOn: 1 });
  const written = withExamples(readme, [part, synthesis(CLUSTER)], [synthesis(CLUSTER)]);
  expect(written.match(/^\| \[p4d/gm)).toHaveLength(2);
  expect(written).toContain('**From $4,322 a month**');
});

test.each([
  [1, ''],
  [2, ', on each server'],
])("an example's README gets the current figures of %d servers in rows of the same width", (replicas, each) => {
  const readme = [
    '| GPU memory                | unknown                                                     |',
    '| load, nothing cached      | 9 s                                                         |',
    '| cost while it runs        | $9.99 an hour                                               |',
    '| cost, GPU 40 hours a week | $1 a month                                                  |',
    '| cost, always on           | $1 a month                                                  |',
  ].join('\n');
  const pools = [{ ...POOL, replicas }];
  const figures = { hourly: 1.4144, monthly40h: 472.4, monthlyAlwaysOn: 1032.5 };
  const written = withFigures(readme, { ...CLUSTER, pools, ...figures });
  const memory = `287.3 GiB of GPU memory used, 24.5 GiB free${each}`;
  expect(written).toBe(
    [
      `| GPU memory                | ${memory.padEnd(59)} |`,
      '| load, nothing cached      | 754 s                                                       |',
      '| cost while it runs        | $1.41 an hour                                               |',
      '| cost, GPU 40 hours a week | $472 a month                                                |',
      '| cost, always on           | $1,033 a month                                              |',
    ].join('\n'),
  );
  expect(() => withFigures('no table', CLUSTER)).toThrow('GPU memory');
});
