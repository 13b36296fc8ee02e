import type { Job } from 'kubernetes-types/batch/v1';
import type { StatefulSet, Deployment } from 'kubernetes-types/apps/v1';
import type { Manifest } from '../../src/gitops/application';
import { EBS, manifest, manifestsOf, SMALL, workloadPool, workloadSpec } from './workload-fixture';

const jobsOf = (spec: ReturnType<typeof workloadSpec>) =>
  manifestsOf(spec).filter(
    (candidate): candidate is Job & Manifest => candidate.kind === 'Job' && candidate.metadata.name.includes('-pull-'),
  );
const podOf = (job: (Job & Manifest) | undefined) => job?.spec?.template.spec;
const serversOf = (job: (Job & Manifest) | undefined) =>
  podOf(job)?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.[0]?.labelSelector?.matchLabels;
const claimOf = (job: (Job & Manifest) | undefined) =>
  podOf(job)?.volumes?.find(({ name }) => name === 'models')?.persistentVolumeClaim?.claimName;

describe('Jobs that pull models', () => {
  const spec = workloadSpec({ modelPull: 'job' });
  const [job] = jobsOf(spec);

  it('exist only if they are requested', () => {
    expect(jobsOf(workloadSpec())).toEqual([]);
    expect(jobsOf(workloadSpec({ modelPull: 'offline' }))).toEqual([]);
    expect(jobsOf(spec)).toHaveLength(1);
  });

  it("run on the server's node, on its volume, without a GPU", () => {
    const { template } = manifest<Deployment>(spec, 'Deployment').spec ?? {};
    expect(serversOf(job)).toEqual(template?.metadata?.labels);
    expect(podOf(job)?.tolerations).toEqual(template?.spec?.tolerations);
    expect(claimOf(job)).toBe(manifest(spec, 'PersistentVolumeClaim').metadata.name);
    expect(JSON.stringify(podOf(job)?.containers[0]?.resources)).not.toContain('gpu');
  });

  it('have one for each of several servers', () => {
    const several = workloadSpec({ modelPull: 'job' }, { replicas: 2, cache: EBS });
    const set = manifest<StatefulSet>(several, 'StatefulSet').metadata.name;
    expect(
      jobsOf(several).map((one) => [serversOf(one)?.['statefulset.kubernetes.io/pod-name'], claimOf(one)]),
    ).toEqual([
      [`${set}-0`, `models-${set}-0`],
      [`${set}-1`, `models-${set}-1`],
    ]);
    expect(new Set(jobsOf(several).map(({ metadata }) => metadata.name)).size).toBe(2);
  });

  it('are not selected as servers', () => {
    const labels = job?.spec?.template.metadata?.labels ?? {};
    expect(labels['app.kubernetes.io/name']).toBe('ollama-model-puller');
  });

  it('are new Jobs for other models, since a Job cannot be changed', () => {
    const [other] = jobsOf(workloadSpec({ modelPull: 'job', pools: [workloadPool({}, [SMALL])] }));
    expect(other?.metadata.name).not.toBe(job?.metadata.name);
  });

  it('try again in a new pod, which may be on another node, and never give up', () => {
    expect(podOf(job)?.restartPolicy).toBe('Never');
    expect(job?.spec?.backoffLimit).toBe(2 ** 31 - 1);
    expect(job?.spec).not.toHaveProperty('activeDeadlineSeconds');
    expect(job?.spec).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  it('share the SELinux level of the servers, as both use the volume', () => {
    const server = manifest<Deployment>(spec, 'Deployment').spec?.template.spec?.securityContext;
    expect(server?.seLinuxOptions?.level).toMatch(/^s0:c\d+,c\d+$/);
    expect(podOf(job)?.securityContext).toEqual(server);
  });

  it('download, while the servers only wait and never delete parts of a download', () => {
    const variable = (container: { env?: { name: string; value?: string }[] } | undefined, name: string) =>
      container?.env?.find((entry) => entry.name === name)?.value;
    const server = manifest<Deployment>(spec, 'Deployment').spec?.template.spec;
    expect(variable(podOf(job)?.containers[0], 'MODEL_PULL')).toBe('online');
    expect(variable(server?.initContainers?.[0], 'MODEL_PULL')).toBe('job');
    expect(variable(server?.containers[0], 'OLLAMA_NOPRUNE')).toBe('1');
    expect(variable(podOf(job)?.containers[0], 'OLLAMA_NOPRUNE')).toBeUndefined();
  });
});
