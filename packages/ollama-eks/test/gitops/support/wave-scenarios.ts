/**
 * Scenarios that every set of Applications must pass in the simulation of Argo CD: `waveScenarios(name, applications)` in
 * a test file adds the tests.
 */
import type { Application } from '../../../src/gitops/application';
import { isHook, manifestsOf } from '../../../src/gitops/manifests';
import { type Event, SimulatedArgoCd } from './simulated-argo-cd';
import type { World } from './simulated-cluster';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A world in which everything works. */
export function goodWorld(applications: readonly Application[]): World {
  return { gpus: 8, modelsLoad: true, tlsSecrets: new Set(tlsSecretsOf(applications)), unreadable: new Set() };
}

/** Argo CD in a world, with a tree committed. */
export function start(applications: readonly Application[], world: Partial<World> = {}): SimulatedArgoCd {
  const argoCd = new SimulatedArgoCd({ ...goodWorld(applications), ...world });
  argoCd.commit('revision-1', applications);
  return argoCd;
}

/** Applications that were partly applied before all Applications of an earlier wave were healthy. */
export function outOfOrder(applications: readonly Application[], argoCd: SimulatedArgoCd, since = 0): string[] {
  const healthy = new Map(argoCd.order('healthy', since).map(({ application, at }) => [application, at]));
  return argoCd.order('applied', since).flatMap(({ application, wave, at }: Event) => {
    const early = applications.filter((other) => other.wave < wave && (healthy.get(other.name) ?? Infinity) > at);
    return early.map((other) => `${application} (wave ${wave}) before ${other.name} (wave ${other.wave}) was healthy`);
  });
}

/** The Applications with a small change in all of their content, as in a new release. */
export function changed(applications: readonly Application[]): readonly Application[] {
  return applications.map((application) => {
    const { source } = application;
    return source.kind === 'chart'
      ? { ...application, source: { ...source, values: { ...source.values, release: 2 } } }
      : {
          ...application,
          source: {
            ...source,
            manifests: source.manifests.map((manifest) => ({
              ...manifest,
              metadata: { ...manifest.metadata, labels: { ...manifest.metadata.labels, release: '2' } },
            })),
          },
        };
  });
}

