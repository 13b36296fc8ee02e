import { EndpointEmulator } from '../../../test/emulators/endpoint';
import { Site } from './scale-site';
import { ALIAS, CONTEXT, serverPod } from './world';

let site: Site;
let server: EndpointEmulator;

beforeEach(async () => {
  site = new Site();
  server = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }] }).start();
  site.world.tools.ports.set('*', server.port);
});

afterEach(async () => {
  await server.stop();
  site.world.remove();
});

/** What was changed, in order. */
const changes = () =>
  site.world.tools.calls
    .map(({ args }) => args.join(' '))
    .filter((line) => /(^| )(scale|eks update-nodegroup-config) /.test(line))
    .map((line) => line.replace(/^--.*(?=scale )/, ''));

test('status: prints one line per pool, without the system nodes', async () => {
  const { code, out } = await site.world.run('scale', 'status');
  expect(code).toBe(0);
  expect(out).toMatch(/gpu +g5.12xlarge +1 of 1 \(at most 2\) +1 of 1 +ready/);
  expect(out).not.toContain('system');
  expect(JSON.parse((await site.world.run('--json', 'scale', 'status')).out)).toMatchObject({
    pools: [{ pool: 'gpu', state: 'ready', problems: [] }],
  });
});

test('zero: stops servers first, then nodes, and changes nothing the second time', async () => {
  const { code, out, err } = await site.world.run('scale', 'zero');
  expect(code).toBe(0);
  expect(changes()).toEqual([
    'scale deployment ollama --namespace ollama --replicas=0',
    expect.stringMatching(/--nodegroup-name gpu-abc --scaling-config desiredSize=0/),
  ]);
  expect(out).toMatch(/no servers, no GPU nodes/);
  expect(err).toMatch(/wait +scale: servers gone \(gpu: stopping\)/);
  await site.world.run('scale', 'zero');
  expect(changes()).toHaveLength(2);
});

test('zero: does not wait for an evicted server, which is listed until someone deletes it', async () => {
  const evicted = { ...serverPod('ollama-evicted', false), status: { phase: 'Failed', reason: 'Evicted' } };
  site.step = () => {
    site.follow();
    site.world.tools.objects.push(evicted);
  };
  site.step();
  expect((await site.world.run('scale', 'zero')).code).toBe(0);
  expect(changes().at(-1)).toContain('desiredSize=0');
  expect((await site.world.run('scale', 'status')).out).toMatch(/ zero\n$/);
});

