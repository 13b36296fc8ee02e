import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Findings } from '../../src/checks/findings';
import { ToolError } from '../../src/program/tool-error';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { certificate, soundWorld } from './sound-cluster';
import { ALIAS, CONTEXT, KEY, serverPod, type World } from './world';

let world: World;
let kong: EndpointEmulator;
const ENDING = certificate(3);

beforeEach(async () => {
  world = soundWorld();
  kong = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }], apiKey: KEY }).start();
  world.environment = { ...world.environment, OLLAMA_EKS_URL: kong.url, OLLAMA_EKS_API_KEY: KEY };
});

afterEach(async () => {
  await kong.stop();
  world.remove();
});

async function diagnose(): Promise<{ code: number; findings: Findings }> {
  const { code, out } = await world.run('--json', 'diagnose');
  return { code, findings: JSON.parse(out) as Findings };
}

/** Replaces an object, or removes it. */
function change(kind: string, name: string, to: object | undefined): void {
  const others = world.tools.objects.filter((object) => object.kind !== kind || object.metadata.name !== name);
  world.tools.objects = [...others, ...(to === undefined ? [] : [to as KubernetesObject])];
}

function pod(status: object): void {
  change('Pod', 'ollama-0', serverPod('ollama-0', false, { status: { phase: 'Pending', ...status } }));
}

const unschedulable = (message: string) => () =>
  pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });

const sidecarSays = (line: string) => () => {
  change('Pod', 'ollama-0', serverPod('ollama-0', false));
  world.tools.logs.set('ollama-0/models', `2026-01-01T00:00:00Z pulling\n2026-01-01T00:00:01Z ${line}\n`);
};

const targetHealth = (State: string, Reason: string) => () =>
  world.tools.aws.set('elbv2 describe-target-health', () => ({
    TargetHealthDescriptions: [{ Target: { Id: '10.0.0.1', Port: 443 }, TargetHealth: { State, Reason } }],
  }));

test('finds nothing wrong in a healthy cluster; without a Konnect token, skips and counts that check', async () => {
  const { code, findings } = await diagnose();
  expect(findings.findings.filter(({ status }) => status !== 'ok').map(({ id, detail }) => [id, detail])).toEqual([
    ['konnect', 'no token: set KONNECT_TOKEN'],
  ]);
  expect(code).toBe(0);
});

