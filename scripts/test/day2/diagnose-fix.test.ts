/** What `diagnose` finds about syncs of Argo CD and the load balancer controller, and what it repairs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from '../../src/checks/findings';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { soundWorld } from './sound-cluster';
import type { World } from './world';

let world: World;

beforeEach(() => {
  world = soundWorld();
});

afterEach(() => world.remove());

/** Replaces an object, or removes it. */
function change(kind: string, name: string, to: object | undefined): void {
  const others = world.tools.objects.filter((object) => object.kind !== kind || object.metadata.name !== name);
  world.tools.objects = [...others, ...(to === undefined ? [] : [to as KubernetesObject])];
}

/** Merges fields into the status of an object. */
function editStatus(kind: string, name: string, status: object): void {
  const object = world.tools.objects.find((one) => one.kind === kind && one.metadata.name === name);
  change(kind, name, { ...object, status });
}

/** An Application with the state of its last sync. */
function application(operationState: object, sync = 'OutOfSync', health = 'Healthy'): object {
  return {
    kind: 'Application',
    metadata: { name: 'ollama', namespace: 'argocd' },
    spec: {
      project: 'ollama-workload',
      source: { targetRevision: 'v1' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['ServerSideApply=true'], retry: { limit: 11 } },
    },
    status: {
      sync: { status: sync },
      health: { status: health },
      resources: [{ kind: 'Gateway', namespace: 'istio-ingress', name: 'ollama-gateway' }],
      operationState: { operation: { sync: { source: { targetRevision: 'v1' } } }, ...operationState },
    },
  };
}

const FAILED = 'one or more synchronization tasks completed unsuccessfully';
const GIVEN_UP = {
  phase: 'Failed',
  message: FAILED,
  retryCount: 11,
  syncResult: {
    resources: [
      { kind: 'ConfigMap', name: 'script', status: 'Synced', message: 'configmap/script serverside-applied' },
      { kind: 'Secret', name: 'model-key', status: 'SyncFailed', message: 'exceeded quota' },
    ],
  },
};
const FAILED_PROOF = {
  phase: 'Failed',
  message: FAILED,
  syncResult: {
    resources: [{ kind: 'Job', namespace: 'ollama', name: 'prover', hookPhase: 'Failed', message: 'Job has failed' }],
  },
};

