import { CliRig, type RunControl } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

let rig: CliRig;
beforeEach(() => {
  rig = new CliRig();
});
afterEach(() => rig.dispose());

interface Wanted {
  readonly kubernetesVersion: string;
  readonly istioVersion?: string;
}

/** Context that sets versions in the project. */
const given = (wanted: Wanted): RunControl => ({
  env: { CDKTF_CONTEXT_JSON: JSON.stringify({ istioVersion: '1.30.5', ...wanted }) },
});

const deployed = async (wanted: Wanted) => {
  expect((await rig.run(['deploy', '--yes'], given(wanted))).code).toBe(0);
};
const upgraded = (wanted: Wanted, ...flags: readonly string[]) => rig.run(['upgrade', ...flags], given(wanted));
const attribute = (address: string, name: string) => {
  const stacks = Object.values(rig.tools.stacks);
  const found = stacks.flatMap(({ attributes = {} }) => attributes[address] ?? []) as Record<string, unknown>[];
  return found[0]?.[name];
};
const running = () => attribute('aws_eks_cluster.cluster', 'version');

describe('Kubernetes', () => {
  beforeEach(() => deployed({ kubernetesVersion: '1.34' }));

  it('goes from 1.34 to 1.35 and to 1.36, and verifies after the nodes and at the end', async () => {
    for (const [from, to] of [
      ['1.34', '1.35'],
      ['1.35', '1.36'],
    ] as const) {
      const { code, out, err } = await upgraded({ kubernetesVersion: to }, '--yes');
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(err).toContain(`kubernetes of ollama-g5-12xlarge: ${from} → ${to}. What rolls:\n  1. control plane`);
      expect(err).toContain(`the control plane of ollama-g5-12xlarge is upgraded, and EKS cannot downgrade it`);
      expect(err).toMatch(
        /done +infrastructure:[^]*done +verify-nodes: 1 check ok[^]*done +platform:[^]*done +applications:[^]*done +verify: 1 check ok/,
      );
      expect(out).toContain(`kubernetes ${to}: every server answers\nto go back: EKS does not downgrade.`);
      expect(running()).toBe(to);
    }
    const again = await upgraded({ kubernetesVersion: '1.36' }, '--yes');
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ollama-g5-12xlarge runs the versions of the project\n/),
    });
  });

  const REFUSED: readonly (readonly [string, Wanted, RegExp])[] = [
    [
      'a minor version that is skipped',
      { kubernetesVersion: '1.36' },
      /skips a minor version: Kubernetes 1\.34 runs; allowed: 1\.35/,
    ],
    ['an older version', { kubernetesVersion: '1.33' }, /is older than 1\.34, which runs, and EKS does not downgrade/],
    [
      'Istio at the same time',
      { kubernetesVersion: '1.35', istioVersion: '1.31.1' },
      /version of AmbientMesh = "1\.31\.1": changes together with Kubernetes/,
    ],
  ];

  it.each(REFUSED)('refuses %s before anything changes', async (_, wanted, words) => {
    const writes = rig.writes;
    expect(await upgraded(wanted, '--yes')).toMatchObject({ code: 2, err: expect.stringMatching(words) });
    expect([rig.writes, running()]).toEqual([writes, '1.34']);
  });

  it('does not start if EKS reports that the cluster is not ready', async () => {
    rig.tools.aws.upgradeErrors.push({ kubernetesVersion: '1.35', reason: 'flowcontrol v1beta3 is used' });
    expect(await upgraded({ kubernetesVersion: '1.35' }, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is not ready for 1\.35: Deprecated APIs: flowcontrol v1beta3 is used; fix that/),
    });
    expect(running()).toBe('1.34');
  });

  it('changes nothing with --dry-run or without consent, and prints its plan as data', async () => {
    const writes = rig.writes;
    const { out } = await upgraded({ kubernetesVersion: '1.35' }, '--dry-run', '--json');
    expect(JSON.parse(out)).toMatchObject({
      upgrade: { part: 'kubernetes', from: '1.34', to: '1.35' },
      stacks: [{ stack: 'infra', updates: [{ effect: 'upgrades', subject: 'control-plane' }] }, { stack: 'platform' }],
    });
    const no = await rig.run(['upgrade'], { ...given({ kubernetesVersion: '1.35' }), answer: 'no' });
    expect(no.err).toContain('nothing was changed');
    expect([rig.writes, running()]).toEqual([writes, '1.34']);
  });

  it('plans each stack once with --yes: nobody is asked, and each plan is shown before it is applied', async () => {
    const plans = () => rig.children.filter(({ tool, args }) => tool === 'terraform' && args[1] === 'plan').length;
    const before = plans();
    const { err } = await upgraded({ kubernetesVersion: '1.35' }, '--yes');
    expect(err.match(/^infra: 0 to create, 1 to update/gm)).toHaveLength(1);
    expect(plans() - before).toBe(2);
  });

  it('continues with nodes that an earlier run has left at the older version', async () => {
    await deployed({ kubernetesVersion: '1.35' });
    const size = { desiredSize: 2, maxSize: 3, minSize: 2 };
    Object.assign(rig.tools.aws.nodeGroups, {
      system: { ...size, version: '1.35' },
      gpu: { ...size, version: '1.34' },
    });
    expect(await upgraded({ kubernetesVersion: '1.35' }, '--yes')).toMatchObject({
      code: 0,
      err: expect.stringContaining('1.34 → 1.35'),
    });
    expect(await upgraded({ kubernetesVersion: '1.36' }, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('skips a minor version: Kubernetes 1.34 runs'),
    });
  });

  it('does not wait for the server of a pool on standby, which has no node', async () => {
    const size = { desiredSize: 2, maxSize: 3, minSize: 0, version: '1.34' };
    Object.assign(rig.tools.aws.nodeGroups, {
      gpu: { ...size, pool: 'gpu' },
      'gpu-2': { ...size, desiredSize: 0, pool: 'gpu-2' },
    });
    const { code, err } = await upgraded({ kubernetesVersion: '1.35' }, '--yes');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).toMatch(/done +verify-nodes: 1 check ok[^]*done +verify: 1 check ok/);
  });

  it('has nothing to verify at night, when no pool has nodes', async () => {
    rig.tools.aws.nodeGroups['gpu'] = { desiredSize: 0, maxSize: 3, minSize: 0, version: '1.34', pool: 'gpu' };
    const { code, err } = await upgraded({ kubernetesVersion: '1.35' }, '--yes');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).toMatch(/done +verify-nodes: NOT PROVEN: servers are scaled to zero[^]*done +verify: NOT PROVEN/);
  });

  it.each(['', '{}', 'null'])('says that AWS answered nothing if it answers %j', async (stdout) => {
    const { code, err } = await rig.run(['upgrade', '--yes'], {
      ...given({ kubernetesVersion: '1.35' }),
      tool: ({ args }) => (args.includes('describe-cluster') ? { exitCode: 0, stdout, stderr: '' } : undefined),
    });
    expect([code, err]).toEqual([6, expect.stringContaining('aws eks describe-cluster: the answer is empty')]);
  });

  it('continues after a failure before anything has changed', async () => {
    const wanted = { kubernetesVersion: '1.35' };
    const broken = await rig.run(['upgrade', '--yes'], {
      ...given(wanted),
      tool: ({ tool, args }) =>
        tool === 'terraform' && args[1] === 'apply'
          ? {
              exitCode: 1,
              stdout: '',
              stderr: 'Error: PodEvictionFailure: Reached max retries while trying to evict pods',
            }
          : undefined,
    });
    expect(broken).toMatchObject({ code: 6, err: expect.stringContaining('PodEvictionFailure') });
    expect((await upgraded(wanted, '--yes')).code).toBe(0);
    expect(running()).toBe('1.35');
  });
});

describe('Istio', () => {
  const istiod = () => attribute('helm_release.istiod', 'version');

  it('goes from 1.30 to 1.31, and back', async () => {
    await deployed({ kubernetesVersion: '1.35' });
    const { code, out, err } = await upgraded({ kubernetesVersion: '1.35', istioVersion: '1.31.1' }, '--yes');
    expect([code, istiod()]).toEqual([0, '1.31.1']);
    expect(out).toContain('to go back: Set the older version again, and deploy');
    expect(err).toContain(
      '  update helm_release.istiod\n    istiod goes from version 1.30.5 to 1.31.1, and its pods may restart\n',
    );
    expect((await upgraded({ kubernetesVersion: '1.35' }, '--yes')).code).toBe(0);
    expect(istiod()).toBe('1.30.5');
  });
});
