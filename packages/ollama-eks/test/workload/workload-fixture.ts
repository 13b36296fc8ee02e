import type { Manifest } from '../../src/gitops/application';
import { requireFit } from '../../src/sizing/fit';
import { modelVolume } from '../../src/sizing/model-volume';
import { podResources } from '../../src/sizing/pod-resources';
import type { OllamaModel } from '../../src/sizing/served-model';
import { serverNeeds } from '../../src/sizing/server-needs';
import { ollamaApplications } from '../../src/workload/applications';
import type { EbsModelCache, WorkloadPool, WorkloadSpec } from '../../src/workload/workload-spec';

export const CODER: OllamaModel = { name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 };
export const SMALL: OllamaModel = { name: 'llama3.2:3b', contextLength: 8192 };

const INSTANCE = 'g5.12xlarge';

export const EBS: EbsModelCache = { kind: 'ebs', volume: { sizeGiB: 60, iops: 4000, throughput: 1000 } };

/** A pool as a cluster creates it. */
export function workloadPool(
  overrides: Partial<WorkloadPool> = {},
  models: readonly OllamaModel[] = [CODER],
): WorkloadPool {
  const fit = requireFit(models, INSTANCE);
  return {
    name: 'gpu',
    amiFamily: 'AL2023',
    nodeLabels: { 'ollama-eks/pool': 'gpu' },
    replicas: 1,
    fit,
    needs: serverNeeds(fit),
    resources: podResources({ fit }),
    cache: { kind: 'ebs', volume: modelVolume(models, INSTANCE) },
    ...overrides,
  };
}

/** A workload of one pool. */
export function workloadSpec(overrides: Partial<WorkloadSpec> = {}, pool: Partial<WorkloadPool> = {}): WorkloadSpec {
  return {
    pools: [workloadPool(pool)],
    requestTimeoutSeconds: 900,
    maxWaiting: 8,
    vpcCidr: '10.0.0.0/16',
    serviceCidr: '172.20.0.0/16',
    ...overrides,
  };
}

/** Every supported way to serve. */
export const VARIANTS: Readonly<Record<string, WorkloadSpec>> = {
  'one server on EBS': workloadSpec(),
  'several servers on EBS': workloadSpec(
    {},
    { replicas: 3, cache: { ...EBS, retain: true, kmsKeyId: 'alias/models' } },
  ),
  'servers on instance store': workloadSpec({}, { replicas: 2, cache: { kind: 'instance-store', sizeGiB: 200 } }),
  'two pools': workloadSpec({
    pools: [workloadPool(), workloadPool({ name: 'spare', amiFamily: 'BOTTLEROCKET', nodeLabels: { pool: 'spare' } })],
  }),
  offline: workloadSpec({ modelPull: 'offline' }),
  'pulls by a Job': workloadSpec({ modelPull: 'job' }),
  'pulls by a Job for each of several servers': workloadSpec({ modelPull: 'job' }, { replicas: 2, cache: EBS }),
};

/** All objects of a workload, without those of charts. */
export function manifestsOf(spec: WorkloadSpec): readonly Manifest[] {
  return ollamaApplications(spec).flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
}

/** The only object of a kind, or the one with the given name. */
export function manifest<T extends object>(spec: WorkloadSpec, kind: string, name?: string): Manifest & T {
  const found = manifestsOf(spec).filter(
    (candidate) => candidate.kind === kind && (name === undefined || candidate.metadata.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${String(found.length)} objects ${kind} ${name ?? ''}`);
  return first as Manifest & T;
}
