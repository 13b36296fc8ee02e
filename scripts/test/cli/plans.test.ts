import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCall } from '../../../test/emulators/tools';
import { CliRig, TOKEN } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

const VPC = 'aws_vpc.vpc';
const HELM = { CDKTF_CONTEXT_JSON: JSON.stringify({ delivery: 'helm' }) };

let rig: CliRig;
beforeEach(async () => {
  rig = new CliRig();
  expect((await rig.deploy()).code).toBe(0);
});
afterEach(() => rig.dispose());

/** Changes the range of the project's network, which cannot be changed in place. */
function moveNetwork(): void {
  const path = join(rig.directory, 'cdktf.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, context: { vpcCidr: '10.0.0.0/17' } }));
}

const verb = ({ args }: Pick<ToolCall, 'args'>) => args[1] ?? '';
const stack = (name: string) => join(rig.directory, 'cdktf.out/stacks', name);
const planFolders = () => ['infra', 'platform'].filter((name) => existsSync(join(stack(name), '.ollama-eks-plan')));
const applies = () => rig.children.filter((call) => call.tool === 'terraform' && verb(call) === 'apply').length;

describe('a plan that deletes something', () => {
  it('is refused with what it deletes, and nothing is changed', async () => {
    moveNetwork();
    const [before, applied] = [rig.snapshot(), applies()];
    const { code, err } = await rig.deploy();
    expect(code).toBe(2);
    expect(err).toContain('infra: 0 to create, 0 to update, 1 to replace, 0 to delete\n  replace aws_vpc.vpc\n');
    expect(err).toContain('  replace aws_vpc.vpc\n    loses VPC with everything in it\n');
    expect(err).toMatch(/stack infra would lose 1: replace aws_vpc.vpc; .*--allow-deletions/);
    expect(applies()).toBe(applied);
    expect(rig.snapshot()).toEqual(before);
  });

  it('is applied if deletions were allowed in advance', async () => {
    moveNetwork();
    expect((await rig.run(['deploy', '--yes', '--allow-deletions'])).code).toBe(0);
    expect(rig.tools.stacks['infra']?.attributes?.[VPC]).toEqual({ cidr_block: '10.0.0.0/17' });
  });

  it('is applied only if the user confirms it', async () => {
    moveNetwork();
    const no = await rig.run(['deploy'], { answer: ['yes', 'no'] });
    expect(no).toMatchObject({ code: 2, err: expect.stringContaining('replace aws_vpc.vpc. Continue? [y/N]') });
    expect(rig.tools.stacks['infra']?.attributes?.[VPC]).toEqual({ cidr_block: '10.0.0.0/16' });
    expect((await rig.run(['deploy'], { answer: 'yes' })).code).toBe(0);
    expect(rig.tools.stacks['infra']?.attributes?.[VPC]).toEqual({ cidr_block: '10.0.0.0/17' });
  });

  it('is applied without asking if an earlier run left the resource unfinished', async () => {
    Object.assign(rig.tools.stacks['infra'] ?? {}, { tainted: [VPC], applied: '' });
    const { code, err } = await rig.deploy();
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('(left unfinished by an earlier run)') });
  });

  it("is applied without asking if Kong's attachment, which the resource depends on, is gone", async () => {
    expect((await rig.run(['konnect', 'down', '--yes'])).code).toBe(0);
    const { code, err } = await rig.deploy();
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('delete aws_ec2_transit_gateway_route.from_vpc'),
    });
  });

  it('is refused if the attachment still carries traffic', async () => {
    rig.konnect.world.transitGateways.forEach((gateway) => Object.assign(gateway.fields, { name: 'renamed' }));
    const { code, err } = await rig.run(['deploy', '--yes'], { env: { KONNECT_NETWORK_NAME: 'ollama-g5-12xlarge' } });
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/would lose 2: .*delete aws_ec2_transit_gateway_route.from_vpc/),
    });
  });
});

