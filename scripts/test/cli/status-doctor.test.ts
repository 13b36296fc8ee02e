import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import type { Findings } from '../../src/checks/findings';
import type { StatusResult } from '../../src/status/status-result';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

let rig: CliRig;
beforeEach(() => {
  rig = new CliRig();
});
afterEach(() => rig.dispose());

describe('status', () => {
  it('shows why the sync of an Application failed', async () => {
    await rig.deploy();
    rig.tools.givenUp.push('ollama');
    const { out } = await rig.run(['status']);
    expect(out.replace(/\s+/g, ' ')).toContain('ollama Progressing, OutOfSync (StatefulSet ollama: a quota)');
  });

  it('shows why Argo CD cannot read the source of an Application', async () => {
    await rig.deploy();
    rig.tools.unreadable['istio-base'] = 'chart "base" not found';
    const { out } = await rig.run(['status']);
    expect(out.replace(/\s+/g, ' ')).toContain('istio-base Healthy, Unknown (ComparisonError: chart "base" not found)');
  });

  it('shows stacks, Applications, nodes, model, Konnect and cost on one screen', async () => {
    await rig.deploy();
    const { code, out } = await rig.run(['status']);
    expect(code).toBe(0);
    for (const part of [
      'infra',
      'resources',
      'ollama-root',
      'Healthy, Synced',
      'g5.12xlarge, ready',
      '2 of 2 ready',
      'qwen3-coder:30b',
      'network ollama-g5-12xlarge',
      'since midnight UTC',
    ])
      expect(out).toContain(part);
  });

  it('is data with --json: numbers, words of Argo CD and Konnect, and nothing unread', async () => {
    await rig.deploy();
    const status = JSON.parse((await rig.run(['status', '--json'])).out) as StatusResult;
    expect(status).toMatchObject({
      cluster: 'ollama-g5-12xlarge',
      region: 'us-west-2',
      stacks: [
        { name: 'infra', resources: expect.any(Number) },
        { name: 'platform', resources: expect.any(Number) },
      ],
      nodes: [{ instanceType: 'g5.12xlarge', ready: true }, { ready: true }],
      servers: [{ replicas: 2, readyReplicas: 2 }],
      models: [{ pool: 'gpu', name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
      costToday: { usd: expect.any(Number), unpriced: [] },
      unread: [],
    });
    expect(status.applications).toContainEqual({
      name: 'ollama',
      settled: true,
      health: 'Healthy',
      sync: 'Synced',
      causes: [],
    });
    expect(status.konnect?.map(({ kind, state }) => [kind, state])).toEqual([
      ['control plane', 'exists'],
      ['data plane group', 'ready'],
      ['network', 'ready'],
      ['attachment', 'ready'],
    ]);
  });

  it('names with --json what cannot be read, with its exit code', async () => {
    rig.synth();
    const { code, out } = await rig.run(['status', '--json']);
    const { stacks, unread } = JSON.parse(out) as StatusResult;
    expect([code, stacks?.map(({ resources }) => resources)]).toEqual([6, [0, 0]]);
    expect(unread.map(({ section, exitCode }) => [section, exitCode])).toEqual(
      ['Argo CD', 'nodes', 'mesh', 'model'].map((section) => [section, 6]),
    );
  });

  it('shows what it can read if something cannot be read, and fails', async () => {
    rig.synth();
    const { code, out, err } = await rig.run(['status']);
    expect(code).toBe(6);
    expect(out).toContain('not deployed');
    expect(err).toContain('could not be read: Argo CD, nodes, mesh, model');
  });
});

it('diagnose accepts everything that deploy created in Konnect', async () => {
  await rig.deploy();
  const { out } = await rig.run(['diagnose', '--json']);
  const { findings } = JSON.parse(out) as Findings;
  expect(findings.find(({ id }) => id === 'konnect')).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('control plane ollama-g5-12xlarge, data plane group us-west-2'),
  });
});