const FAULTS: readonly (readonly [string, () => unknown, string, string, RegExp, RegExp])[] = [
  [
    'a volume in a different zone',
    unschedulable('0/3 nodes: 1 node(s) had volume node affinity conflict'),
    'pods',
    'fail',
    /volume node affinity/,
    /a different zone/,
  ],
  [
    'no GPU is free',
    unschedulable('0/3 nodes: 3 Insufficient nvidia.com/gpu'),
    'pods',
    'fail',
    /Insufficient nvidia/,
    /scale status/,
  ],
  [
    'no node of the pool',
    unschedulable("0/2 nodes: 2 node(s) didn't match Pod's node affinity/selector"),
    'pods',
    'fail',
    /is not scheduled/,
    /its pool has no nodes: .*scale resume/,
  ],
  [
    'the image cannot be pulled',
    () =>
      pod({
        containerStatuses: [
          {
            name: 'ollama',
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } },
          },
        ],
      }),
    'pods',
    'fail',
    /container ollama is waiting: ImagePullBackOff: not found/,
    /describe pod ollama-0/,
  ],
  [
    'too little memory',
    () =>
      pod({
        containerStatuses: [
          { name: 'ollama', ready: false, restartCount: 4, lastState: { terminated: { reason: 'OOMKilled' } } },
        ],
      }),
    'pods',
    'fail',
    /ran out of memory, 4 restarts/,
    /logs --previous/,
  ],
  [
    'the device plugin is missing',
    () =>
      change('Node', 'node-1', {
        kind: 'Node',
        metadata: { name: 'node-1', labels: { 'ollama-eks/pool': 'gpu' } },
        status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: {} },
      }),
    'gpu-nodes',
    'fail',
    /offer no nvidia.com\/gpu/,
    /get daemonset/,
  ],
  [
    'the node is not ready',
    () =>
      change('Node', 'node-1', {
        kind: 'Node',
        metadata: { name: 'node-1', labels: { 'ollama-eks/pool': 'gpu' } },
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      }),
    'gpu-nodes',
    'fail',
    /not ready: node-1/,
    /describe node node-1/,
  ],
  [
    'the disk is full',
    sidecarSays('error[pull-gave-up]: gave up on x after 5 attempts: write: no space left on device'),
    'models',
    'fail',
    /no space left/,
    /cache.sizeGiB/,
  ],
  [
    'the model does not fit',
    sidecarSays('error[wrong-place]: x is 60%/40% CPU/GPU, not 100% GPU'),
    'models',
    'fail',
    /not 100% GPU/,
    /models inspect/,
  ],
  [
    'the tag does not exist',
    sidecarSays('error[pull-gave-up]: gave up on x after 5 attempts: pull model manifest: file does not exist'),
    'models',
    'fail',
    /does not exist/,
    /models check/,
  ],
  [
    'the registry cannot be reached',
    sidecarSays('error[pull-failed]: Abruf von x: kein Anschluss'),
    'models',
    'fail',
    /kein Anschluss/,
    /HTTPS/,
  ],
  [
    'the sidecar is of another release',
    sidecarSays('error[out-of-luck]: x is unlucky'),
    'models',
    'fail',
    /x is unlucky/,
    /logs --container models ollama-0/,
  ],
  [
    'the sidecar only mentions an error',
    sidecarSays('an error was mended'),
    'models',
    'warn',
    /pulled or loaded/,
    /logs/,
  ],
  ['a pull is under way', sidecarSays('12 MiB on disk'), 'models', 'warn', /being pulled or loaded/, /logs --follow/],
  [
    'the disk is nearly full',
    () => world.tools.exec.set('df', () => 'Use%\n 98%\n'),
    'disks',
    'fail',
    /98 %/,
    /enlarge/,
  ],
  [
    'a volume is not bound',
    () =>
      change('PersistentVolumeClaim', 'm', {
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'm', namespace: 'ollama' },
        status: { phase: 'Pending' },
      }),
    'volumes',
    'warn',
    /not bound: m/,
    /describe persistentvolumeclaim m/,
  ],
  [
    'no mesh',
    () => change('Pod', 'ztunnel-x', undefined),
    'mesh',
    'fail',
    /namespace istio-system has no pods/,
    /status/,
  ],
  [
    'no gateway',
    () => change('Gateway', 'ollama-gateway', undefined),
    'gateway',
    'fail',
    /Gateway \S+ does not exist/,
    /status/,
  ],
  [
    'the gateway pods are gone',
    () => change('Pod', 'gw', undefined),
    'gateway',
    'fail',
    /no gateway pod is ready, of 0/,
    /describe pod/,
  ],
  [
    'the certificate expires',
    () => world.tools.fields.set('secret/ollama-gateway-tls', ENDING),
    'certificate',
    'warn',
    /expires in 2 days/,
    /deploy renews/,
  ],
  ['the certificate is gone', () => world.tools.fields.clear(), 'certificate', 'fail', /has no certificate/, /deploy/],
  [
    'no listener has a certificate',
    () =>
      change('Gateway', 'ollama-gateway', {
        kind: 'Gateway',
        metadata: { name: 'ollama-gateway', namespace: 'istio-ingress' },
        spec: { listeners: [] },
        status: { conditions: [{ type: 'Programmed', status: 'True' }] },
      }),
    'certificate',
    'fail',
    /no listener has a certificate/,
    /ollama-eks status/,
  ],
  [
    'no gateway has accepted a route',
    () => change('HTTPRoute', 'new', { kind: 'HTTPRoute', metadata: { name: 'new', namespace: 'ollama' }, spec: {} }),
    'gateway',
    'fail',
    /HTTPRoute new: no gateway has accepted it/,
    /describe httproute new/,
  ],
  [
    'the cluster has no node group',
    () => world.tools.aws.set('eks list-nodegroups', () => ({ nodegroups: [] })),
    'node-groups',
    'fail',
    /no node group with servers/,
    /--cluster/,
  ],
  [
    'targets are unhealthy',
    targetHealth('unhealthy', 'Target.FailedHealthChecks'),
    'targets',
    'fail',
    /10.0.0.1:443 Target.FailedHealthChecks/,
    /security group/,
  ],
  [
    'the key is wrong',
    () => (world.environment['OLLAMA_EKS_API_KEY'] = 'oek_wrong_0000000'),
    'endpoint',
    'fail',
    /401/,
    /consumers list/,
  ],
  [
    'the team has used its requests',
    () => Object.assign(kong.faults, { status: 429, message: 'API rate limit exceeded' }),
    'endpoint',
    'fail',
    /429/,
    /^the team has used its requests: .* consumers limit TEAM --per-minute NUMBER/,
  ],
  [
    'all servers are busy',
    () => (kong.faults.status = 429),
    'endpoint',
    'fail',
    /429/,
    /^all servers are busy: .*raise parallel or replicas/,
  ],
  ['Kong cannot reach the load balancer', () => (kong.faults.status = 504), 'endpoint', 'fail', /504/, /load balancer/],
  [
    'the quota is used up',
    () =>
      world.tools.aws.set('eks describe-nodegroup', () => ({
        nodegroup: {
          nodegroupName: 'gpu-abc',
          status: 'DEGRADED',
          instanceTypes: ['g5.12xlarge'],
          labels: { 'ollama-eks/pool': 'gpu' },
          scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 1 },
          health: { issues: [{ code: 'AsgInstanceLaunchFailures', message: 'VcpuLimitExceeded' }] },
        },
      })),
    'node-groups',
    'fail',
    /VcpuLimitExceeded/,
    /raise the vCPU quota/,
  ],
];

