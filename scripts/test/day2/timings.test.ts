import type { ServerStart } from '../../src/status/timings';
import { ToolError } from '../../src/program/tool-error';
import { serverPod, World } from './world';

const INSTANCE = 'i-0123456789abcdef0';

/** What Ollama logs at a load, as 0.32.15 does: the end twice. */
const SERVER_LOG = [
  'time=2026-11-29T08:05:02.000Z level=INFO source=llama_server.go:433 msg="starting llama-server" cmd="llama-server"',
  'load_tensors: loading model tensors, this can take a while... (load_mode = mmap)',
  'time=2026-11-29T08:05:22.500Z level=INFO source=llama_server.go:1362 msg="llama-server started in 20.50 seconds"',
  'time=2026-11-29T08:05:22.501Z level=INFO source=llama_server.go:1362 msg="llama-server started in 20.50 seconds"',
  // Later than the start.
  'time=2026-11-29T09:00:00.000Z level=INFO source=llama_server.go:433 msg="starting llama-server" cmd="llama-server"',
  'time=2026-11-29T09:09:00.000Z level=INFO source=llama_server.go:1362 msg="llama-server started in 540.00 seconds"',
];

const SIDECAR_LOG = [
  '2026-11-29T08:04:00Z waiting for the server',
  '2026-11-29T08:04:01Z pulling qwen3-coder:30b',
  '2026-11-29T08:04:31Z error[pull-failed]: pull of qwen3-coder:30b failed: timeout',
  '2026-11-29T08:04:41Z pulling qwen3-coder:30b',
  '2026-11-29T08:05:01Z pulled qwen3-coder:30b with digest 0123',
  '2026-11-29T08:05:24Z every model is loaded and has answered',
  '2026-11-29T08:59:59Z a model is listed, but its process is gone: requesting it',
];

let world: World;
let pod: ReturnType<typeof startedPod>;

beforeEach(() => {
  world = new World();
  world.synthesized([{ pullSeconds: 35, coldLoadSeconds: 19 }]);
  pod = startedPod();
  const node = {
    kind: 'Node',
    metadata: {
      name: 'node-1',
      creationTimestamp: '2026-11-29T08:01:40Z',
      labels: { 'ollama-eks/pool': 'gpu' },
    },
    spec: { providerID: `aws:///us-west-2a/${INSTANCE}` },
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-29T08:02:00Z' }] },
  };
  world.tools.objects = [pod, node];
  world.tools.logs.set('ollama-0/ollama', SERVER_LOG.join('\n'));
  world.tools.logs.set('ollama-0/models', SIDECAR_LOG.join('\n'));
  const group = {
    nodegroupName: 'gpu-abc',
    status: 'ACTIVE',
    instanceTypes: ['g5.12xlarge'],
    labels: { 'ollama-eks/pool': 'gpu' },
    scalingConfig: { minSize: 0, maxSize: 1, desiredSize: 1 },
    resources: { autoScalingGroups: [{ name: 'eks-gpu-abc' }] },
  };
  world.tools.aws.set('eks list-nodegroups', () => ({ nodegroups: ['gpu-abc'] }));
  world.tools.aws.set('eks describe-nodegroup', () => ({ nodegroup: group }));
  launches(INSTANCE);
});

afterEach(() => world.remove());

function launches(instance: string): void {
  const activity = {
    StartTime: '2026-11-29T08:00:02.118000+00:00',
    StatusCode: 'Successful',
    Description: `Launching a new EC2 instance: ${instance}`,
  };
  const end = { ...activity, Description: `Terminating EC2 instance: ${instance}`, StartTime: '2026-11-29T09:00:00Z' };
  world.tools.aws.set('autoscaling describe-scaling-activities', () => ({ Activities: [end, activity] }));
}

/** A pod that waited for a node. */
function startedPod() {
  const condition = (type: string, lastTransitionTime: string) => ({ type, status: 'True', lastTransitionTime });
  const running = (name: string, startedAt: string) => ({
    name,
    ready: true,
    restartCount: 0,
    state: { running: { startedAt } },
  });
  const conditions = [
    condition('PodScheduled', '2026-11-29T08:02:50Z'),
    condition('PodReadyToStartContainers', '2026-11-29T08:03:05Z'),
    condition('Ready', '2026-11-29T08:05:26Z'),
  ];
  const base = serverPod();
  return {
    ...base,
    metadata: { ...base.metadata, creationTimestamp: '2026-11-29T07:00:00Z' },
    status: {
      phase: 'Running',
      conditions,
      containerStatuses: [running('ollama', '2026-11-29T08:04:00Z')],
      initContainerStatuses: [running('models', '2026-11-29T08:04:00Z')],
    },
  };
}

/** Seconds, or the note, of each stage. */
async function stages(): Promise<Record<string, number | string | undefined>> {
  const { code, out } = await world.run('status', '--timings', '--json');
  expect(code).toBe(0);
  const { starts } = JSON.parse(out) as { starts: ServerStart[] };
  return Object.fromEntries((starts[0]?.stages ?? []).map(({ stage, seconds, note }) => [stage, seconds ?? note]));
}

test('every stage of the last start is shown next to the planned one', async () => {
  const { code, out } = await world.run('status', '--timings');
  expect(code).toBe(0);
  expect(out.trimEnd().split('\n')).toEqual([
    'last start of ollama-0 (pool gpu, g5.12xlarge), in seconds',
    'stage               took  planned',
    'node                168   175',
    'volume and network  15    15',
    "Ollama's image      55    60",
    'pull of the models  60    35',
    'load into the GPUs  21    19',
    'first answers       4     5',
    'all                 322   309',
  ]);
});

