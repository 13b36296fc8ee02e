/**
 * Time and memory that the library costs its users, as ratios of medians from one run; and the time of a first deployment,
 * computed from the graph, compared with that of the setup that the library replaces.
 *
 *     npm run bench                 a table
 *     npm run bench -- --json       for machines
 *
 * Exit codes: 0 all figures are within their limits, 1 some are not, 2 invalid usage.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { byHand } from './bench/by-hand';
import { compilation, emptyProgram } from './bench/compile';
import { deploymentOf, deploymentPath } from './bench/deployment';
import { eksBlueprints, INSTALL_EKS_BLUEPRINTS } from './bench/eks-blueprints';
import { initProject } from './bench/init-project';
import { exampleProgram, install, INSTALLED } from './bench/installed';
import { measure, measureInTurn, median, type Program, type Run } from './bench/measure';
import { neededModules } from './bench/provider-modules';
import { SEED } from './bench/seed-deployment';
import { command } from './command';
import { columns } from './columns';
import { exampleNames, REPOSITORY, synthesize, type Synthesis } from './examples';
import { readmeProgram } from './readme-program';

/** A figure, compared with its limit if it has one. */
interface Measurement {
  readonly name: string;
  readonly subject: number;
  readonly baseline: number;
  readonly unit: 'ms' | 'MiB' | 'modules' | 'min';
  readonly ratio: number;
  readonly limit?: number;
  /** Of a computed time: the tasks that it consists of, in the order in which they run. */
  readonly path?: readonly string[];
}

const EMPTY_APP: Program = { args: [join(__dirname, 'bench/empty-app.js')], cwd: REPOSITORY };

/** The example with the seed's instance type and model. */
const SEED_EXAMPLE = 'g5-12xlarge';

/** Whether this is the version that .nvmrc recommends, or a newer one. */
const RECOMMENDED_NODE =
  Number.parseInt(process.versions.node) >= Number(readFileSync(join(REPOSITORY, '.nvmrc'), 'utf8'));

/** The smallest complete example, with one node group of one GPU. */
const SMALLEST_EXAMPLE = 'g5-xlarge';

/**
 * The ratio is 1.3 with Node.js 24, which starts an empty program in 22 ms of CPU time, and 1.1 with Node.js 20, which needs 53. Of the 8 ms
 * that help adds to the former, 4 open standard output, and the others load 10 modules. Loading commander alone would add 8.
 */
const HELP_LIMIT = 1.5;
const HELP: Program = { args: ['scripts/bin/ollama-eks.js', '--help'], cwd: REPOSITORY };
const importIn = (cwd: string): Program => ({ args: ['-e', "require('@org/ollama-eks')"], cwd });
const NOTHING: Program = { args: ['-e', '0'], cwd: REPOSITORY };

const wall = (run: Run): number => run.wall;
const cpu = (run: Run): number => run.cpu;
const memory = (run: Run): number => run.maxRss / 1024;
const ownTime = (run: Run): number => run.milliseconds ?? NaN;

function ratio(
  name: string,
  runs: { subject: Run[]; baseline: Run[] },
  figure: (run: Run) => number,
  unit: 'ms' | 'MiB',
  limit?: number,
): Measurement {
  const subject = median(runs.subject, figure);
  const baseline = median(runs.baseline, figure);
  return { name, subject, baseline, unit, ratio: subject / baseline, ...(limit !== undefined && { limit }) };
}

const manyClusters = (count: number): Program => ({
  args: [join(__dirname, 'bench/many-clusters.js'), String(count)],
  cwd: REPOSITORY,
});

function size({ stacks }: Synthesis): number {
  return stacks.reduce((sum, { resources }) => sum + resources, 0);
}

/** Counts modules that are loaded but that no resource type needs, and modules that are needed but not loaded. */
function modules(synthesis: Synthesis): Measurement {
  const subject = measure(exampleProgram(synthesis.example)).providerModules.length;
  const baseline = neededModules(synthesis).length;
  const name = `provider modules of ${synthesis.example}, loaded / needed`;
  return { name, subject, baseline, unit: 'modules', ratio: subject / baseline, limit: 1 };
}

/** Compares the longest chains of a first deployment, from the graph and `creationTime`: computed, not measured. */
function deployment(synthesis: Synthesis): Measurement[] {
  const ours = deploymentPath(deploymentOf(synthesis));
  const seed = deploymentPath(SEED);
  const compare = (kind: keyof typeof ours, limit?: number): Measurement => {
    const [subject, baseline] = [ours[kind].seconds / 60, seed[kind].seconds / 60];
    const name = `first deployment of ${synthesis.example} / by the seed, ${kind}, computed`;
    return { name, subject, baseline, unit: 'min', ratio: subject / baseline, limit, path: ours[kind].tasks };
  };
  return [compare('infrastructure', 1.05), compare('applications'), compare('whole', 0.7)];
}

