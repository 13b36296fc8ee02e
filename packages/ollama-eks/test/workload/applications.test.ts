import type { PodSpec } from 'kubernetes-types/core/v1';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { Manifest } from '../../src/gitops/application';
import { ollamaApplications } from '../../src/workload/applications';
import { OLLAMA_IMAGE } from '../../src/workload/container-image';
import { manifestsOf, VARIANTS, workloadSpec } from './workload-fixture';

interface PodOwner extends Manifest {
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: PodSpec };
  };
}

const isPodOwner = (manifest: Manifest): manifest is PodOwner =>
  ['Deployment', 'StatefulSet', 'Job'].includes(manifest.kind);

describe('applications of the workload', () => {
  it('have waves that do not wait for a GPU', () => {
    const rows = ollamaApplications(workloadSpec()).map(({ name, wave, namespace, project, healthGate }) => [
      name,
      wave,
      namespace.name,
      project,
      healthGate.waitForHealth ?? true,
    ]);
    expect(rows).toEqual([
      ['nvidia-device-plugin', 0, 'kube-system', 'platform', true],
      ['ollama-foundation', 0, 'ollama', 'platform', true],
      ['ollama', 3, 'ollama', 'workload', false],
      ['ollama-model-prover', 4, 'ollama', 'workload', true],
    ]);
  });

  it('own the namespace once, restricted and in the mesh', () => {
    const owners = ollamaApplications(workloadSpec()).filter(({ namespace }) => namespace.podSecurity !== undefined);
    expect(owners.map(({ namespace }) => namespace)).toEqual([
      { name: 'ollama', podSecurity: 'restricted', labels: { 'istio.io/dataplane-mode': 'ambient' } },
    ]);
  });

  it('contain an object that is out of sync when the proof must run', () => {
    const prover = ollamaApplications(workloadSpec()).at(-1);
    expect(prover?.source).toMatchObject({ manifests: [{ kind: 'ConfigMap' }, { kind: 'Job' }] });
  });

  describe.each(Object.entries(VARIANTS))('%s', (_, spec) => {
    const owners = manifestsOf(spec).filter(isPodOwner);
    const containers = owners.flatMap(({ spec: { template } }) => [
      ...template.spec.containers,
      ...(template.spec.initContainers ?? []),
    ]);

    it('runs without root, privileges, a token or a writable root file system', () => {
      expect(containers.length).toBeGreaterThan(2);
      for (const { spec: owner } of owners) {
        expect(owner.template.spec).toMatchObject({
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        });
      }
      for (const { securityContext } of containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        });
      }
    });

    it('mounts nothing from the host', () => {
      for (const { spec: owner } of owners) expect(JSON.stringify(owner)).not.toContain('hostPath');
    });

    it('mounts all of its volumes, and no others', () => {
      for (const { kind, spec: owner } of owners) {
        const { volumes = [], containers: main, initContainers = [] } = owner.template.spec;
        const mounted = [...main, ...initContainers].flatMap(({ volumeMounts = [] }) =>
          volumeMounts.map(({ name }) => name),
        );
        const claimed = kind === 'StatefulSet' ? ['models'] : [];
        expect([...new Set(mounted)].sort()).toEqual([...volumes.map(({ name }) => name), ...claimed].sort());
      }
    });

    it('refers only to existing objects', () => {
      const names = (kind: string) =>
        manifestsOf(spec)
          .filter((manifest) => manifest.kind === kind)
          .map(({ metadata }) => metadata.name);
      for (const { spec: owner } of owners) {
        const { volumes = [], serviceAccountName = '', priorityClassName } = owner.template.spec;
        expect(names('ServiceAccount')).toContain(serviceAccountName);
        if (priorityClassName !== undefined) expect(names('PriorityClass')).toContain(priorityClassName);
        for (const { configMap, persistentVolumeClaim } of volumes) {
          if (configMap !== undefined) expect(names('ConfigMap')).toContain(configMap.name);
          if (persistentVolumeClaim !== undefined) {
            expect(names('PersistentVolumeClaim')).toContain(persistentVolumeClaim.claimName);
          }
        }
      }
    });

    it('has a policy for every pod, and one that denies everything else in the namespace', () => {
      const policies = manifestsOf(spec).filter(({ kind }) => kind === 'NetworkPolicy');
      const selectors = policies.map((policy) => (policy as NetworkPolicy & Manifest).spec?.podSelector);
      expect(selectors).toContainEqual({});
      for (const { spec: owner } of owners) {
        const name = owner.template.metadata.labels['app.kubernetes.io/name'];
        expect(selectors).toContainEqual({ matchLabels: { 'app.kubernetes.io/name': name } });
      }
    });
  });

  describe('defects that default props cannot express', () => {
    const all = manifestsOf(workloadSpec());
    const text = JSON.stringify(all);
    const ofKind = (kind: string) => all.filter((manifest) => manifest.kind === kind);

    it('row 9: a Job that disappears and leaves the Application out of sync forever, or that cannot be changed', () => {
      // A hook is not compared with Git, so Kubernetes may delete it.
      const jobs = ofKind('Job');
      expect(jobs).toHaveLength(1);
      for (const job of jobs) expect(job.metadata.annotations).toHaveProperty(['argocd.argoproj.io/hook']);
    });

    it('row 10: a loader that reports a failed pull as a success', () => {
      expect(text).not.toContain('curl:latest');
      expect(text).not.toMatch(/curl [^"]*api\/pull/);
    });

    it('row 15: a policy that blocks the mesh and the probes, or opens the VPC', () => {
      const policies = JSON.stringify(ofKind('NetworkPolicy'));
      expect(policies).toContain('15008');
      expect(policies).toContain('169.254.7.127/32');
      expect(policies).toContain('"except":["10.0.0.0/8"');
    });

    it('row 16: a server of any version, as root, with all GPUs and without a drain', () => {
      const [deployment] = ofKind('Deployment').filter(isPodOwner);
      const server = deployment?.spec.template.spec.containers[0];
      expect(server?.image).toBe(`docker.io/ollama/ollama:${OLLAMA_IMAGE.tag}`);
      expect(server?.env).toContainEqual({ name: 'OLLAMA_NO_CLOUD', value: '1' });
      expect(server?.lifecycle).toHaveProperty('preStop');
      expect(server).toHaveProperty('startupProbe');
      expect(ofKind('PodDisruptionBudget')).toHaveLength(1);
      expect(deployment?.spec.template.spec.serviceAccountName).toBe('ollama');
    });

    it('row 17: an unencrypted volume of a shared class, which stays after everything is deleted', () => {
      const [storageClass] = ofKind('StorageClass');
      expect(storageClass).toMatchObject({ parameters: { encrypted: 'true' }, reclaimPolicy: 'Delete' });
      expect(storageClass?.metadata.name).not.toBe('gp3');
    });

    it('row 21: a number of servers in Git that reverts a scale-down', () => {
      expect(text).not.toMatch(/"replicas":/);
    });
  });
});
