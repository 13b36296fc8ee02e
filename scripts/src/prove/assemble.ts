import { modelAlias } from '@org/ollama-eks/pure';
import type { Finding } from '../checks/findings';
import { VERSION } from '../program/version';
import type { Target } from '../project/target';
import type { ScaleCycle } from '../scale/run';
import type { EndpointFacts } from './endpoint-facts';
import { provenCheck, rounded } from './figures';
import { limitsOf } from './limits';
import { type ModelProof, PROOF_VERSION, type Proof } from './proof';

/** What a run has measured. */
export interface Measurements extends EndpointFacts {
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly models: readonly ModelProof[];
  readonly findings: readonly Finding[];
}

/** What was measured. */
export interface Subject {
  /** Undefined if the run did not know the cluster. */
  readonly target: Target | undefined;
  readonly url: string;
  /** Parts that the user says were emulated. */
  readonly emulated: readonly string[];
}

/** Assembles a proof. @param now end of the run, in milliseconds since the epoch */
export function proofOf(
  measured: Measurements,
  { target, url, emulated }: Subject,
  now: number,
  scale?: ScaleCycle,
): Proof {
  const { started, models, findings, running, ollama } = measured;
  const seconds = (now - started) / 1000;
  const { kubernetesVersion: kubernetes, hourly } = target?.summary ?? {};
  return {
    formatVersion: PROOF_VERSION,
    date: new Date(started).toISOString(),
    seconds: rounded(seconds, 1),
    versions: {
      ollamaEks: VERSION,
      ...(ollama !== undefined && { ollama }),
      ...(kubernetes !== undefined && { kubernetes }),
      node: process.versions.node,
    },
    ...(target && { cluster: clusterOf(target) }),
    ...(hourly !== undefined && { costUsd: rounded((hourly * seconds) / 3600, 4) }),
    models,
    checks: findings.map(provenCheck),
    ...(scale && {
      scale: {
        toZeroSeconds: Math.round(scale.toZeroSeconds),
        toAnswerSeconds: Math.round(scale.toAnswerSeconds),
      },
    }),
    limits: limitsOf({
      emulated,
      url,
      disruptive: scale !== undefined,
      cost: target?.summary === undefined ? 'no cluster' : hourly === undefined ? 'no price' : 'known',
      running,
      models: models.map(({ model }) => model),
    }),
  };
}

function clusterOf({ clusterName, region, summary }: Target): NonNullable<Proof['cluster']> {
  const pools = summary?.pools ?? [];
  return {
    name: clusterName,
    region,
    ...(summary?.hourly !== undefined && { hourlyUsd: summary.hourly }),
    pools: pools.map(({ name, instanceType, gpu, replicas, gpusPerReplica, models }) => ({
      name,
      instanceType,
      gpu,
      replicas,
      gpusPerReplica,
      models: models.map((model) => modelAlias(model.name, model.contextLength)),
    })),
  };
}