test('a node of a warm pool counts from its last start, and is planned with less', async () => {
  world.synthesized([{ pullSeconds: 35, coldLoadSeconds: 19, preparedNodes: 1 }]);
  const activity = (Description: string, StartTime: string) => ({ Description, StartTime, StatusCode: 'Successful' });
  const Activities = [
    activity(`Launching a new EC2 instance from warm pool: ${INSTANCE}`, '2026-11-29T08:01:00Z'),
    activity(`Launching a new EC2 instance into warm pool: ${INSTANCE}`, '2026-11-28T06:00:00Z'),
  ];
  world.tools.aws.set('autoscaling describe-scaling-activities', () => ({ Activities }));
  const { out } = await world.run('status', '--timings', '--json');
  const { starts } = JSON.parse(out) as { starts: ServerStart[] };
  expect(starts[0]?.stages).toMatchObject([
    { stage: 'node', seconds: 110, plannedSeconds: 110 },
    {},
    { stage: 'image', plannedSeconds: 0 },
    {},
    {},
    {},
  ]);
});

test('JSON names nothing of the account', async () => {
  const { out } = await world.run('status', '--timings', '--json');
  expect(JSON.parse(out)).toMatchObject({
    starts: [{ pool: 'gpu', instanceType: 'g5.12xlarge', models: ['qwen3-coder:30b'], seconds: 322 }],
  });
  expect(out).not.toMatch(new RegExp(`${INSTANCE}|node-1|"ollama"|us-west-2|eks-gpu`));
});

test('models that are on the volume are not pulled', async () => {
  world.tools.logs.set('ollama-0/models', SIDECAR_LOG.filter((line) => !line.includes('pull')).join('\n'));
  expect(await stages()).toMatchObject({ pull: 0, load: 20.5, answer: 63.5 });
  expect((await world.run('status', '--timings')).out).toMatch(
    /^pull of the models +0 +0 +the models were on the volume$/m,
  );
});

test('a server that was created after its node was ready', async () => {
  pod.metadata.creationTimestamp = '2026-11-29T08:02:45Z';
  expect(await stages()).toMatchObject({ node: 117.9 });
  pod.metadata.creationTimestamp = '2026-11-29T08:12:45Z';
  expect(await stages()).toMatchObject({ node: 0 });
});

describe('a stage that cannot be known says why', () => {
  test.each<[string, () => void, Record<string, unknown>]>([
    ['before a node exists', () => Object.assign(pod.status, pending()), { node: 'no node yet' }],
    [
      'when Auto Scaling has forgotten the launch',
      () => launches('i-0ffffffffffffffff'),
      { node: 'Auto Scaling no longer lists the launch of the instance', attach: 15 },
    ],
    [
      'without the permission to read the activities',
      () => {
        world.tools.aws.set('autoscaling describe-scaling-activities', () => {
          throw new ToolError('aws', 254, 'aws: exit code 254', 'AccessDenied');
        });
      },
      { node: 'the activities of the Auto Scaling group cannot be read', attach: 15 },
    ],
    [
      'when the sidecar has restarted',
      () => Object.assign(pod.status.initContainerStatuses[0] ?? {}, { restartCount: 1 }),
      { attach: 15, image: 'a container has restarted since', load: 'a container has restarted since' },
    ],
    [
      'when the server has restarted',
      () => Object.assign(pod.status.containerStatuses[0] ?? {}, { restartCount: 2 }),
      { image: 55, pull: 'a container has restarted since', answer: 'a container has restarted since' },
    ],
    [
      'when the log has been rotated',
      () => world.tools.logs.set('ollama-0/models', SIDECAR_LOG.slice(-1).join('\n')),
      { pull: 'the log no longer goes back to the start', answer: 'the log no longer goes back to the start' },
    ],
    [
      "when only the server's log has been rotated",
      () => world.tools.logs.set('ollama-0/ollama', SERVER_LOG.slice(-1).join('\n')),
      { pull: 60, load: 'the log no longer goes back to the start' },
    ],
    [
      'while models are loaded',
      () => {
        pod.status.conditions.pop();
        world.tools.logs.set('ollama-0/models', SIDECAR_LOG.slice(0, 5).join('\n'));
      },
      { image: 55, pull: 'not over yet', load: 'not over yet', answer: 'not over yet' },
    ],
    [
      'when a Job pulled the models',
      () =>
        world.tools.logs.set(
          'ollama-0/models',
          ['2026-11-29T08:04:01Z error[pull-awaited]: m is missing', ...SIDECAR_LOG.slice(-2)].join('\n'),
        ),
      { pull: 'a Job pulled the models: its log has the times', load: 20.5 },
    ],
    [
      'when the kubelet does not record the sandbox',
      () => pod.status.conditions.splice(1, 1),
      { attach: 'not over yet, or not recorded', image: 'its start was not recorded' },
    ],
  ])('%s', async (_, change, expected) => {
    change();
    expect(await stages()).toMatchObject(expected);
    expect((await world.run('status', '--timings')).out).toMatch(/^all +unknown +/m);
  });

  function pending() {
    return { phase: 'Pending', conditions: [], containerStatuses: [], initContainerStatuses: [] };
  }
});

test('without a server, the remedy is shown', async () => {
  world.tools.objects = [];
  const { code, out } = await world.run('status', '--timings');
  expect({ code, out }).toEqual({ code: 0, out: 'no server has a pod: ollama-eks scale resume starts them\n' });
});
