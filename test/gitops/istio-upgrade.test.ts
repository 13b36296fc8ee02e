/** An upgrade of Istio, and the way back, through the simulated Argo CD: who runs which version at every moment, and what restarts. */
import type { Application } from '@org/ollama-eks';
import type { SimulatedArgoCd } from '../../packages/ollama-eks/test/gitops/support/simulated-argo-cd';
import { outOfOrder, start } from '../../packages/ollama-eks/test/gitops/support/wave-scenarios';
import { installation } from '../support/installations';

const HOUR = 3600;
/** Longest time for which the data plane may be ahead on the way back: Istio supports it only while it rolls. */
const ROLLOUT = HOUR / 2;

const at = (version: string) => installation(version, undefined, { version }).applications;
const OLD = at('1.30.5');
const NEW = at('1.31.1');

interface Moment {
  readonly time: number;
  readonly istiod: number;
  readonly ztunnel: number;
}

/** Commits a tree, and returns the minor versions at every moment until everything is healthy. */
function deliver(argoCd: SimulatedArgoCd, revision: string, applications: readonly Application[]): readonly Moment[] {
  const moments: Moment[] = [];
  argoCd.commit(revision, applications);
  const watch = () => {
    const [istiod, ztunnel] = ['istiod', 'ztunnel'].map((name) => minorOf(argoCd, name));
    moments.push({ time: argoCd.cluster.now, istiod: istiod ?? 0, ztunnel: ztunnel ?? 0 });
    return argoCd.healthy;
  };
  expect(argoCd.runUntil(watch, 3 * HOUR)).toBe(true);
  return moments;
}

/** Returns the minor version of a chart in the cluster. */
function minorOf(argoCd: SimulatedArgoCd, owner: string): number {
  const [chart] = argoCd.cluster.all().filter((object) => object.owner === owner);
  const { version } = JSON.parse(chart?.content ?? '{}') as { version?: string };
  return Number(version?.split('.')[1]);
}

describe('from 1.30 to 1.31', () => {
  const argoCd = start(OLD);
  argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
  const since = argoCd.cluster.now + 1;
  const moments = deliver(argoCd, 'revision-2', NEW);

  it('ends with both planes at 1.31, wave by wave', () => {
    expect(moments[0]).toMatchObject({ istiod: 30, ztunnel: 30 });
    expect(moments.at(-1)).toMatchObject({ istiod: 31, ztunnel: 31 });
    expect(outOfOrder(changedOf(NEW), argoCd, since)).toEqual([]);
  });

  it('never has the data plane ahead of the control plane, nor more than one minor version behind', () => {
    const gaps = new Set(moments.map(({ istiod, ztunnel }) => istiod - ztunnel));
    expect([...gaps].sort()).toEqual([0, 1]);
  });

  it('restarts no server, and proves again that every model answers', () => {
    const touched = argoCd.cluster.all().filter((object) => object.since >= since);
    expect(touched.filter(({ owner, kind }) => owner === 'ollama' && /Deployment|StatefulSet/.test(kind))).toEqual([]);
    expect(touched.map(({ owner, kind }) => `${owner}: ${kind}`)).toContain('ollama-model-prover: batch/Job');
  });
});

test('back to 1.30, the data plane is ahead only while it rolls', () => {
  const argoCd = start(NEW);
  argoCd.runUntil(() => argoCd.healthy, 2 * HOUR);
  const moments = deliver(argoCd, 'revision-2', OLD);
  expect(moments.at(-1)).toMatchObject({ istiod: 30, ztunnel: 30 });
  const ahead = moments.filter(({ istiod, ztunnel }) => ztunnel > istiod).map(({ time }) => time);
  expect(ahead.length).toBeGreaterThan(0);
  expect(Math.max(...ahead) - Math.min(...ahead)).toBeLessThan(ROLLOUT);
});

/** Returns the Applications that differ between the versions. */
function changedOf(applications: readonly Application[]): readonly Application[] {
  const old = new Map(OLD.map((application) => [application.name, JSON.stringify(application)]));
  return applications.filter((application) => old.get(application.name) !== JSON.stringify(application));
}
