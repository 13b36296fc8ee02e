import { TIMELINE } from '../../../test/emulators/konnect';
import { CliRig, GATEWAY, TOKEN, type RunEnd } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const KEY = /[A-Za-z0-9_-]{43}/;

describe('deploy and destroy', () => {
  let rig: CliRig;
  beforeEach(() => {
    rig = new CliRig();
  });
  afterEach(() => rig.dispose());

  it('deploy up to a verified answer, change nothing the second time, and leave nothing', async () => {
    const nothing = rig.snapshot();
    const first = await rig.deploy();
    expect({ code: first.code, err: first.err }).toMatchObject({ code: 0 });
    expect(first.out).toContain(`endpoint  ${GATEWAY}\nteam      default\nkey       `);
    const deployed = rig.snapshot();
    const writes = rig.writes;

    const second = await rig.deploy();
    expect(second.code).toBe(0);
    expect(rig.writes - writes).toBe(0);
    expect(rig.snapshot()).toEqual(deployed);
    expect(second.out).not.toMatch(/^key/m);

    const gone = await rig.destroy();
    expect({ code: gone.code, err: gone.err }).toMatchObject({ code: 0 });
    expect(gone.out).toContain('no leftovers found');
    expect(rig.snapshot()).toEqual(nothing);
    const after = rig.writes;
    expect((await rig.destroy()).code).toBe(0);
    expect(rig.writes - after).toBe(0);
  });

  it('show the steps with their minutes before anything starts', async () => {
    const { err } = await rig.deploy();
    expect(err).toMatch(/about 49 min \(81 min if run sequentially\)[^]*start {2}preflight/);
  });

  it('print their plan as JSON with --dry-run, and change nothing', async () => {
    const { code, out } = await rig.run(['deploy', '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ cluster: 'ollama-g5-12xlarge', minutes: 49, sequentialMinutes: 81 });
    expect(rig.writes).toBe(0);
    await rig.deploy();
    const writes = rig.writes;
    const down = await rig.run(['destroy', '--dry-run', '--json']);
    expect(JSON.parse(down.out)).toMatchObject({
      konnect: expect.any(Array),
      stacks: [{ stack: 'platform' }, { stack: 'infra' }],
    });
    expect(rig.writes).toBe(writes);
  });

  it('ask before they change anything, and proceed only on yes', async () => {
    expect(await rig.run(['deploy'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('stdin is not a terminal; pass --yes'),
    });
    const no = await rig.run(['deploy'], { answer: 'no' });
    expect(no).toMatchObject({ code: 0, err: expect.stringContaining('nothing was changed') });
    for (const answer of ['n', '', 'yesterday']) {
      expect((await rig.run(['deploy'], { answer })).err).toContain('nothing was changed');
    }
    expect(rig.writes).toBe(0);
    expect((await rig.run(['deploy'], { answer: 'y' })).code).toBe(0);
    expect((await rig.run(['deploy'], { answer: 'YES' })).code).toBe(0);
    const writes = rig.writes;
    const refused = await rig.run(['destroy']);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/network "ollama-g5-12xlarge" \([0-9a-f-]{36}\)/);
    expect(refused.err).toContain('aws_eks_cluster.cluster');
    expect(rig.writes).toBe(writes);
  });

  it('keep every secret out of output, files, arguments and environments of children', async () => {
    const ends = [await rig.deploy(), await rig.run(['-v', 'deploy', '--yes', '--json'])];
    const key = KEY.exec(/key {7}(.*)/.exec(ends[0]?.out ?? '')?.[1] ?? '')?.[0] ?? '';
    expect(key).toHaveLength(43);
    ends.push(await rig.run(['-v', 'destroy', '--yes', '--json']));
    const told = (end: RunEnd) => end.err + end.calls.join('\n');
    const said = [...ends.map(told), ...ends.slice(1).map(({ out }) => out), ...rig.files()].join('\n');
    expect(said).not.toContain(TOKEN);
    expect(said).not.toContain(key);
    expect(JSON.stringify(rig.children.map(({ args }) => args))).not.toMatch(new RegExp(`${TOKEN}|${key}`));
    const decks = rig.children.filter(({ tool }) => tool === 'deck');
    expect(new Set(decks.flatMap(({ env }) => Object.keys(env)))).toEqual(
      new Set([
        'DECK_ANALYTICS',
        'DECK_KONNECT_TOKEN',
        'DECK_OLLAMA_UPSTREAM_HOST',
        'DECK_OLLAMA_GATEWAY_HOSTNAME',
        'DECK_OLLAMA_CA_CERTIFICATE',
      ]),
    );
  });

  it('report what failed, what was not started, and how to continue, after minutes', async () => {
    rig.tools.stuck['ollama'] = 'exceeded quota: gpus';
    const started = rig.clock.now();
    const end = await rig.deploy();
    expect(end.code).toBe(6);
    expect(end.err).toContain('ollama: Progressing, OutOfSync (StatefulSet ollama: exceeded quota: gpus)');
    expect(end.err).toContain('not done: verify');
    expect(end.err).toContain('run the same command again');
    const applied = rig.tools.platformSince ?? started;
    expect((rig.clock.now() - applied) / 60_000).toBeLessThan(20); // Argo CD retries for more than an hour
    delete rig.tools.stuck['ollama'];
    expect((await rig.deploy()).code).toBe(0);
  });

  it.each(['argocd', 'helm'])('pass at night, and state that nothing is proven (%s)', async (delivery) => {
    const options = { env: { CDKTF_CONTEXT_JSON: JSON.stringify({ delivery }) } };
    rig.tools.servers = 0;
    const end = await rig.deploy(options);
    expect({ code: end.code, err: end.err }).toMatchObject({ code: 0 });
    expect(end.out).toMatch(/\n\nNOT PROVEN: servers are scaled to zero; ollama-eks scale resume starts them/);
    const again = await rig.run(['deploy', '--yes', '--json'], options);
    expect(JSON.parse(again.out)).toMatchObject({ proven: false });
    rig.tools.servers = 1;
    const day = await rig.run(['deploy', '--yes', '--json'], options);
    expect(JSON.parse(day.out)).toMatchObject({ proven: true });
  });

  it('pass when a schedule has stopped the nodes, which leaves the servers pending', async () => {
    rig.tools.aws.nodeGroups['gpu'] = { desiredSize: 0, maxSize: 3, minSize: 0, pool: 'gpu' };
    expect(JSON.parse((await rig.run(['deploy', '--yes', '--json'])).out)).toMatchObject({ proven: false });
    rig.tools.aws.nodeGroups['gpu'].desiredSize = 2;
    expect(JSON.parse((await rig.run(['deploy', '--yes', '--json'])).out)).toMatchObject({ proven: true });
  });

  it('report a chart that cannot be fetched, after minutes', async () => {
    rig.tools.unreadable['istio-base'] = 'Failed to load target state:\n  chart "base" not found';
    const end = await rig.deploy();
    expect(end.code).toBe(6);
    expect(end.err).toContain('(ComparisonError: Failed to load target state: chart "base" not found)');
    expect((rig.clock.now() - (rig.tools.platformSince ?? 0)) / 60_000).toBeLessThan(20);
    delete rig.tools.unreadable['istio-base'];
    expect((await rig.deploy()).code).toBe(0);
  });

  it('start what Argo CD has given up on again, once', async () => {
    rig.tools.stuck['ollama'] = 'exceeded quota: gpus';
    await rig.deploy();
    rig.tools.givenUp.push('ollama', 'ollama-root');
    const starts = () => rig.children.filter(({ args }) => args.includes('patch')).map(({ args }) => args.join(' '));
    expect(await rig.deploy()).toMatchObject({ code: 6, err: expect.stringContaining('its sync is started again') });
    expect(starts()).toHaveLength(2);
    expect(JSON.parse(/--patch (.*)$/.exec(starts()[0] ?? '')?.[1] ?? '')).toEqual({
      operation: { initiatedBy: { username: 'ollama-eks' }, sync: { prune: true }, retry: { limit: 11 } },
      status: { operationState: null },
    });
    delete rig.tools.stuck['ollama'];
    rig.tools.givenUp.push('ollama', 'ollama-root');
    expect((await rig.deploy()).code).toBe(0);
    expect(rig.tools.givenUp).toEqual([]);
  });

  it('end a sync of an older source, which would block the new one', async () => {
    rig.tools.olderSyncs.push('ollama-root', 'ollama');
    expect((await rig.deploy()).code).toBe(0);
    expect(rig.tools.olderSyncs).toEqual([]);
  });

  it('show a new key even if a later step failed', async () => {
    rig.tools.stuck['ollama'] = 'ImagePullBackOff';
    const end = await rig.deploy();
    expect(end.out).toMatch(/^key {7}[A-Za-z0-9_-]{43}$/m);
  });

  it('stop waiting at once when another step fails', async () => {
    rig.dispose();
    rig = new CliRig({ timeline: TIMELINE });
    const end = await rig.deploy({
      tool: ({ tool, args }) =>
        tool === 'terraform' && args.includes('apply') && args.join().includes('platform')
          ? { exitCode: 1, stdout: '', stderr: 'VcpuLimitExceeded: You have requested more vCPU capacity' }
          : undefined,
    });
    expect(end.code).toBe(4);
    expect(end.err).toContain('left   network: it continues by itself');
    expect(end.err).toContain('VcpuLimitExceeded');
  });

  it('accept the attachment by its id if the transit gateway does not', async () => {
    rig.konnect.world.behaviour.acceptance = 'manual';
    expect((await rig.deploy()).code).toBe(0);
    const accepting = rig.tools.stacks['infra']?.resources ?? [];
    expect(accepting).toContain('aws_ec2_transit_gateway_vpc_attachment_accepter.kong');
  });

  it('find volumes that the cluster left, and delete them only with --delete-volumes', async () => {
    await rig.deploy();
    rig.tools.aws.volumes.push({ VolumeId: 'vol-0123', Size: 200, State: 'available', cluster: 'ollama-g5-12xlarge' });
    rig.tools.aws.logGroups.push('/aws/eks/ollama-g5-12xlarge/cluster');
    rig.tools.aws.loadBalancers.push({
      arn: 'arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/net/x/1',
      cluster: 'ollama-g5-12xlarge',
    });
    const end = await rig.destroy();
    expect(end.code).toBe(6);
    for (const left of ['vol-0123', '/aws/eks/ollama-g5-12xlarge/cluster', 'loadbalancer/net/x/1'])
      expect(end.out + end.err).toContain(left);
    expect(end.out).toMatch(/volume +\$16\.00 +vol-0123/);
    expect(end.out).toMatch(/load balancer +\$16\.43 /);
    expect(end.out).toMatch(/log group +\$0\.06 /);
    expect(end.out).toContain('leftovers cost $32.48 a month at list prices, without Konnect and tax');
    rig.tools.aws.logGroups.length = 0;
    rig.tools.aws.loadBalancers.length = 0;
    expect((await rig.run(['destroy', '--yes', '--delete-volumes'])).code).toBe(0);
    expect(rig.tools.aws.volumes).toEqual([]);
  });

  it('find addresses, snapshots and keys; a key that is pending deletion costs nothing, and is not a failure', async () => {
    await rig.deploy();
    const cluster = 'ollama-g5-12xlarge';
    const key = (id: string) => `arn:aws:kms:us-west-2:111122223333:key/${id}`;
    const { addresses, snapshots, keys } = rig.tools.aws;
    keys.push({ arn: key('going'), state: 'PendingDeletion', deletion: '2026-12-29T02:00:00+00:00', cluster });
    keys.push({ arn: key('gone'), state: 'Deleted', cluster }); // tags are still found for a while
    const gone = await rig.destroy();
    expect([gone.code, gone.out]).toEqual([0, expect.stringContaining('destroyed; no leftovers found')]);
    expect(gone.out).toContain(`${key('going')} costs nothing until AWS deletes it on 2026-12-29`);
    keys.push({ arn: key('kept'), state: 'Enabled', cluster });
    addresses.push({ AllocationId: 'eipalloc-1', PublicIp: '203.0.113.7', cluster });
    snapshots.push({ SnapshotId: 'snap-1', VolumeSize: 100, cluster });
    const left = await rig.destroy();
    expect(left.code).toBe(6);
    for (const row of [/KMS key +\$1\.00 /, /address +\$3\.65 +eipalloc-1/, /snapshot +\$5\.00 +snap-1/])
      expect(left.out).toMatch(row);
    expect(left.out).toContain('leftovers cost $9.65 a month');
    const status = await rig.run(['status']);
    expect(status.out).toMatch(/leftovers +snapshot snap-1 +\$5\.00 a month/);
    expect(status.out).toMatch(/all, at list prices +\$9\.65 a month/);
  });

  it('do not treat a state that cannot be read as empty', async () => {
    await rig.deploy();
    const end = await rig.destroy({
      tool: ({ args }) =>
        args[1] === 'state'
          ? { exitCode: 1, stdout: '', stderr: 'Error: Failed to load state: AccessDenied' }
          : undefined,
    });
    expect(end).toMatchObject({ code: 3, err: expect.stringContaining('cannot read the state') });
    expect(rig.tools.stacks).toHaveProperty('infra');
  });
});

test('the waits of a deployment run in parallel', async () => {
  const rig = new CliRig({ timeline: TIMELINE });
  const started = new Map<string, number>();
  let sum = 0;
  const begin = rig.clock.now();
  const end = await rig.deploy({
    onError: (line) => {
      const [, verb = '', id = ''] = /^(start|done) +([\w-]+):/.exec(line) ?? [];
      if (verb === 'start') started.set(id, rig.clock.now());
      if (verb === 'done') sum += rig.clock.now() - (started.get(id) ?? 0);
    },
  });
  expect(end.code).toBe(0);
  const whole = rig.clock.now() - begin;
  process.stdout.write(
    `deploy g5-12xlarge: ${(whole / 60_000).toFixed(1)} min of virtual time, ${(sum / 60_000).toFixed(1)} if run sequentially, ratio ${(whole / sum).toFixed(2)}\n`,
  );
  expect(started.size).toBe(15);
  expect(whole / sum).toBeLessThanOrEqual(0.75);
  rig.dispose();
});

test.each([
  { earlyGateways: true, early: /^done +gateways-early: created$/m, late: /^done +gateways: reused$/m },
  {
    earlyGateways: false,
    early: /^done +gateways-early: refused before the network is ready; requested again then$/m,
    late: /^done +gateways: created$/m,
  },
])(
  'the data plane group is requested before its network is ready: $earlyGateways',
  async ({ earlyGateways, early, late }) => {
    const rig = new CliRig({ timeline: TIMELINE });
    rig.konnect.world.behaviour.earlyGateways = earlyGateways;
    const { code, err } = await rig.deploy();
    expect({ code, err }).toMatchObject({ code: 0 });
    const places = [early, /^done +network: ready$/m, late].map((line) => err.search(line));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const writes = rig.konnect.writes.length;
    expect((await rig.deploy()).code).toBe(0);
    expect(rig.konnect.writes).toHaveLength(writes);
    rig.dispose();
  },
);

test('a data plane group that was requested early becomes ready without the command line', async () => {
  const rig = new CliRig({ timeline: TIMELINE });
  const { calls } = await rig.deploy({ killAt: 40 });
  expect(calls.some((call) => call.startsWith('PUT ') && call.includes('/configurations'))).toBe(true);
  await rig.clock.sleep((TIMELINE.networkReady + TIMELINE.groupReady + 60) * 1000);
  const again = rig.clock.now();
  const { code, err } = await rig.deploy();
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/^done +gateways: reused$/m) });
  const minutes = (rig.clock.now() - again) / 60_000;
  expect(minutes).toBeLessThan(TIMELINE.networkReady / 60);
  rig.dispose();
});

test('a project without ingress from Kong is deployed without Konnect', async () => {
  const rig = new CliRig({ kong: false });
  const end = await rig.deploy({ env: { KONNECT_TOKEN: undefined } });
  expect(end).toMatchObject({ code: 0, out: 'cluster   ollama-g5-12xlarge: every server answers\n' });
  expect(end.err).toMatch(/^done +verify: 1 check ok$/m);
  expect(end.err).not.toMatch(/transit gateway|Konnect|team/);
  expect(rig.konnect.journal).toEqual([]);
  expect((await rig.destroy({ env: { KONNECT_TOKEN: undefined } })).code).toBe(0);
  expect(rig.tools.stacks).toEqual({});
  rig.dispose();
});
