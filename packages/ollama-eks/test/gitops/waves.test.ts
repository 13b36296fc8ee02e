import { checkApplications } from '../../src/gitops/checks/check-applications';
import type { Application } from '../../src/gitops/application';
import { APPLICATION_HEALTH_KEY } from '../../src/gitops/application-health';
import { CRD_HEALTH_KEY } from '../../src/gitops/crd-health';
import { DELIVERED_CHECKS } from './support/health-checks';
import { SimulatedArgoCd } from './support/simulated-argo-cd';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { applications, chartApplication, manifestApplication, object, servers } from './support/applications';
import { changed, goodWorld, outOfOrder, start, waveScenarios } from './support/wave-scenarios';

const HOUR = 3600;
const DAY = 24 * HOUR;

waveScenarios('one of everything', applications());

/** An Application that has used up its retries; Argo CD never starts another sync of the same source. */
describe('an Application that has failed permanently', () => {
  const all = applications();
  const fail = (argoCd: SimulatedArgoCd, name: string) =>
    expect(argoCd.runUntil(() => argoCd.hasFailed(name), DAY)).toBe(true);

  it('is healthy again at a revision that reverts the failed change, although nothing is left to sync', () => {
    const argoCd = start(all);
    argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
    const refused = manifestApplication('routes', 6, 'istio-ingress', [
      ...all.filter(({ name }) => name === 'routes').flatMap(manifests),
      object('v1', 'ConfigMap', 'misplaced', undefined, { namespace: 'unknown' }),
    ]);
    argoCd.commit('revision-2', [...all.filter(({ name }) => name !== 'routes'), refused]);
    fail(argoCd, 'routes');
    argoCd.commit('revision-3', all);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
  });

  it('is retried at the next revision, even if it is a chart, which no revision changes', () => {
    const metrics = chartApplication('metrics', 2, CHARTS.istioBase, { namespace: { name: 'monitoring' } });
    const argoCd = start([...all, metrics]);
    fail(argoCd, 'metrics');
    argoCd.cluster.namespaces.add('monitoring'); // fixes the cause, outside Git
    expect(argoCd.runUntil(() => argoCd.healthy, DAY)).toBe(false);
    argoCd.commit('revision-2', [...all, metrics]);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
  });
});

/** What a real Argo CD 3.5.1 did with a tree (test/acceptance/real/argocd), and the simulation does, too. */
describe('a simulation of Argo CD', () => {
  const all = applications();

  it('runs no hook at the same revision, even if its object is gone: hooks are never out of sync', () => {
    const argoCd = start(all);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
    const proofs = () => argoCd.cluster.ownedBy('model-prover').filter(({ kind }) => kind === 'batch/Job');
    proofs().forEach(({ id }) => {
      argoCd.cluster.remove(id);
    });
    argoCd.runUntil(() => false, HOUR);
    expect([argoCd.healthy, proofs()]).toEqual([true, []]);
    argoCd.commit('revision-2', all);
    expect(argoCd.runUntil(() => proofs().length > 0, HOUR)).toBe(true);
  });

  it('reports a sync that waits for a retry as running, and its Application is degraded', () => {
    const argoCd = start(all, { modelsLoad: false });
    expect(argoCd.runUntil(() => argoCd.order('sync-failed').length > 0, 3 * HOUR)).toBe(true);
    expect(argoCd.operationOf('model-prover')).toMatchObject({ phase: 'Running', retryCount: 1 });
    expect(argoCd.healthOf('model-prover')).toBe('Degraded');
  });

  it('continues at the same revision if a sync that has failed permanently is started from outside', () => {
    const argoCd = start(all, { modelsLoad: false });
    expect(argoCd.runUntil(() => argoCd.hasFailed('model-prover'), DAY)).toBe(true);
    argoCd.cluster.world.modelsLoad = true;
    expect(argoCd.runUntil(() => argoCd.healthy, DAY)).toBe(false);
    argoCd.startFailedSyncs();
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
  });

  it('waits for a chart that cannot be read, also if the next release does not need it, until its sync is ended', () => {
    const argoCd = start(all);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
    argoCd.cluster.world.unreadable.add('istiod');
    argoCd.commit('revision-2', changed(all));
    argoCd.runUntil(() => argoCd.revisionOf('istiod') === 'revision-2', HOUR);
    argoCd.runUntil(() => false, HOUR / 2);
    expect(argoCd.healthOf('istiod')).toBe('Progressing');
    expect(argoCd.order('root-failed')).toEqual([]);
    argoCd.cluster.world.unreadable.delete('istiod');
    argoCd.commit('revision-3', all);
    argoCd.endOlderSync();
    expect(argoCd.runUntil(() => argoCd.healthy, HOUR)).toBe(true);
    expect(argoCd.revisionOf('istiod')).toBe('revision-3');
  });
});