async function measureAll(): Promise<Measurement[]> {
  install();
  const syntheses: Synthesis[] = [];
  for (const example of exampleNames()) {
    syntheses.push(await synthesize(example));
  }
  const [largest] = [...syntheses].sort((a, b) => size(b) - size(a));
  if (largest === undefined) {
    throw new Error('no example to measure');
  }
  const clusters = measureInTurn({ subject: manyClusters(100), baseline: manyClusters(10) }, 5);
  const consumer = compilation('consumer', readmeProgram());
  const compile = measureInTurn({ subject: consumer, baseline: compilation('empty', emptyProgram()) }, 9);
  const help = measureInTurn({ subject: HELP, baseline: NOTHING }, 21);
  const imports = measureInTurn({ subject: importIn(INSTALLED), baseline: importIn(REPOSITORY) }, 11);
  const { app, runsTypeScript, compiled } = initProject();
  const project = measureInTurn({ subject: app, baseline: compiled }, 5);
  return [
    ...synth(largest),
    ratio('synth of 100 clusters / of 10, time', clusters, ownTime, 'ms', 8),
    ratio("tsc of the README's program / of an empty one, time", compile, wall, 'ms', 1.4),
    ratio('synth of a new project / with tsc, time', project, wall, 'ms', runsTypeScript ? 0.35 : 0.6),
    ratio('import of the library / of its modules, time', imports, wall, 'ms', 1),
    ratio('ollama-eks --help / node -e 0, time', help, wall, 'ms', HELP_LIMIT),
    ...againstEksBlueprints(),
    ...syntheses.filter(({ example }) => example === SEED_EXAMPLE).flatMap(deployment),
    ...syntheses.map(modules),
  ];
}

/**
 * CDKTF needs twice as much for these resources as for none, which this library cannot change. So the limits are on what the library
 * adds to that: plans, checks, summary, and the tree for Git. Measured are 1.21 times the time and 0.94 times the memory with
 * Node.js 24, and 1.23 and 1.13 with Node.js 20. It was 1.55 times the time before the library was one file and kept CDKTF from
 * loading archiver. The memory depends on when the garbage collector adds 16 MiB, which it may do for either program alone.
 */
function synth(largest: Synthesis): Measurement[] {
  const { example } = largest;
  const { subject, plain, empty } = measureInTurn(
    { subject: exampleProgram(example), plain: byHand(largest), empty: EMPTY_APP },
    11,
  );
  const kinds = [
    ['time', wall, 'ms', 1.3],
    ['memory', memory, 'MiB', RECOMMENDED_NODE ? 1.1 : 1.2],
  ] as const;
  return kinds.flatMap(([kind, figure, unit, limit]) => [
    ratio(`synth of ${example} / its resources by hand, ${kind}`, { subject, baseline: plain }, figure, unit, limit),
    ratio(`synth of ${example} / an empty app, ${kind}`, { subject, baseline: empty }, figure, unit),
    ratio(`its resources by hand / an empty app, ${kind}`, { subject: plain, baseline: empty }, figure, unit),
  ]);
}

/** Compares a synthesis with that of EKS Blueprints, which does less. The ratio is 0.43 with Node.js 24, and 0.51 with Node.js 20. */
function againstEksBlueprints(): Measurement[] {
  const blueprints = eksBlueprints();
  if (blueprints === undefined) {
    process.stderr.write(`EKS Blueprints is left out; to compare with it: ${INSTALL_EKS_BLUEPRINTS}\n`);
    return [];
  }
  const runs = measureInTurn({ subject: exampleProgram(SMALLEST_EXAMPLE), baseline: blueprints }, 5);
  return [
    ratio(`synth of ${SMALLEST_EXAMPLE} / by EKS Blueprints, CPU time`, runs, cpu, 'ms', RECOMMENDED_NODE ? 0.5 : 0.55),
  ];
}

function report(measurements: readonly Measurement[]): string {
  const table = columns(
    [
      { title: 'what' },
      { title: 'subject', align: 'right' },
      { title: 'baseline', align: 'right' },
      { title: 'unit' },
      { title: 'ratio', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: '' },
    ],
    measurements.map((measurement) => [
      measurement.name,
      figureText(measurement.subject, measurement),
      figureText(measurement.baseline, measurement),
      measurement.unit,
      measurement.ratio.toFixed(2),
      measurement.limit?.toFixed(2) ?? '',
      verdict(measurement),
    ]),
  );
  const paths = measurements.flatMap(({ name, path }) => (path === undefined ? [] : [`${name}: ${path.join(', ')}`]));
  return [table, ...paths].join('\n');
}

/** Minutes have a digit after the point. */
function figureText(figure: number, { unit }: Measurement): string {
  return figure.toFixed(unit === 'min' ? 1 : 0);
}

function verdict(measurement: Measurement): string {
  if (measurement.limit === undefined) {
    return '';
  }
  return withinLimit(measurement) ? 'ok' : 'OVER';
}

function withinLimit({ ratio, limit = Infinity, unit }: Measurement): boolean {
  return unit === 'modules' ? ratio === limit : ratio <= limit;
}

function parse(args: string[]): { readonly json: boolean } {
  return parseArgs({ args, options: { json: { type: 'boolean', default: false } } }).values;
}

async function run({ json }: { readonly json: boolean }): Promise<number> {
  const measurements = await measureAll();
  process.stdout.write(`${json ? JSON.stringify(measurements, undefined, 2) : report(measurements)}\n`);
  return measurements.every(withinLimit) ? 0 : 1;
}

command(parse, run);
