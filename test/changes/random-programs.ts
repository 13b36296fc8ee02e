/** Random programs, and random successors of each, with some props of another program. The seed decides which. */
import { ValidationError, type OllamaGpuClusterProps } from '@org/ollama-eks';
import fc from 'fast-check';
import { clusterProps } from '../fuzz/props';
import { synthesize, type Changes, type Installation } from './program';

/** What is drawn of a program. */
interface Draw {
  readonly cluster: OllamaGpuClusterProps;
  /** The exposure, and what it uses. */
  readonly exposure: Changes;
  readonly mesh: NonNullable<Changes['mesh']>;
}

/** A program, and what it synthesizes to. */
export interface Program {
  readonly draw: Draw;
  readonly installation: Installation;
  /** Props that differ from the program before: `models`, `exposure`. */
  readonly changed: readonly string[];
}

/** Most props that a successor changes at once. */
const MOST_CHANGES = 3;
/** Draws for each program that is wanted, since synth refuses most random combinations. */
const DRAWS = 50;
/** AWS names of an exposure begin with the name of the cluster and are shorter. */
const LONGEST_NAME = 20;

const draws: fc.Arbitrary<Draw> = fc.record({
  cluster: clusterProps.map((props) => ({ ...props, clusterName: props.clusterName.slice(0, LONGEST_NAME) })),
  exposure: fc.constantFrom<Changes>({}, {}, { transitGateway: {} }, { internal: {} }),
  mesh: fc.record({ highAvailability: fc.boolean(), accessLogs: fc.boolean() }, { requiredKeys: [] }),
});

/** Returns random programs. */
export function randomPrograms(count: number, seed: number): readonly Program[] {
  return take(count, fc.sample(draws, { seed, numRuns: count * DRAWS }), (draw) => programOf(draw));
}

/** Returns random successors of a program. */
export function randomSuccessors({ draw, installation }: Program, count: number, seed: number): readonly Program[] {
  const choices = fc.array(fc.nat(), { minLength: 1, maxLength: MOST_CHANGES });
  const others = fc.sample(fc.tuple(draws, choices), { seed, numRuns: count * DRAWS });
  return take(count, others, ([other, numbers]) => {
    const keys = Object.keys({ ...draw.cluster, ...other.cluster, exposure: {}, mesh: {} }).sort();
    const changed = [...new Set(numbers.map((number) => keys[number % keys.length] ?? ''))];
    const successor = programOf(
      changed.reduce((all, key) => replace(all, key, other), draw),
      changed,
    );
    const isSame = JSON.stringify(successor?.installation) === JSON.stringify(installation);
    return isSame ? undefined : successor;
  });
}

/** Returns the draw with one prop of another one, or without it if the other one does not have it. */
function replace(draw: Draw, key: string, other: Draw): Draw {
  if (key === 'exposure' || key === 'mesh') return { ...draw, [key]: other[key] };
  return { ...draw, cluster: { ...draw.cluster, [key]: other.cluster[key as keyof OllamaGpuClusterProps] } };
}

/** Returns the program, or undefined if synth refuses it. */
function programOf(draw: Draw, changed: readonly string[] = []): Program | undefined {
  const { cluster, exposure, mesh } = draw;
  try {
    return { draw, changed, installation: synthesize({ ...exposure, cluster, mesh }) };
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}

/** Returns the first results, and fails if there are too few. */
function take<Value, Result>(
  count: number,
  values: readonly Value[],
  resultOf: (value: Value) => Result | undefined,
): readonly Result[] {
  const results: Result[] = [];
  for (const value of values) {
    const result = resultOf(value);
    if (result !== undefined) results.push(result);
    if (results.length === count) return results;
  }
  throw new Error(`only ${String(results.length)} of ${String(count)} programs in ${String(values.length)} draws`);
}