/** Runs the simulation without each of the features that make waves wait and recover. */
describe('the simulation', () => {
  const all = applications();

  it('uses Applications that pass the checks', () => {
    const repositories = { chartRepositories: [] };
    expect(() => checkApplications(all, repositories)).not.toThrow();
  });

  it('starts waves too early without the health check, as Argo CD has done since 1.8', () => {
    const argoCd = new SimulatedArgoCd(goodWorld(all), without(APPLICATION_HEALTH_KEY));
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.healthy, 7200);
    expect(outOfOrder(all, argoCd).length + argoCd.order('sync-failed').length).toBeGreaterThan(0);
  });

  it('starts waves of an update too early if a status of the older spec counts', () => {
    const naive = 'return { status = obj.status ~= nil and obj.status.health.status or "Progressing", message = "" }';
    const argoCd = new SimulatedArgoCd(goodWorld(all), { ...DELIVERED_CHECKS, [APPLICATION_HEALTH_KEY]: naive });
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.healthy, 7200);
    const since = argoCd.cluster.now + 1;
    argoCd.commit('revision-2', changed(all));
    argoCd.runUntil(() => argoCd.healthy, 7200);
    expect(outOfOrder(all, argoCd, since)).not.toEqual([]);
  });

  it('spends retries of the root on definitions without their health check, as Argo CD 3.4.4 does', () => {
    const argoCd = new SimulatedArgoCd(goodWorld(all), without(CRD_HEALTH_KEY));
    argoCd.commit('revision-1', all);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
    expect(argoCd.order('root-failed').length).toBeGreaterThan(0);
  });

  it('never starts on a fixed revision with unlimited retries', () => {
    const argoCd = new SimulatedArgoCd({ ...goodWorld(all), modelsLoad: false }, undefined, { limit: -1 }, Infinity);
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.order('root-failed').length > 0, 3 * 3600);
    argoCd.commit('revision-2', changed(all));
    expect(argoCd.runUntil(() => argoCd.revisionOf('model-prover') === 'revision-2', 24 * 3600)).toBe(false);
  });

  it('waits for a claim that a pod of a later wave mounts, until its time limit', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'models', { storageClassName: 'models' });
    const storage = manifestApplication('storage', 2, 'ollama', [claim]);
    const [service, , deployment] = servers().source.kind === 'manifests' ? manifests(servers()) : [];
    const split = [
      ...all.filter(({ name }) => name !== 'ollama'),
      storage,
      manifestApplication(
        'ollama',
        3,
        'ollama',
        [service, deployment].filter((manifest) => manifest !== undefined),
      ),
    ];
    const argoCd = start(split);
    expect(argoCd.runUntil(() => argoCd.healthy, 3 * 3600)).toBe(false);
    expect(argoCd.healthOf('storage')).toBe('Progressing');
    argoCd.commit('revision-2', all);
    expect(argoCd.runUntil(() => argoCd.revisionOf('ollama') === 'revision-2', 6 * 3600)).toBe(true);
  });

  it('waits forever without a time limit of syncs', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'unmounted', { storageClassName: 'models' });
    const waiting = [...all, manifestApplication('storage', 2, 'ollama', [claim])];
    const argoCd = new SimulatedArgoCd(goodWorld(all), undefined, undefined, Infinity);
    argoCd.commit('revision-1', waiting);
    argoCd.runUntil(() => argoCd.healthOf('storage') === 'Progressing', 3 * 3600);
    argoCd.commit('revision-2', all);
    expect(argoCd.runUntil(() => argoCd.revisionOf('ollama') === 'revision-2', 24 * 3600)).toBe(false);
  });

  it('waits for a GPU if servers block later waves', () => {
    const gated = all.map((application) =>
      application.name === 'ollama' ? servers({ healthGate: { timeoutSeconds: 1800 } }) : application,
    );
    const argoCd = start(gated, { gpus: 0 });
    expect(argoCd.runUntil(() => argoCd.healthy, 3 * 3600)).toBe(false);
    expect(argoCd.order('applied').some(({ wave }) => wave > 3)).toBe(false);
  });
});

/** The delivered health checks without one of them. */
function without(key: string) {
  return Object.fromEntries(Object.entries(DELIVERED_CHECKS).filter(([other]) => other !== key));
}

function manifests({ source }: Application) {
  return source.kind === 'manifests' ? source.manifests : [];
}
