import {
  modelVolume,
  ollamaApplications,
  podResources,
  requireFit,
  serverNeeds,
  type Manifest,
  type OllamaModel,
  type WorkloadPool,
  type WorkloadSpec,
} from '@org/ollama-eks';

const MODELS: readonly OllamaModel[] = [{ name: 'llama3.2:3b', contextLength: 8192 }];

/** Returns a workload of one pool on g5.12xlarge, as a cluster creates it. */
export function workloadSpec(
  models: readonly OllamaModel[] = MODELS,
  pool: Partial<WorkloadPool> = {},
  spec: Partial<WorkloadSpec> = {},
): WorkloadSpec {
  const instance = 'g5.12xlarge';
  const fit = requireFit(models, instance);
  return {
    pools: [
      {
        name: 'gpu',
        amiFamily: 'AL2023',
        nodeLabels: { 'ollama-eks/pool': 'gpu' },
        replicas: 1,
        fit,
        needs: serverNeeds(fit),
        resources: podResources({ fit }),
        cache: { kind: 'ebs', volume: modelVolume(models, instance), availabilityZones: ['us-west-2a'] },
        ...pool,
      },
    ],
    requestTimeoutSeconds: 900,
    maxWaiting: 8,
    vpcCidr: '10.0.0.0/16',
    serviceCidr: '172.20.0.0/16',
    ...spec,
  };
}

/** Returns the data of a ConfigMap by its name, which may be followed by a hash. */
export function configOf(spec: WorkloadSpec, name: string): Readonly<Record<string, string>> {
  const manifests = ollamaApplications(spec).flatMap(({ source }) =>
    source.kind === 'manifests' ? source.manifests : [],
  );
  const isConfig = (manifest: Manifest): manifest is ConfigMap =>
    manifest.kind === 'ConfigMap' && manifest.metadata.name.replace(/-[0-9a-f]{10}$/, '') === name;
  const found = manifests.find(isConfig);
  if (found === undefined) throw new Error(`missing ConfigMap ${name}`);
  return found.data;
}

interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}
