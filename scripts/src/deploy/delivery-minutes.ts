/** Minutes of what follows Terraform, from the durations with which `npm run bench` computes the critical path. */
import {
  coldStart,
  creationTime,
  firstAnswerSeconds,
  MODEL_PROVER,
  ZTUNNEL,
  type PoolSummary,
} from '@org/ollama-eks/pure';
import type { Project } from '../project/project';
import { wavesOf, type Wave } from '../project/waves';
import { applyMinutes } from './apply-minutes';

/** Minutes of the checks of a deployment. */
export const VERIFICATION_MINUTES = minutes(creationTime('verification').seconds);

/** Returns the typical minutes until every Application of Argo CD is healthy: waves follow each other. */
export function applicationsMinutes(project: Project, pools: readonly PoolSummary[]): number {
  return wavesMinutes(wavesOf(project), pools);
}

/** Returns the typical minutes until the platform is created; Helm also waits for the proof of the first server, Argo CD does later. */
export function platformMinutes(project: Project, isArgo: boolean, pools: readonly PoolSummary[]): number {
  const waits = !isArgo && wavesOf(project).some(({ names }) => names.includes(MODEL_PROVER));
  const proof = waits ? proofSeconds(pools) - creationTime('helm_release').seconds : 0;
  return applyMinutes(project, 'platform') + minutes(Math.max(0, proof));
}

/** Returns the typical minutes until the mesh is up, from the end of the infrastructure. Helm delivers it with everything else. */
export function meshMinutes(project: Project, isArgo: boolean): number {
  const waves = wavesOf(project);
  const until = isArgo ? waves.slice(0, 1 + waves.findIndex(({ names }) => names.includes(ZTUNNEL))) : [];
  return applyMinutes(project, 'platform') + wavesMinutes(until, []);
}

/** Returns the typical minutes until a server that has its models answers all checks on a new node. */
export function restartMinutes(pools: readonly PoolSummary[]): number {
  const starts = pools.map(({ coldLoadSeconds }) => {
    const { node, attach, image, load, answer } = coldStart({ coldLoadSeconds });
    return node + attach + image + load + answer;
  });
  return minutes(Math.max(0, ...starts)) + VERIFICATION_MINUTES;
}

function wavesMinutes(waves: readonly Wave[], pools: readonly PoolSummary[]): number {
  const secondsOf = ({ names }: Wave) =>
    names.includes(MODEL_PROVER) ? proofSeconds(pools) : creationTime('application').seconds;
  return minutes(waves.reduce((sum, wave) => sum + secondsOf(wave), 0));
}

/** Without nodes, nothing is proven, and nothing waits. */
function proofSeconds(pools: readonly PoolSummary[]): number {
  const started = pools.filter(({ initialSize, replicas }) => initialSize > 0 && replicas > 0);
  return Math.max(creationTime('application').seconds, ...started.map(firstAnswerSeconds));
}

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