describe('doctor', () => {
  it('finds everything in order', async () => {
    rig.synth();
    const { code, out } = await rig.run(['doctor', '--json']);
    expect({ code, out }).toMatchObject({ code: 0 });
    const { findings } = JSON.parse(out) as { findings: { id: string; status: string }[] };
    expect(findings.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'tool-terraform ok',
      'tool-aws ok',
      'tool-kubectl ok',
      'tool-deck ok',
      'tool-gh ok',
      'project ok',
      'env-untracked ok',
      'git-revision skipped',
      'aws-identity ok',
      'quota-L-DB2E81BA ok',
      'offering-gpu ok',
      'konnect-token ok',
      'konnect-owner ok',
      'konnect-provider-account ok',
      'konnect-region ok',
      'konnect-version ok',
      'konnect-zones ok',
      'konnect-cidr ok',
      'konnect-quota ok',
    ]);
    expect(rig.writes).toBe(0);
  });

  it('shows each failure with its remedy, and ends with exit code 6', async () => {
    rig.synth();
    rig.tools.aws.quotas['L-DB2E81BA'] = 0;
    rig.tools.aws.offerings['g5.12xlarge'] = [];
    const { code, out } = await rig.run(['doctor'], {
      env: { KONG_GATEWAY_VERSION: '3.9' },
      tool: ({ tool }) => (tool === 'deck' ? { exitCode: 127, stdout: '', stderr: '' } : undefined),
    });
    expect(code).toBe(6);
    expect(out).toContain('request-service-quota-increase');
    expect(out).toContain('choose another zone');
    expect(out).toContain('KONG_GATEWAY_VERSION');
    expect(out).toMatch(/fail +tool-deck/);
  });

  it('reports missing credentials once, and asks AWS nothing else', async () => {
    rig.synth();
    const stderr = 'Unable to locate credentials. You can configure credentials by running "aws configure".';
    const { out, calls } = await rig.run(['doctor', '--json'], {
      tool: ({ tool, args }) =>
        tool === 'aws' && !args.includes('--version') ? { exitCode: 255, stdout: '', stderr } : undefined,
    });
    const { findings } = JSON.parse(out) as { findings: { id: string; status: string; detail: string }[] };
    expect(findings.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['aws-identity']);
    for (const id of ['quota-L-DB2E81BA', 'offering-gpu'])
      expect(findings.find((finding) => finding.id === id)).toMatchObject({
        status: 'skipped',
        detail: 'the check aws-identity failed',
      });
    expect(calls.filter((call) => /service-quotas|describe-instance-type-offerings/.test(call))).toEqual([]);
  });

  it('needs no decK if the project has no ingress from Kong', async () => {
    rig.synth();
    const stack = join(rig.directory, 'cdktf.out/stacks/infra/cdk.tf.json');
    writeFileSync(stack, readFileSync(stack, 'utf8').replaceAll(EXPOSURE_OUTPUTS.ramShareArn, 'other'));
    const { code, out } = await rig.run(['doctor'], {
      tool: ({ tool }) => (tool === 'deck' ? { exitCode: 127, stdout: '', stderr: '' } : undefined),
    });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/skipped +tool-deck +the project has no/) });
  });

  /** Makes Argo CD deliver the project from a repository. */
  function deliverFrom(repository: string, revision: string): void {
    rig.synth();
    const path = join(rig.directory, 'cdktf.out/stacks/platform/cdk.tf.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { resource: { helm_release: object } };
    const source = `      repoURL: ${repository}\n      targetRevision: ${revision}\n`;
    Object.assign(file.resource.helm_release, {
      root: { name: 'ollama-root', values: [`applications:\n  ollama-root:\n    source:\n${source}`] },
    });
    writeFileSync(path, JSON.stringify(file));
  }

  it.each([
    ['has the revision', 'https://github.com/acme/platform', 'v1.4.0', 'ok', /has v1\.4\.0/],
    ['has the branch', 'https://github.com/acme/platform', 'main', 'ok', /has main/],
    [
      'only has a branch that ends in it',
      'https://github.com/acme/platform',
      'v1.5.0',
      'fail',
      /no tag or branch v1\.5/,
    ],
    ['is pinned to a long commit', 'https://github.com/acme/platform', 'a'.repeat(64), 'skipped', /lists no commits/],
    ['lacks it', 'https://github.com/acme/platform', 'v9', 'fail', /has no tag or branch v9/],
    ['is a placeholder', 'https://github.com/org/ollama-eks', 'v0.1.0', 'fail', /is a placeholder/],
    ['cannot be read', 'https://github.com/acme/private', 'v1', 'warn', /cannot be read from here/],
    ['is pinned to a commit', 'https://github.com/acme/platform', 'a'.repeat(40), 'skipped', /lists no commits/],
  ])('reports whether the repository of Argo CD %s', async (_, repository, revision, status, detail) => {
    deliverFrom(repository, revision);
    const { out } = await rig.run(['doctor', '--json']);
    const { findings } = JSON.parse(out) as { findings: { id: string }[] };
    expect(findings.find(({ id }) => id === 'git-revision')).toMatchObject({
      status,
      detail: expect.stringMatching(detail),
    });
  });

  it('reports the error of Git, not a warning before it', async () => {
    deliverFrom('ssh://git@github.com/acme/platform', 'v1.4.0');
    const stderr =
      '** WARNING: connection is not using a post-quantum key exchange algorithm.\nPermission denied (publickey).';
    const { out } = await rig.run(['doctor', '--json'], {
      tool: ({ args }) => (args.includes('ls-remote') ? { exitCode: 128, stdout: '', stderr } : undefined),
    });
    const { findings } = JSON.parse(out) as { findings: { id: string }[] };
    expect(findings.find(({ id }) => id === 'git-revision')).toMatchObject({
      status: 'warn',
      detail: 'ssh://git@github.com/acme/platform cannot be read from here: Permission denied (publickey).',
    });
  });

  it.each([
    ['tracks .env', ['.env'], 'fail'],
    ['tracks other files', ['main.ts'], 'ok'],
    ['does not know the folder', undefined, 'skipped'],
  ])('reports whether Git %s', async (_, tracked, status) => {
    rig.synth();
    rig.tools.git.tracked = tracked;
    const { out } = await rig.run(['doctor', '--json']);
    const { findings } = JSON.parse(out) as { findings: { id: string }[] };
    expect(findings.find(({ id }) => id === 'env-untracked')).toMatchObject({ status });
  });

  it('needs no Git', async () => {
    deliverFrom('https://github.com/acme/platform', 'v1.4.0');
    const { code, out } = await rig.run(['doctor'], {
      tool: ({ tool }) => (tool === 'git' ? { exitCode: 127, stdout: '', stderr: '' } : undefined),
    });
    expect(code).toBe(0);
    expect(out).toMatch(/skipped +git-revision/);
  });

  it('separates problems from remedies, even with several problems', async () => {
    rig.synth();
    const stack = join(rig.directory, 'cdktf.out/stacks/infra/cdk.tf.json');
    writeFileSync(stack, readFileSync(stack, 'utf8').replaceAll('192.168.0.0/22', '10.0.0.0/24'));
    const { code, out } = await rig.run(['doctor', '--json']);
    expect(code).toBe(6);
    const { findings } = JSON.parse(out) as { findings: { id: string; detail: string; remedy?: string }[] };
    expect(findings.find(({ id }) => id === 'konnect-cidr')).toMatchObject({
      detail: expect.stringMatching(
        /wrong size for a Kong network in 2 zones; .*overlaps 10.\d.0.0\/16 of your own networks/,
      ),
      remedy: 'choose a /23; choose another range for the Kong network, or for the VPC',
    });
  });

  const statuses = (out: string) =>
    (JSON.parse(out) as { findings: { id: string; status: string }[] }).findings.map(
      ({ id, status }) => `${id} ${status}`,
    );

  it('asks to synthesize first, and continues with what the settings specify', async () => {
    const named = ['doctor', '--region', 'us-west-2', '--cluster', 'ollama'];
    const { code, out } = await rig.run(named);
    expect({ code, out }).toEqual({ code: 6, out: expect.stringMatching(/synthesize first: npm run\s+synth/) });
    const { out: json } = await rig.run([...named, '--json']);
    expect(statuses(json).slice(5)).toEqual([
      'project fail',
      'aws-identity ok',
      'quota skipped',
      'konnect-token ok',
      'konnect-owner ok',
      'konnect-provider-account ok',
      'konnect-region ok',
      'konnect-version ok',
      'konnect-zones ok',
      'konnect-cidr skipped',
      'konnect-quota ok',
    ]);
    const nothing = await rig.run(['doctor', '--json'], { env: { KONNECT_TOKEN: undefined } });
    expect(statuses(nothing.out).slice(5)).toEqual(['project fail', 'quota skipped', 'konnect skipped']);
    expect(rig.writes).toBe(0);
  });

  it('reports a missing token once, and prints full addresses', async () => {
    await rig.deploy();
    const { out } = await rig.run(['doctor'], {
      env: { KONNECT_TOKEN: undefined },
      tool: ({ tool }) => (tool === 'deck' ? { exitCode: 127, stdout: '', stderr: '' } : undefined),
    });
    expect(out.match(/is not set/g)).toHaveLength(1);
    expect(out.match(/skipped +konnect-/g)).toHaveLength(7);
    expect(out).toContain("needed for Kong's configuration");
    expect(out).toContain('https://example.com/');
    expect(out).not.toContain('…');
  });
});
