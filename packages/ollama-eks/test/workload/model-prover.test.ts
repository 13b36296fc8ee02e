import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import { proofSeconds } from '../../src/workload/model-prover';
import { bringUpSeconds } from '../../src/workload/timing';
import { CODER, manifest, workloadPool, workloadSpec } from './workload-fixture';

const jobOf = (...args: Parameters<typeof workloadSpec>) => manifest<Job>(workloadSpec(...args), 'Job');
const configOf = (...args: Parameters<typeof workloadSpec>) =>
  manifest<ConfigMap>(workloadSpec(...args), 'ConfigMap', 'ollama-model-prover');

describe('proof that every model answers', () => {
  it('is a hook of each sync, and keeps its result for a week', () => {
    expect(jobOf().metadata.annotations).toEqual({
      'argocd.argoproj.io/hook': 'Sync',
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    });
    expect(jobOf().spec?.ttlSecondsAfterFinished).toBe(604_800);
  });

  it('has no access to the API of Kubernetes', () => {
    expect(jobOf().spec?.template.spec?.automountServiceAccountToken).toBe(false);
  });

  it('fails at once after a failed proof, and retries after its pod is lost', () => {
    expect(jobOf().spec).toMatchObject({
      backoffLimit: 3,
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { containerName: 'prove', operator: 'In', values: [1] } }],
      },
      template: { spec: { restartPolicy: 'Never' } },
    });
  });

  it('has the time that the slowest pool takes to start', () => {
    const spec = workloadSpec({ pools: [workloadPool(), workloadPool({ name: 'spare' })] });
    expect(proofSeconds(spec)).toBeGreaterThan(Math.max(...spec.pools.map(bringUpSeconds)));
    expect(manifest<Job>(spec, 'Job').spec?.activeDeadlineSeconds).toBe(proofSeconds(spec));
  });

  it('has time for a last round in which each model takes its maximum time', () => {
    const pool = workloadPool();
    const models = Array.from({ length: 6 }, () => pool.fit.models).flat();
    const spec = workloadSpec({ pools: [{ ...pool, fit: { ...pool.fit, models } }] });
    const env = jobOf({ pools: spec.pools }).spec?.template.spec?.containers[0]?.env ?? [];
    const valueOf = (key: string) => Number(env.find(({ name }) => name === key)?.value);
    const deadline = manifest<Job>(spec, 'Job').spec?.activeDeadlineSeconds ?? 0;
    expect(deadline).toBeGreaterThan(valueOf('PROVE_SECONDS') + 6 * valueOf('ANSWER_SECONDS'));
  });

  it('needs no GPU node, so that it can end without one', () => {
    const pod = jobOf().spec?.template.spec;
    expect(pod?.nodeSelector).toBeUndefined();
    expect(pod?.tolerations).toEqual([{ key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoSchedule' }]);
    expect(JSON.stringify(pod?.containers)).not.toContain('nvidia.com/gpu');
  });

  it('asks through the Service of the gateway, and looks for servers of every pool', () => {
    const job = jobOf({ pools: [workloadPool(), workloadPool({ name: 'spare' })] });
    const env = Object.fromEntries(
      (job.spec?.template.spec?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
    );
    expect(env).toMatchObject({
      SERVICE: 'ollama.ollama.svc',
      SERVERS: 'ollama-servers.ollama.svc ollama-spare-servers.ollama.svc',
      CONTROL: 'kubernetes.default.svc',
      PORT: '11434',
    });
  });

  it('calls each model at the endpoint that it supports', () => {
    const models = [
      { ...CODER, parallel: 1 },
      { name: 'nomic-embed-text', contextLength: 2048 },
    ];
    expect(configOf({ pools: [workloadPool({}, models)] }).data?.['models']).toBe(
      'qwen3-coder:30b-ctx64k generate\nnomic-embed-text:latest-ctx2k embed\n',
    );
  });

  it('has a new name whenever its specification changes, since a Job is immutable', () => {
    const image = { repository: 'docker.io/curlimages/curl', tag: '8.22.0' };
    expect(jobOf({ proverImage: image }).metadata.name).not.toBe(jobOf().metadata.name);
    expect(jobOf().metadata.name).toBe(jobOf().metadata.name);
  });
});