const FAULTS: readonly (readonly [string, () => unknown, string, RegExp, RegExp])[] = [
  [
    'an Application is stuck',
    () =>
      change('Application', 'ollama', {
        kind: 'Application',
        metadata: { name: 'ollama', namespace: 'argocd' },
        spec: { project: 'ollama-workload' },
        status: { sync: { status: 'OutOfSync' }, health: { status: 'Degraded', message: 'image' } },
      }),
    'applications',
    /ollama: Degraded, OutOfSync \(image\)/,
    /describe application ollama/,
  ],
  [
    'an Application syncs an older source',
    () =>
      change('Application', 'ollama', {
        kind: 'Application',
        metadata: { name: 'ollama', namespace: 'argocd' },
        spec: { project: 'ollama-workload', source: { targetRevision: 'v2.0.0' } },
        status: {
          sync: { status: 'OutOfSync' },
          health: { status: 'Degraded' },
          operationState: { phase: 'Running', operation: { sync: { source: { targetRevision: 'v1.0.0' } } } },
        },
      }),
    'applications',
    /ollama: a sync of an older source is still running/,
    /diagnose --fix/,
  ],
  [
    'Argo CD has given up on an Application',
    () => change('Application', 'ollama', application(GIVEN_UP)),
    'applications',
    /ollama: Healthy, OutOfSync \(Secret model-key: exceeded quota\); Argo CD has given up on ollama/,
    /fix the cause, then run ollama-eks diagnose --fix/,
  ],
  [
    'the last hook of an Application failed, which is synced and healthy otherwise',
    () => {
      change('Application', 'ollama', application(FAILED_PROOF, 'Synced'));
      change('Job', 'prover', {
        kind: 'Job',
        metadata: { name: 'prover', namespace: 'ollama' },
        status: {
          conditions: [{ type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' }],
        },
      });
      for (const [name, creationTimestamp] of [
        ['prover-new', '2026-02-02T00:00:00Z'],
        ['prover-old', '2026-01-01T00:00:00Z'],
      ] as const) {
        change('Pod', name, {
          kind: 'Pod',
          metadata: {
            name,
            namespace: 'ollama',
            creationTimestamp,
            labels: { 'batch.kubernetes.io/job-name': 'prover' },
          },
          status: { phase: 'Failed', containerStatuses: [{ name: 'prove', state: { terminated: {} } }] },
        });
        world.tools.logs.set(`${name}/prove`, `asking\n${name}: NOT PROVEN: no answer\n\n`);
      }
    },
    'applications',
    /\(Job prover failed: Job has reached the specified backoff limit; its log ends with: prover-new: NOT PROVEN: no answer\)/,
    /diagnose --fix/,
  ],
  [
    'the last hook of an Application failed, and is deleted',
    () => change('Application', 'ollama', application(FAILED_PROOF, 'Synced')),
    'applications',
    /\(Job prover failed: Job has failed\); Argo CD has given up/,
    /diagnose --fix/,
  ],
  [
    'the last hook of an Application failed before its container started',
    () => {
      change('Application', 'ollama', application(FAILED_PROOF, 'Synced'));
      const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' };
      change('Pod', 'prover-new', {
        kind: 'Pod',
        metadata: { name: 'prover-new', namespace: 'ollama', labels: { 'batch.kubernetes.io/job-name': 'prover' } },
        status: { phase: 'Pending', containerStatuses: [{ name: 'prove', state: { waiting } }] },
      });
    },
    'applications',
    /\(Job prover failed: Job has failed; its container waits: ImagePullBackOff: Back-off pulling image "x"\)/,
    /diagnose --fix/,
  ],
  [
    'an Application is degraded after a successful sync',
    () => {
      change('Application', 'ollama', {
        ...application({ phase: 'Succeeded', message: 'successfully synced (all tasks run)' }, 'Synced', 'Degraded'),
      });
      editStatus('Gateway', 'ollama-gateway', {
        conditions: [{ type: 'Programmed', status: 'False', message: 'no address is assigned' }],
      });
    },
    'applications',
    /ollama: Degraded, Synced \(Gateway ollama-gateway: Programmed is False: no address is assigned\)$/,
    /describe application ollama/,
  ],
  [
    'the source of an Application cannot be read',
    () =>
      change('Application', 'ollama', {
        kind: 'Application',
        metadata: { name: 'ollama', namespace: 'argocd' },
        spec: { project: 'ollama-workload' },
        status: {
          conditions: [
            { type: 'OrphanedResourceWarning', message: 'not this' },
            { type: 'ComparisonError', message: 'failed to fetch chart:\n  not found' },
          ],
          sync: { status: 'Unknown' },
          health: { status: 'Healthy' },
        },
      }),
    'applications',
    /^ollama: Healthy, Unknown \(ComparisonError: failed to fetch chart: not found\)$/,
    /describe application ollama/,
  ],
  [
    'the certificate of a listener does not exist',
    () => {
      change('Application', 'ollama', application({ phase: 'Running' }, 'Synced', 'Degraded'));
      editStatus('Gateway', 'ollama-gateway', {
        conditions: [
          { type: 'Accepted', status: 'True' },
          { type: 'Programmed', status: 'True' },
        ],
        listeners: [
          {
            name: 'https',
            conditions: [
              { type: 'Accepted', status: 'True' },
              { type: 'Conflicted', status: 'False', message: 'no errors found' },
              { type: 'ResolvedRefs', status: 'False', message: 'secret ollama-gateway-tls not found' },
            ],
          },
        ],
      });
    },
    'applications',
    /\(Gateway ollama-gateway listener https: ResolvedRefs is False: secret ollama-gateway-tls not found\)$/,
    /describe application ollama/,
  ],
  [
    'the Secret of the load balancer controller was deleted',
    () => world.tools.fields.delete('secret/aws-load-balancer-tls'),
    'controller-certificate',
    /Secret aws-load-balancer-tls does not exist: changes of TargetGroupBindings are refused/,
    /diagnose --fix/,
  ],
  [
    'its Secret was created again, with another authority',
    () => world.tools.fields.set('secret/aws-load-balancer-tls', 'Q0EgMg=='),
    'controller-certificate',
    /mutatingwebhookconfiguration \S+ has another authority than Secret \S+; validatingwebhookconfiguration/,
    /diagnose --fix/,
  ],
  [
    'one webhook has another authority',
    () =>
      change('ValidatingWebhookConfiguration', 'aws-load-balancer-webhook', {
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'aws-load-balancer-webhook' },
        webhooks: [{ clientConfig: { caBundle: 'Q0EgMQ==' } }, { clientConfig: {} }],
      }),
    'controller-certificate',
    /^validatingwebhookconfiguration \S+ has another authority/,
    /diagnose --fix/,
  ],
];

test.each(FAULTS)('%s: exit code 6, with the cause and the remedy', async (_, happens, id, cause, remedy) => {
  happens();
  const { code, out } = await world.run('--json', 'diagnose');
  const found = (JSON.parse(out) as Findings).findings.find((finding) => finding.id === id);
  expect(found).toMatchObject({
    status: 'fail',
    detail: expect.stringMatching(cause),
    remedy: expect.stringMatching(remedy),
  });
  expect(code).toBe(6);
});

describe('with --fix', () => {
  const commands = () => world.tools.lines('kubectl').filter((line) => /^(patch|delete)/.test(line));
  const fix = (...flags: string[]) => world.run('diagnose', '--fix', ...flags);

  test('a sync that Argo CD has given up on is started again', async () => {
    change('Application', 'ollama', application(GIVEN_UP));
    expect(await fix('--yes')).toMatchObject({
      code: 0,
      err: expect.stringContaining('done: start the sync of ollama again'),
    });
    const found = world.tools.objects.find(
      ({ kind, metadata }) => kind === 'Application' && metadata.name === 'ollama',
    );
    expect(found).not.toHaveProperty('status.operationState');
    expect(found).toMatchObject({
      operation: {
        initiatedBy: { username: 'ollama-eks' },
        sync: { prune: true, syncOptions: ['ServerSideApply=true'] },
        retry: { limit: 11 },
      },
    });
  });

  test('Applications are found and repaired in the namespace that the project sets', async () => {
    const root = { name: 'ollama-root', namespace: 'gitops' };
    const stack = join(world.directory, 'cdktf.out/stacks/infra/cdk.tf.json');
    writeFileSync(stack, JSON.stringify({ resource: { helm_release: { root } } }));
    const failed = application(GIVEN_UP) as KubernetesObject;
    change('Application', 'ollama', { ...failed, metadata: { ...failed.metadata, namespace: 'gitops' } });
    expect((await fix('--yes')).err).toContain('done: start the sync of ollama again');
    expect(commands()).toEqual([expect.stringMatching(/^patch applications\.argoproj\.io ollama --namespace gitops /)]);
  });

  test('a sync of an older source is ended', async () => {
    const older = { phase: 'Running', operation: { sync: { source: { targetRevision: 'v0' } } } };
    change('Application', 'ollama', application(older));
    expect((await fix('--yes')).code).toBe(0);
    expect(
      world.tools.objects.find(({ kind, metadata }) => kind === 'Application' && metadata.name === 'ollama'),
    ).toMatchObject({
      status: { operationState: { phase: 'Terminating' } },
    });
  });

  test("the controller's certificate is deleted in one call with what must match it", async () => {
    world.tools.fields.set('secret/aws-load-balancer-tls', 'Q0EgMg==');
    expect((await fix('--yes')).code).toBe(0);
    expect(commands()).toEqual([
      'delete secret/aws-load-balancer-tls mutatingwebhookconfiguration/aws-load-balancer-webhook ' +
        'validatingwebhookconfiguration/aws-load-balancer-webhook --namespace kube-system --ignore-not-found',
    ]);
  });

  test('the certificate of a controller that our Argo CD did not install is left alone', async () => {
    const { objects } = world.tools;
    world.tools.objects = objects.filter(({ metadata }) => metadata.name !== 'aws-load-balancer-controller');
    world.tools.fields.set('secret/aws-load-balancer-tls', 'Q0EgMg==');
    expect(await fix('--yes')).toMatchObject({
      code: 6,
      out: expect.stringContaining('helm --namespace kube-system get manifest'),
    });
    expect(commands()).toEqual([]);
  });

  test.each([
    ['with --dry-run', ['--dry-run'], 6, 'would start the sync of ollama again'],
    ['unless it is confirmed', [], 2, '--yes'],
  ])('nothing is changed %s', async (_, flags, wanted, words) => {
    change('Application', 'ollama', application(GIVEN_UP));
    const { code, err } = await fix(...flags);
    expect({ code, err }).toEqual({ code: wanted, err: expect.stringContaining(words) });
    expect(commands()).toEqual([]);
  });

  test('what cannot be repaired still fails', async () => {
    change('Application', 'ollama', application(GIVEN_UP));
    change('Gateway', 'ollama-gateway', undefined);
    expect(await fix('--yes')).toMatchObject({ code: 6, err: expect.stringContaining('diagnose failed: gateway') });
  });

  test('nothing is changed in a sound cluster', async () => {
    expect((await fix('--yes')).code).toBe(0);
    expect(commands()).toEqual([]);
  });
});
