import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesOf, notReady } from '../../src/status/watch';
import type { StatusResult } from '../../src/status/status-result';
import { meshObjects, serverPod, World } from '../day2/world';

const SOUND: StatusResult = {
  cluster: 'ollama',
  region: 'us-west-2',
  stacks: [{ name: 'infra', resources: 7 }],
  applications: [{ name: 'ollama', settled: true, health: 'Healthy', sync: 'Synced', causes: [] }],
  nodes: [{ name: 'node-1', instanceType: 'g5.xlarge', ready: true }],
  mesh: { pods: 3, readyPods: 3, faults: [] },
  servers: [{ name: 'ollama', replicas: 2, readyReplicas: 2 }],
  costToday: { usd: 1, unpriced: [] },
  unread: [],
};

test('a change is named with its old and its new state; the cost is none', () => {
  const now: StatusResult = {
    ...SOUND,
    nodes: [{ name: 'node-2', ready: false }],
    servers: [{ name: 'ollama', replicas: 2, readyReplicas: 1 }],
    costToday: { usd: 2, unpriced: [] },
  };
  expect(changesOf(SOUND, now)).toEqual([
    'nodes node-2: unknown type, not ready',
    'model ollama: 2 of 2 ready → 1 of 2 ready',
    'nodes node-1: g5.xlarge, ready → gone',
  ]);
  expect(changesOf(SOUND, SOUND)).toEqual([]);
});

test.each<[string, Partial<StatusResult>]>([
  ['nodes cannot be read', { unread: [{ section: 'nodes', problem: 'forbidden', exitCode: 3 }] }],
  ['stack infra', { stacks: [{ name: 'infra', resources: 0 }] }],
  ['Application ollama', { applications: [{ name: 'ollama', settled: false, health: '', sync: '', causes: [] }] }],
  ['node node-1', { nodes: [{ name: 'node-1', ready: false }] }],
  ['ztunnel is down', { mesh: { pods: 1, readyPods: 0, faults: [{ problem: 'ztunnel is down', remedy: '' }] } }],
  [
    'no server exists',
    { servers: [], models: [{ pool: 'gpu', name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }] },
  ],
  ['servers ollama', { servers: [{ name: 'ollama', replicas: 2, readyReplicas: 1 }] }],
  ['Job a failed', { proof: { state: 'failed', detail: 'Job a failed' } }],
])('not ready: %s', (problem, part) => {
  expect(notReady({ ...SOUND, ...part })).toEqual([problem]);
  expect(notReady(SOUND)).toEqual([]);
});

describe('status --watch', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.synthesized();
    writeFileSync(join(world.directory, 'cdktf.json'), JSON.stringify({ output: 'cdktf.out' }));
    world.tools.objects = [serverPod('ollama-0', false), ...meshObjects()];
  });
  afterEach(() => {
    world.remove();
  });

  it('prints the status, then each change, and ends with exit code 6 on Ctrl-C if something is not ready', async () => {
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits === 2) world.tools.objects = world.tools.objects.filter(({ kind }) => kind !== 'Pod');
      if (waits === 4) world.interrupt.abort();
    };
    const { code, out, err } = await world.run('status', '--watch');
    expect(code).toBe(6);
    expect(err).toMatch(/^error: not ready at the end: /m);
    expect(err).not.toContain('interrupted');
    const [, ...lines] = out.trimEnd().split(/\n(?=\d\d:)/);
    expect(lines).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\dZ mesh istio-system: 0 of 1 pod ready → 0 of 0 pods ready$/),
      expect.stringMatching(/^\d\d:\d\d:\d\dZ mesh fault: .* → gone$/),
    ]);
  });

  it('is a screen of its own on a terminal, and leaves the last reading on the other one', async () => {
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits === 1) world.tools.objects = [serverPod('ollama-0'), ...meshObjects()];
      if (waits === 3) world.interrupt.abort();
    };
    world.isTerminal = true;
    world.now = () => Date.parse('2026-01-01T07:12:31Z');
    const { out } = await world.run('status', '--watch');
    const [before, opened = '', ...again] = out.split('\u001b[?1049h');
    expect([before, again]).toEqual(['', []]);
    const [screens = '', left = ''] = opened.split('\u001b[?1049l');
    const [nothing, ...readings] = screens.split('\u001b[H\u001b[2J');
    expect(nothing).toBe('');
    expect(readings.map((text) => text.split('\n').at(-2))).toEqual(
      ['07:12:31Z', '07:12:46Z', '07:13:01Z'].map((time) => `at ${time}; Ctrl-C ends this`),
    );
    expect(readings[2]?.startsWith(left.trimEnd())).toBe(true);
    expect(left).toMatch(/^ollama in us-west-2\n/);
    expect(left).not.toContain('\u001b');
  });

  /** How often each program was started for three readings. */
  const starts = async (): Promise<Readonly<Record<string, number>>> => {
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits === 3) world.interrupt.abort();
    };
    await world.run('status', '--watch');
    const lines = [...world.tools.lines('terraform'), ...world.tools.lines('aws')];
    const count = (word: string): number => lines.filter((line) => line.includes(word)).length;
    return { init: count(' init '), list: count(' state list'), kubeconfig: count('update-kubeconfig') };
  };

  it('initializes stacks and fetches the access to the cluster once, and then only reads', async () => {
    world.tools.other.set('terraform', () => 'aws_vpc.main\n');
    expect(await starts()).toEqual({ init: 1, list: 3, kubeconfig: 1 });
  });

  it('opens everything again after a reading that failed', async () => {
    world.tools.other.set('terraform', () => 'aws_vpc.main\n');
    world.tools.failing('kubectl', 'dial tcp: lookup gone.eks.amazonaws.com: no such host');
    expect(await starts()).toEqual({ init: 3, list: 3, kubeconfig: 3 });
  });

  it.each(['--json', '--timings'])('is refused with %s', async (flag) => {
    const { code, err } = await world.run('status', '--watch', flag);
    expect([code, err]).toEqual([2, `error: --watch and ${flag} exclude each other; choose one\n`]);
  });
});