describe('a plan file', () => {
  const show = ({ tool, args }: ToolCall) => tool === 'terraform' && verb({ args }) === 'show';

  it('is readable only by its owner, is the one that is applied, and is deleted afterward', async () => {
    const seen: { modes: number[]; path: string }[] = [];
    const applied: string[] = [];
    await rig.deploy({
      env: HELM,
      tool: (call) => {
        const path = call.args.at(-1) ?? '';
        if (show(call)) seen.push({ path, modes: [path, join(path, '..')].map((at) => statSync(at).mode & 0o777) });
        if (call.tool === 'terraform' && verb(call) === 'apply') applied.push(path);
        return undefined;
      },
    });
    expect(seen).toEqual([{ path: expect.stringContaining('platform'), modes: [0o600, 0o700] }]);
    expect(applied).toEqual(seen.map(({ path }) => path));
    expect(planFolders()).toEqual([]);
  });

  it('is deleted after a failure, and by the next run after a killed one', async () => {
    moveNetwork();
    const failing = await rig.deploy({
      tool: (call) => (show(call) ? { exitCode: 1, stdout: '', stderr: 'Error: no' } : undefined),
    });
    expect(failing.code).toBe(6);
    expect(planFolders()).toEqual([]);
    mkdirSync(join(stack('infra'), '.ollama-eks-plan'));
    writeFileSync(join(stack('infra'), '.ollama-eks-plan/tfplan'), 'of a killed run');
    expect((await rig.run(['deploy', '--yes', '--allow-deletions'])).code).toBe(0);
    expect(planFolders()).toEqual([]);
  });

  it('is created and checked again if the state has changed meanwhile', async () => {
    let times = 0;
    const { code, err } = await rig.deploy({
      env: HELM,
      tool: (call) => {
        if (show(call) && (times += 1) === 1) Object.assign(rig.tools.stacks['platform'] ?? {}, { serial: 99 });
        return undefined;
      },
    });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('has become stale; planning again') });
    expect(times).toBe(2);
  });

  it('is never shown, since it may contain secrets', async () => {
    const secret = 'SENTINEL-in-a-plan';
    const { err, out } = await rig.run(['-v', 'deploy', '--yes'], {
      env: HELM,
      tool: (call) =>
        show(call)
          ? { exitCode: 0, stdout: JSON.stringify({ variables: { password: secret } }), stderr: '' }
          : undefined,
    });
    expect(out + err).not.toContain(secret);
  });
});

describe('a dry run', () => {
  const files = () => readdirSync(rig.directory, { recursive: true, encoding: 'utf8' }).sort();
  const content = () => files().map((file) => [file, statSync(join(rig.directory, file)).mtimeMs]);

  it('shows what Terraform would do, and changes no file', async () => {
    moveNetwork();
    const [before, writes] = [content(), rig.writes];
    const { code, out } = await rig.run(['deploy', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('infra: 0 to create, 0 to update, 1 to replace, 0 to delete\n  replace aws_vpc.vpc\n');
    expect(out).toContain('platform: 0 to create, 0 to update, 0 to replace, 0 to delete');
    expect(content()).toEqual(before);
    expect(rig.writes).toBe(writes);
    const { stacks } = JSON.parse((await rig.run(['deploy', '--dry-run', '--json'])).out) as { stacks: unknown };
    expect(stacks).toMatchObject([
      { stack: 'infra', counts: { replace: 1 }, losses: [{ action: 'replace', address: VPC }] },
      { stack: 'platform', counts: { create: 0 } },
    ]);
    expect(content()).toEqual(before);
  });

  it('shows which stacks cannot be planned yet, and why', async () => {
    const fresh = new CliRig();
    expect((await fresh.run(['deploy', '--dry-run'])).out).toMatch(
      /infra: 5 to create, .*\nplatform: cannot be planned yet: couldn't find resource: EKS Cluster/,
    );
    const nobody = await fresh.run(['deploy', '--dry-run'], { env: { KONNECT_TOKEN: undefined } });
    expect(nobody).toMatchObject({ code: 0, out: expect.stringContaining('cannot be planned yet: Konnect token') });
    fresh.dispose();
  });
});

describe('context', () => {
  const contexts = () =>
    rig.children
      .filter(({ tool }) => tool === 'sh')
      .map(({ env }) => JSON.parse(env['CDKTF_CONTEXT_JSON'] ?? '') as Record<string, unknown>);

  it('of the environment overrides that of the file, and facts about Kong override both', async () => {
    moveNetwork();
    const cluster = 'ollama-g5-12xlarge';
    const given = {
      delivery: 'helm',
      vpcCidr: '10.0.0.0/16',
      'ollama-eks:kong': { [cluster]: { kongAttachmentId: 'tgw-attach-0', mine: 1 }, other: { mine: 2 } },
    };
    const { code, err } = await rig.deploy({ env: { CDKTF_CONTEXT_JSON: JSON.stringify(given) } });
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(contexts().at(-1)).toEqual({
      ...given,
      'ollama-eks:deferredNodes': [cluster],
      'ollama-eks:kong': {
        [cluster]: {
          kongAttachmentId: expect.stringMatching(/^tgw-attach-[0-9a-f]{17}$/),
          kongProviderAccountId: '123456789012',
          mine: 1,
        },
        other: { mine: 2 },
      },
    });
    expect(rig.tools.stacks['platform']?.resources).toContain('helm_release.ollama');
  });

  it('that is not a JSON object is refused without being shown', async () => {
    const { code, err } = await rig.deploy({ env: { CDKTF_CONTEXT_JSON: `{"token": ${TOKEN}` } });
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: CDKTF_CONTEXT_JSON must be a JSON object; correct it, or unset it\n',
    });
  });
});
