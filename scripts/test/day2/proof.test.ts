/** Whether every model has answered since the last change, as `diagnose` and `status` report it. */
import type { Findings } from '../../src/checks/findings';
import type { KubernetesObject } from '../../src/systems/kubectl';
import type { StatusResult } from '../../src/status/status-result';
import { soundWorld } from './sound-cluster';
import type { World } from './world';

const NIGHT = 'NOT PROVEN: no server has a node. Not answered: qwen3-coder:30b (curl error 6 )';
const LABELS = { 'app.kubernetes.io/name': 'ollama-model-prover' };

let world: World;

beforeEach(() => {
  world = soundWorld();
  remove(({ metadata }) => metadata.name.startsWith('ollama-model-prover-'));
});
afterEach(() => world.remove());

function add(...objects: readonly object[]): void {
  world.tools.objects.push(...(objects as KubernetesObject[]));
}

function remove(which: (object: KubernetesObject) => boolean): void {
  world.tools.objects = world.tools.objects.filter((object) => !which(object));
}

/** A Job of the prover, and its pod. */
function job(name: string, condition: string | undefined, message?: string, more: object = {}): void {
  const metadata = { name, namespace: 'ollama', creationTimestamp: '2026-11-01T22:00:00Z', labels: LABELS, ...more };
  const conditions = condition === undefined ? [] : [{ type: condition, status: 'True', message: 'the limit' }];
  add({ kind: 'Job', metadata, status: { conditions, completionTime: '2026-11-01T22:06:00Z' } });
  if (message === undefined) return;
  add({
    kind: 'Pod',
    metadata: { ...metadata, name: `${name}-x`, labels: { ...LABELS, 'batch.kubernetes.io/job-name': name } },
    status: { phase: 'Succeeded', containerStatuses: [{ name: 'prove', state: { terminated: { message } } }] },
  });
}

const noServer = () => remove(({ metadata }) => metadata.name === 'ollama-0');

const CASES: readonly (readonly [string, () => void, string, RegExp])[] = [
  ['no Job is kept', () => undefined, 'skipped', /no Job that proves it is kept/],
  ['the Job is running', () => job('a', undefined), 'skipped', /Job a is running/],
  [
    'every model answered',
    () => job('a', 'Complete', 'every model answers\n'),
    'ok',
    /answered at 2026-11-01T22:06:00Z/,
  ],
  [
    'no server had a node, and none has',
    () => {
      job('a', 'Complete', `${NIGHT}\n`);
      noServer();
    },
    'warn',
    /^NOT PROVEN: no server has a node\. Not answered: qwen3-coder:30b \(curl error 6 \)$/,
  ],
  [
    'no server had a node, and one is ready now',
    () => job('a', 'Complete', NIGHT),
    'ok',
    /every model has answered on a server that is ready/,
  ],
  [
    'no server had a node, and servers were resumed and stopped since',
    () => {
      job('a', 'Complete', NIGHT, { annotations: { 'ollama-eks/answered-at': '2026-11-02T07:00:00Z' } });
      noServer();
    },
    'ok',
    /answered at 2026-11-02T07:00:00Z, after a resume/,
  ],
  [
    'an older Job proved what a newer one did not',
    () => {
      job('old', 'Complete', 'every model answers', { creationTimestamp: '2026-10-01T00:00:00Z' });
      job('new', 'Complete', NIGHT);
      noServer();
    },
    'warn',
    /^NOT PROVEN/,
  ],
  ['the proof failed', () => job('a', 'Failed', 'FAILED after 900 s: x (404)'), 'fail', /Job a: FAILED after 900 s: x/],
  ['the proof failed, and its pod is gone', () => job('a', 'Failed'), 'fail', /Job a: the limit/],
  ['the pod is gone', () => job('a', 'Complete'), 'skipped', /Job a has ended, and its pod is deleted/],
];

test.each(CASES)('%s', async (_, happens, status, detail) => {
  happens();
  const { findings } = JSON.parse((await world.run('--json', 'diagnose')).out) as Findings;
  expect(findings.find(({ id }) => id === 'proof')).toMatchObject({ status, detail: expect.stringMatching(detail) });
});

test('status shows what is not proven', async () => {
  job('a', 'Complete', NIGHT);
  noServer();
  const { proof } = JSON.parse((await world.run('--json', 'status')).out) as StatusResult;
  expect(proof).toEqual({ state: 'not proven', detail: NIGHT });
});