/** Adds the tests. */
export function waveScenarios(name: string, applications: readonly Application[]): void {
  const waves = [...new Set(applications.map(({ wave }) => wave))].sort((a, b) => a - b);
  const prover = applications.find((one) =>
    manifestsOf(one).some((object) => object.kind === 'Job' && isHook(object)),
  )?.name;

  describe(`waves of ${name}`, () => {
    it('come up from nothing, in order, without a failed sync', () => {
      const argoCd = start(applications);
      expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
      expect(outOfOrder(applications, argoCd)).toEqual([]);
      expect(argoCd.order('sync-failed')).toEqual([]);
      expect(argoCd.order('root-failed')).toEqual([]);
      expect([...new Set(argoCd.order('applied').map(({ wave }) => wave))]).toEqual(waves);
    });

    it('come up without any GPU, which may be added later', () => {
      const argoCd = start(applications, { gpus: 0 });
      expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
      expect(argoCd.order('root-failed')).toEqual([]);
      argoCd.cluster.world.gpus = 8;
      argoCd.runUntil(() => false, HOUR);
      expect(argoCd.healthy).toBe(true);
    });

    if (prover !== undefined) {
      it('stop with an error if models do not answer, and continue on their own when they do', () => {
        const argoCd = start(applications, { modelsLoad: false });
        argoCd.runUntil(() => argoCd.order('root-failed').length > 0, 3 * HOUR);
        expect(argoCd.runUntil(() => argoCd.healthy, HOUR / 2)).toBe(false);
        expect(argoCd.order('applied').filter(({ wave }) => wave > 4)).toEqual([]);
        argoCd.cluster.world.modelsLoad = true;
        expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
      });

      it('prove again at each new revision, whatever it changes, and never at one that has failed permanently', () => {
        const argoCd = start(applications, { modelsLoad: false });
        expect(argoCd.runUntil(() => argoCd.hasFailed(prover), DAY)).toBe(true);
        const attempts = argoCd.order('sync-failed').length;
        argoCd.cluster.world.modelsLoad = true;
        argoCd.runUntil(() => argoCd.healthOf(prover) === 'Healthy', DAY);
        expect(argoCd.healthOf(prover)).toBe('Degraded');
        expect(argoCd.order('sync-failed')).toHaveLength(attempts);
        const since = argoCd.cluster.now;
        argoCd.commit('revision-2', applications);
        expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
        const proofs = argoCd.cluster.all().filter(({ owner, kind }) => owner === prover && kind === 'batch/Job');
        expect(proofs.map((proof) => proof.since > since)).toEqual([true]);
      });

      it('prove again, and change nothing else, at a new revision of proven Applications', () => {
        const argoCd = start(applications);
        argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
        const since = argoCd.cluster.now;
        argoCd.commit('revision-2', applications);
        expect(argoCd.runUntil(() => argoCd.healthy, HOUR)).toBe(true);
        const touched = argoCd.cluster.all().filter((object) => object.since > since);
        expect(touched.map(({ owner, kind }) => `${owner}: ${kind}`).sort()).toEqual([
          `${prover}: ConfigMap`,
          `${prover}: batch/Job`,
        ]);
      });

      it('switch to a fixed revision while an older one fails', () => {
        const argoCd = start(applications, { modelsLoad: false });
        argoCd.runUntil(() => argoCd.order('root-failed').length > 0, 3 * HOUR);
        const mended = changed(applications);
        argoCd.commit('revision-2', mended);
        // Only Git fixes it, so nothing else may do so before the fixed revision arrives.
        expect(argoCd.runUntil(() => argoCd.revisionOf(prover) === 'revision-2', 2 * HOUR)).toBe(true);
        argoCd.cluster.world.modelsLoad = true;
        expect(argoCd.runUntil(() => argoCd.healthy, 3 * HOUR)).toBe(true);
        expect(argoCd.order('root-synced').map(({ application }) => application)).toEqual(['revision-2']);
      });
    }

    const gateways = applications.filter((one) => manifestsOf(one).some(({ kind }) => kind === 'Gateway'));
    if (prover !== undefined && gateways.length > 0) {
      it('have the gateway up before any model answers, and its routes only after the proof', () => {
        const argoCd = start(applications, { modelsLoad: false });
        argoCd.runUntil(() => argoCd.order('root-failed').length > 0, 3 * HOUR);
        expect(gateways.map((gateway) => argoCd.healthOf(gateway.name))).toEqual(gateways.map(() => 'Healthy'));
        expect(argoCd.cluster.all().filter(({ kind }) => kind.endsWith('Route'))).toEqual([]);
      });
    }

    if (tlsSecretsOf(applications).length > 0) {
      it('wait for the certificate of the gateway, and continue when it exists', () => {
        const argoCd = start(applications, { tlsSecrets: new Set() });
        expect(argoCd.runUntil(() => argoCd.healthy, HOUR)).toBe(false);
        tlsSecretsOf(applications).forEach((secret) => argoCd.cluster.world.tlsSecrets.add(secret));
        expect(argoCd.runUntil(() => argoCd.healthy, HOUR)).toBe(true);
      });
    }

    it('gate an update as they gate the first deployment', () => {
      const argoCd = start(applications);
      argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
      const since = argoCd.cluster.now + 1;
      argoCd.commit('revision-2', changed(applications));
      expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
      expect(outOfOrder(applications, argoCd, since)).toEqual([]);
      expect(argoCd.order('applied', since)).toHaveLength(applications.length);
    });

    it('are deleted from the last to the first, and leave only what must be kept', () => {
      const argoCd = start(applications);
      argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
      argoCd.delete();
      expect(argoCd.runUntil(() => argoCd.empty, HOUR)).toBe(true);
      expect([...new Set(argoCd.order('deleted').map(({ wave }) => wave))]).toEqual([...waves].reverse());
      const kept = applications.filter(({ cascade }) => cascade === false).map((application) => application.name);
      expect(
        [...argoCd.cluster.objects.values()].map(({ owner }) => owner).filter((owner) => !kept.includes(owner)),
      ).toEqual([]);
    });
  });
}

interface Listeners {
  readonly spec?: {
    readonly listeners?: readonly {
      readonly tls?: { readonly certificateRefs?: readonly { readonly name: string }[] };
    }[];
  };
}

/** Secrets with the certificates of gateways, as `namespace/name`. */
function tlsSecretsOf(applications: readonly Application[]): string[] {
  return applications.flatMap((application) =>
    manifestsOf(application).flatMap((manifest) => {
      const namespace = manifest.metadata.namespace ?? application.namespace.name;
      const listeners = manifest.kind === 'Gateway' ? ((manifest as Listeners).spec?.listeners ?? []) : [];
      return listeners.flatMap(
        ({ tls }) => tls?.certificateRefs?.map((reference) => `${namespace}/${reference.name}`) ?? [],
      );
    }),
  );
}