test.each(FAULTS)('%s', async (_, break_, id, status, detail, remedy) => {
  break_();
  const { code, findings } = await diagnose();
  const found = findings.findings.find((finding) => finding.id === id);
  expect(found).toMatchObject({ status, detail: expect.stringMatching(detail), remedy: expect.stringMatching(remedy) });
  expect(code).toBe(status === 'fail' ? 6 : 0);
});

test('finds nothing in order in an empty cluster', async () => {
  world.tools.objects = [];
  world.tools.fields.clear();
  world.tools.aws.set('eks list-nodegroups', () => ({ nodegroups: [] }));
  kong.faults.closed = true;
  const { code, findings } = await diagnose();
  expect(findings.findings.filter(({ status }) => status === 'ok')).toEqual([]);
  expect(code).toBe(6);
});

test('skips Argo CD in a cluster without it', async () => {
  const run = world.tools.run.bind(world.tools);
  world.tools.run = async (tool, args, options) => {
    if (!args.includes('applications.argoproj.io')) return run(tool, args, options);
    throw new ToolError('kubectl', 1, 'exit code 1', 'error: the server doesn\'t have a resource type "applications"');
  };
  const { code, findings } = await diagnose();
  expect(findings.findings.find(({ id }) => id === 'applications')?.status).toBe('skipped');
  expect(code).toBe(0);
});

test('finds nothing wrong at zero, and shows how to resume', async () => {
  const { aws } = world.tools;
  const group = aws.get('eks describe-nodegroup');
  aws.set('eks describe-nodegroup', (args, call) => {
    const { nodegroup } = group?.(args, call) as { nodegroup: object };
    return { nodegroup: { ...nodegroup, scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 } } };
  });
  world.tools.objects = world.tools.objects.filter(
    ({ kind, metadata }) => kind !== 'Node' && metadata.name !== 'ollama-0',
  );
  const { code, findings } = await diagnose();
  expect(findings.counts.fail).toBe(0);
  expect(findings.findings.find(({ id }) => id === 'gpu-nodes')?.remedy).toBe('ollama-eks scale resume');
  expect(code).toBe(0);
});

test("does not read the gateway's private key, and prints no key", async () => {
  const { out, err } = await world.run('--verbose', 'diagnose');
  const lines = world.tools.lines('kubectl').filter((line) => line.includes('secret'));
  expect(lines.map((line) => line.replace(/.*--output /, ''))).toEqual([
    String.raw`jsonpath={.data.tls\.crt}`,
    String.raw`jsonpath={.data.ca\.crt}`,
  ]);
  expect(out + err + JSON.stringify(world.tools.calls)).not.toContain(KEY);
});
