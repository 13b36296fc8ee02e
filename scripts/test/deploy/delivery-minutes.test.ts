import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  coldStart,
  creationTime,
  firstAnswerSeconds,
  MODEL_PROVER,
  type PoolSummary,
  ZTUNNEL,
} from '@org/ollama-eks/pure';
import {
  applicationsMinutes,
  meshMinutes,
  platformMinutes,
  restartMinutes,
  VERIFICATION_MINUTES,
} from '../../src/deploy/delivery-minutes';
import type { Project, Stack } from '../../src/project/project';

const output = mkdtempSync(join(tmpdir(), 'ollama-eks-minutes-'));
afterAll(() => rmSync(output, { recursive: true }));

/** Releases that follow each other, which are also the waves where Argo CD delivers nothing. */
function projectOf(...names: readonly string[]): Project {
  const releases = names.map((name, index) => [
    name,
    { name, ...(index > 0 && { depends_on: [`helm_release.${names[index - 1] ?? ''}`] }) },
  ]);
  const platform: Stack = {
    name: 'platform',
    directory: 'platform',
    kind: 'platform',
    needs: [],
    clusters: [],
    outputs: {},
    warnings: [],
    resources: { helm_release: Object.fromEntries(releases) as object } as Stack['resources'],
  };
  return { directory: output, output, stacks: [platform] };
}

const POOL = { initialSize: 1, replicas: 1, coldLoadSeconds: 20, pullSeconds: 30, modelBytes: 5e9 } as PoolSummary;
const application = creationTime('application').seconds;
const release = creationTime('helm_release').seconds;
const minutes = (seconds: number): number => Math.ceil(seconds / 60);

test('waves follow each other, and the one with the proof takes as long as the first answer', () => {
  const project = projectOf('crds', 'istiod', MODEL_PROVER, 'routes');
  expect(applicationsMinutes(project, [POOL])).toBe(minutes(3 * application + firstAnswerSeconds(POOL)));
});

test.each<[string, Partial<PoolSummary>]>([
  ['nodes', { initialSize: 0 }],
  ['servers', { replicas: 0 }],
])('nothing waits for the proof of a pool without %s', (_, props) => {
  expect(applicationsMinutes(projectOf(MODEL_PROVER), [{ ...POOL, ...props }])).toBe(minutes(application));
});

test('Helm waits for the proof in the platform, Argo CD after it', () => {
  const project = projectOf('istiod', MODEL_PROVER);
  const created = 1 + minutes(2 * release);
  expect(platformMinutes(project, true, [POOL])).toBe(created);
  expect(platformMinutes(project, false, [POOL])).toBe(created + minutes(firstAnswerSeconds(POOL) - release));
  expect(platformMinutes(projectOf('istiod'), false, [POOL])).toBe(1 + minutes(release));
});

test('the mesh is up after the platform and the waves until ztunnel', () => {
  const project = projectOf('crds', ZTUNNEL, 'routes');
  const created = 1 + minutes(3 * release);
  expect(meshMinutes(project, true)).toBe(created + minutes(2 * application));
  expect(meshMinutes(project, false)).toBe(created);
});

test('a restart is a cold start and the checks', () => {
  const { node, attach, image, load, answer } = coldStart(POOL);
  expect(restartMinutes([POOL])).toBe(minutes(node + attach + image + load + answer) + VERIFICATION_MINUTES);
  expect(restartMinutes([])).toBe(VERIFICATION_MINUTES);
});
