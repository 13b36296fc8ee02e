import { checkApplications } from '../../src/gitops/checks/check-applications';
import type { Application } from '../../src/gitops/application';
import { SimulatedArgoCd } from './support/simulated-argo-cd';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { applications, chartApplication, manifestApplication, object, servers } from './support/applications';
import { changed, goodWorld, outOfOrder, start, waveScenarios } from './support/wave-scenarios';

const HOUR = 3600;
const DAY = 24 * HOUR;

waveScenarios('one of everything', applications());

/** What has failed for good: its retries are used up, and a sync of the same source is never tried again. */
describe('an Application that has failed for good', () => {
  const all = applications();
  const fail = (argoCd: SimulatedArgoCd, name: string) =>
    expect(argoCd.runUntil(() => argoCd.hasFailed(name), DAY)).toBe(true);

  it('is healthy again at a revision that takes back what failed, though nothing is left to sync then', () => {
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

  it('is tried again at the next revision, also when it is a chart, which no revision changes', () => {
    const metrics = chartApplication('metrics', 2, CHARTS.istioBase, { namespace: { name: 'monitoring' } });
    const argoCd = start([...all, metrics]);
    fail(argoCd, 'metrics');
    argoCd.cluster.namespaces.add('monitoring'); // what was missing is put right, outside of Git
    expect(argoCd.runUntil(() => argoCd.healthy, DAY)).toBe(false);
    argoCd.commit('revision-2', [...all, metrics]);
    expect(argoCd.runUntil(() => argoCd.healthy, 2 * HOUR)).toBe(true);
  });
});

/** What the simulation shows without each of the things that make waves wait and heal. */
describe('the simulation', () => {
  const all = applications();

  it('is of Applications that pass the checks', () => {
    const repositories = { chartRepositories: [] };
    expect(() => checkApplications(all, repositories)).not.toThrow();
  });

  it('lets waves overtake each other without the health check, as Argo CD does since 1.8', () => {
    const argoCd = new SimulatedArgoCd(goodWorld(all), 'return { status = "Healthy", message = "" }');
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.healthy, 7200);
    expect(outOfOrder(all, argoCd).length + argoCd.order('sync-failed').length).toBeGreaterThan(0);
  });

  it('lets an update overtake itself when a status of the older spec counts', () => {
    const naive = 'return { status = obj.status ~= nil and obj.status.health.status or "Progressing", message = "" }';
    const argoCd = new SimulatedArgoCd(goodWorld(all), naive);
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.healthy, 7200);
    const since = argoCd.cluster.now + 1;
    argoCd.commit('revision-2', changed(all));
    argoCd.runUntil(() => argoCd.healthy, 7200);
    expect(outOfOrder(all, argoCd, since)).not.toEqual([]);
  });

  it('never takes up a mended revision with endless retries', () => {
    const argoCd = new SimulatedArgoCd({ ...goodWorld(all), modelsLoad: false }, undefined, { limit: -1 }, Infinity);
    argoCd.commit('revision-1', all);
    argoCd.runUntil(() => argoCd.order('root-failed').length > 0, 3 * 3600);
    argoCd.commit('revision-2', changed(all));
    expect(argoCd.runUntil(() => argoCd.revisionOf('model-prover') === 'revision-2', 24 * 3600)).toBe(false);
  });

  it('hangs at a claim that a pod of a later wave mounts, until its time is over', () => {
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

  it('waits for ever at what never comes when a sync has no end', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'unmounted', { storageClassName: 'models' });
    const waiting = [...all, manifestApplication('storage', 2, 'ollama', [claim])];
    const argoCd = new SimulatedArgoCd(goodWorld(all), undefined, undefined, Infinity);
    argoCd.commit('revision-1', waiting);
    argoCd.runUntil(() => argoCd.healthOf('storage') === 'Progressing', 3 * 3600);
    argoCd.commit('revision-2', all);
    expect(argoCd.runUntil(() => argoCd.revisionOf('ollama') === 'revision-2', 24 * 3600)).toBe(false);
  });

  it('hangs without a GPU when servers hold up the waves after them', () => {
    const gated = all.map((application) =>
      application.name === 'ollama' ? servers({ healthGate: { timeoutSeconds: 1800 } }) : application,
    );
    const argoCd = start(gated, { gpus: 0 });
    expect(argoCd.runUntil(() => argoCd.healthy, 3 * 3600)).toBe(false);
    expect(argoCd.order('applied').some(({ wave }) => wave > 3)).toBe(false);
  });
});

function manifests({ source }: Application) {
  return source.kind === 'manifests' ? source.manifests : [];
}