test('zero: with a warm pool, nodes are gone once they are stopped, and stay', async () => {
  site.world.synthesized([{ preparedNodes: 1 }]);
  const stopped = {
    kind: 'Node',
    metadata: { name: 'node-1', labels: { 'ollama-eks/pool': 'gpu' } },
    spec: { taints: [{ key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' }] },
    status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
  };
  site.step = () => {
    site.follow();
    if (site.desired === 0) site.world.tools.objects.push(stopped);
  };
  const { code, out } = await site.world.run('scale', 'zero');
  expect([code, out]).toEqual([
    0,
    'gpu: no servers, no running GPU nodes; volumes and stopped nodes stay. To resume: ollama-eks scale resume\n',
  ]);
  expect((await site.world.run('scale', 'status')).out).toMatch(/0 of 0 .* zero\n$/);
});

test('resume: starts nodes and servers, and waits for an answer of a model', async () => {
  await site.world.run('scale', 'zero');
  const { code, out } = await site.world.run('scale', 'resume');
  expect([code, out]).toEqual([0, 'gpu: a model answers\n']);
  expect(changes().slice(2)).toEqual([
    expect.stringMatching(/desiredSize=1/),
    'scale deployment ollama --namespace ollama --replicas=1',
  ]);
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/chat']);
});

test('resume: records with the proof that models answer again', async () => {
  const labels = { 'app.kubernetes.io/name': 'ollama-model-prover' };
  const job = { kind: 'Job', metadata: { name: 'prover-1', namespace: 'ollama', labels } };
  const follow = site.step;
  site.step = () => {
    follow();
    site.world.tools.objects.push(job);
  };
  await site.world.run('scale', 'zero');
  expect((await site.world.run('scale', 'resume')).code).toBe(0);
  const patches = site.world.tools.lines('kubectl').filter((line) => line.startsWith('patch'));
  expect(patches).toEqual([
    expect.stringMatching(
      /^patch jobs\.batch prover-1 --namespace ollama .*\{"metadata":\{"annotations":\{"ollama-eks\/answered-at":"20/,
    ),
  ]);
});

test('resume: ends with exit code 6 if a ready server does not answer', async () => {
  server.faults.streamError = 'model failed to load';
  expect(await site.world.run('scale', 'resume')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/resume failed: chat/),
  });
});

const HOPELESS: readonly (readonly [string, () => void, number, RegExp])[] = [
  [
    'AWS has no capacity',
    () => {
      site.activities = [
        {
          StartTime: new Date(Date.now() + 3_600_000).toISOString(),
          StatusCode: 'Failed',
          StatusMessage: 'We currently do not have sufficient g5.12xlarge capacity (InsufficientInstanceCapacity)',
          Description: 'Launching',
        },
      ];
    },
    6,
    /node group gpu-abc: AWS has no capacity for g5.12xlarge now/,
  ],
  [
    'the quota is used up',
    () => {
      site.issues = [{ code: 'AsgInstanceLaunchFailures', message: 'VcpuLimitExceeded: limit of 0' }];
    },
    4,
    /raise the vCPU quota of g5.12xlarge, which ollama-eks doctor names/,
  ],
];

test.each(HOPELESS)('resume: %s: fails at once', async (_, break_, code, words) => {
  await site.world.run('scale', 'zero');
  break_();
  site.step = () => undefined;
  expect(await site.world.run('scale', 'resume')).toMatchObject({ code, err: expect.stringMatching(words) });
});

test('resume: ignores an old failure', async () => {
  site.activities = [
    { StartTime: '2020-01-01T00:00:00Z', StatusCode: 'Failed', Description: 'InsufficientInstanceCapacity' },
  ];
  await site.world.run('scale', 'zero');
  expect((await site.world.run('scale', 'resume')).code).toBe(0);
});

test('a wait ends with exit code 5, and reports what it waited for', async () => {
  site.step = () => undefined;
  const { code, err } = await site.world.run('scale', 'zero', '--timeout', '10');
  expect(code).toBe(5);
  expect(err).toMatch(/waited 10 min for servers gone \(gpu: stopping\); run ollama-eks diagnose/);
});

test('--dry-run changes nothing', async () => {
  expect((await site.world.run('--dry-run', 'scale', 'zero')).out).toBe('would scale to zero: gpu\n');
  expect(changes()).toEqual([]);
});

describe('zero, while a server ends a long stream', () => {
  const MINUTES = 10;
  let left: number;
  beforeEach(() => {
    left = MINUTES * 60_000;
    site.world.onWait = (milliseconds) => {
      left -= milliseconds;
      if (left <= 0) site.follow();
    };
  });

  it.each([[[]], [['--no-wait']]])('lowers no node before the server has ended, with %j', async (flags) => {
    let runningThen: boolean | undefined;
    const { aws } = site.world.tools;
    const update = aws.get('eks update-nodegroup-config');
    aws.set('eks update-nodegroup-config', (args, call) => {
      runningThen = left > 0;
      return update?.(args, call);
    });
    expect((await site.world.run('scale', 'zero', ...flags)).code).toBe(0);
    expect([runningThen, site.desired]).toEqual([false, 0]);
  });

  it('returns with --no-wait while the nodes are going', async () => {
    const { out } = await site.world.run('scale', 'zero', '--no-wait');
    expect(out).toMatch(/^gpu: no servers; GPU nodes are going, and cost money until they are gone/);
    expect(site.world.tools.objects.some(({ kind }) => kind === 'Node')).toBe(true);
  });
});

const WRONG: readonly (readonly [string, readonly string[], () => void, RegExp])[] = [
  ['a pool that does not exist', ['zero', '--pool', 'big'], () => undefined, /pool "big" does not exist; allowed: gpu/],
  ['more nodes than allowed', ['resume', '--nodes', '5'], () => undefined, /may have at most 2 nodes/],
  ['a minimum above zero', ['zero'], () => void (site.minimum = 1), /has a minimum of 1; set minSize of pool gpu to 0/],
  ['nodes that are not a number', ['resume', '--nodes', 'two'], () => undefined, /must be a whole number/],
];

test.each(WRONG)('%s is exit code 2', async (_, args, prepare, words) => {
  prepare();
  expect(await site.world.run('scale', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  expect(changes()).toEqual([]);
});

test('AWS refuses: exit code 3', async () => {
  site.world.tools.failing('aws', 'An error occurred (AccessDeniedException): not authorized');
  expect((await site.world.run('scale', 'zero')).code).toBe(3);
});
