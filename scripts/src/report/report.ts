import { coldStart, type ClusterSummary, type PoolSummary } from '@org/ollama-eks/pure';
import type { Project, Stack } from '../project/project';
import { callersOf, egressOf, type Rule } from './network';
import { type UsageCost, usageCostsOf } from './usage';
import { wavesOf, type Wave } from '../project/waves';

/** Resources of one stack. */
export interface StackReport {
  readonly name: string;
  readonly count: number;
  /** Number of resources by type, the most frequent first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
}

/** A phase of the start of a server, in seconds. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** A GPU pool, with the start of its first server. */
export interface PoolReport extends PoolSummary {
  /** Each starts when the one before it has ended. */
  readonly coldStart: readonly Phase[];
}

/** What a project will create, do and cost. */
export interface Report {
  readonly cluster: Omit<ClusterSummary, 'pools' | 'warnings'>;
  /** Warnings of all constructs. */
  readonly warnings: readonly string[];
  readonly pools: readonly PoolReport[];
  readonly stacks: readonly StackReport[];
  /** What is delivered to the cluster, in order. */
  readonly waves: readonly Wave[];
  /** What is paid for by use, in addition to the price per hour. */
  readonly usageCosts: readonly UsageCost[];
  /** Who may call what. */
  readonly callers: readonly Rule[];
  /** What leaves the AWS account, and where it goes. */
  readonly egress: readonly Rule[];
}

/** Reports on a cluster from what synth wrote. */
export function reportOf(project: Project, { pools, warnings, ...cluster }: ClusterSummary): Report {
  return {
    cluster,
    warnings: [...new Set([...warnings, ...project.stacks.flatMap((stack) => stack.warnings)])],
    pools: pools.map((pool) => ({ ...pool, coldStart: coldStartOf(pool) })),
    stacks: project.stacks.map(stackOf),
    waves: wavesOf(project),
    usageCosts: usageCostsOf(project),
    callers: callersOf(project),
    egress: egressOf(project),
  };
}

function stackOf({ name, resources }: Stack): StackReport {
  const types = Object.entries(resources)
    .map(([type, all]) => ({ type, count: Object.keys(all).length }))
    .sort((one, other) => other.count - one.count || one.type.localeCompare(other.type));
  return { name, count: types.reduce((sum, { count }) => sum + count, 0), types };
}

function coldStartOf(pool: PoolSummary): readonly Phase[] {
  const { node, attach, image, load, answer } = coldStart(pool);
  return [
    { name: 'start the node', seconds: node },
    { name: 'attach the volume', seconds: attach },
    { name: "pull Ollama's image", seconds: image },
    { name: 'pull the models, the first time only', seconds: pool.pullSeconds },
    { name: 'load the models into the GPUs', seconds: load },
    { name: 'answer', seconds: answer },
  ];
}
