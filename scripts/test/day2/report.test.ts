import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { REPORT_WORKFLOW, reportWorkflow } from '../../src/init/report-workflow';
import type { Report } from '../../src/report/report';
import { MARK } from '../../src/report/text';
import { World } from './world';

const GIB = 1024 ** 3;

let world: World;

beforeEach(() => {
  world = new World();
  world.synthesized([POOL]);
});

afterEach(() => {
  world.remove();
});

const POOL = {
  gpu: '4 × A10G',
  gpus: [
    { usedBytes: 18 * GIB, marginBytes: GIB, freeBytes: 2 * GIB },
    { usedBytes: 18 * GIB, marginBytes: GIB, freeBytes: 2 * GIB },
    { usedBytes: 10 * GIB, marginBytes: GIB, freeBytes: 10 * GIB },
  ],
  pullSeconds: 60,
  coldLoadSeconds: 60,
};

const INFRA = 'stacks/infra/cdk.tf.json';

function write(path: string, value: unknown, output = join(world.directory, 'cdktf.out')): void {
  const file = join(output, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
}

function infra(resource: object, output: object = {}): void {
  write(INFRA, { terraform: { required_providers: { aws: {} } }, resource, output });
}

async function report(): Promise<Report> {
  return JSON.parse((await world.run('--json', 'report')).out) as Report;
}

async function text(...flags: readonly string[]): Promise<string> {
  const { code, out, err } = await world.run('report', ...flags);
  expect([code, err]).toEqual([0, '']);
  return out;
}

test('shows the memory of each GPU as a bar; GPUs that are used alike share a line', async () => {
  const out = await text();
  expect(out).toMatch(/^gpu +1, 2 +█{17}░{3} +18\.0 of 21\.0 GiB +2\.0 GiB, beyond a margin of 1\.0 GiB$/m);
  expect(out).toMatch(/^gpu +3 +█{10}░{10} +10\.0 of 21\.0 GiB/m);
});

test('shows a smaller batch next to the memory, which is less because of it', async () => {
  expect(await text()).not.toContain('num_batch');
  const model = { name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2, largestContextLength: 131_072 };
  world.synthesized([{ ...POOL, models: [{ ...model, numBatch: 1024 }] }]);
  expect(await text()).toMatch(/^gpu +3 .* 10\.0 of 21\.0 GiB, with num_batch 1024 of qwen3-coder:30b /m);
});

test('shows when each phase of a cold start begins and ends', async () => {
  const out = await text();
  expect(out).toMatch(/^gpu +start the node +█{9}░{11} +2:55 min +2:55 min$/m);
  expect(out).toMatch(/^gpu +pull Ollama's image +░{10}█{3}░{7} +1:00 min +4:10 min$/m);
  expect(out).toMatch(/^gpu +load the models into the GPUs +░{17}█{3} +1:00 min +6:10 min$/m);
});

test('shows what is scraped, where it goes and what it requests, and nothing of it without observability', async () => {
  expect(await text()).not.toContain('Telemetry');
  const file = join(world.directory, 'cdktf.out/stacks/infra/ollama-eks.json');
  const { clusters } = JSON.parse(readFileSync(file, 'utf8')) as { clusters: object[] };
  const telemetry = {
    metrics: 'amp',
    jobs: ['ollama/ollama-servers', 'ollama/istiod'],
    destination: 'Amazon Managed Service for Prometheus, in the same account; alerts to nobody',
    requestedCpuMillis: 30,
    requestedMemoryMiB: 80,
  };
  write('stacks/infra/ollama-eks.json', { formatVersion: 1, clusters: [{ ...clusters[0], telemetry }] });
  const out = await text();
  expect(out).toMatch(/^scraped +ollama\/ollama-servers, ollama\/istiod$/m);
  expect(out).toMatch(/^go to +Amazon Managed Service for Prometheus, in the same/m);
  expect(out).toMatch(/^requests of all its programs +30m CPU, 80 MiB$/m);
  expect((await report()).cluster.telemetry).toEqual(telemetry);
});

test('shows the cost by part, and none where a price is not known', async () => {
  expect(await text()).not.toContain('Cost');
  const file = join(world.directory, 'cdktf.out/stacks/infra/ollama-eks.json');
  const { clusters } = JSON.parse(readFileSync(file, 'utf8')) as { clusters: object[] };
  const costLines = [
    { name: 'EKS control plane', hourly: 1, monthly40h: 730, monthlyAlwaysOn: 730 },
    { name: '1 × g5.12xlarge', hourly: 3, monthly40h: 520.4, monthlyAlwaysOn: 2190 },
  ];
  const sums = { hourly: 4, monthly40h: 1250.4, monthlyAlwaysOn: 2920 };
  write('stacks/infra/ollama-eks.json', { formatVersion: 1, clusters: [{ ...clusters[0], costLines, ...sums }] });
  const out = await text();
  expect(out).toMatch(/^1 × g5\.12xlarge +█{15}░{5} +3\.000 +520 +2,190$/m);
  expect(out).toMatch(/^sum, without traffic and Kong +█{20} +4\.000 +1,250 +2,920$/m);
});

test('lists what is paid for by use, only for what the project creates', async () => {
  expect(await text()).not.toContain('Cost of use');
  infra({ aws_nat_gateway: { a: {} }, aws_cloudwatch_log_group: { a: {} } });
  expect((await report()).usageCosts).toEqual([
    { what: 'GB through a NAT gateway: charts, images and models', usd: 0.045 },
    { what: 'GB of logs that is written', usd: 0.5 },
    { what: 'GB of logs that is kept for a month', usd: 0.03 },
  ]);
  expect(await text()).toMatch(/^GB of logs that is written +0\.5$/m);
});

test('lists resources by stack and type', async () => {
  infra({ aws_subnet: { a: {}, b: {} }, aws_vpc: { a: {} } });
  expect((await report()).stacks).toEqual([
    {
      name: 'infra',
      count: 3,
      types: [
        { type: 'aws_subnet', count: 2 },
        { type: 'aws_vpc', count: 1 },
      ],
    },
  ]);
  expect(await text()).toMatch(/^infra +3 +2 aws_subnet, 1 aws_vpc$/m);
});

describe('waves', () => {
  const tree = 'stacks/platform/assets/tree/1';
  const application = (name: string, wave: number, output?: string) => {
    write(`${tree}/Chart.yaml`, 'name: ollama-applications\n', output);
    write(
      `${tree}/templates/${name}.yaml`,
      `kind: Application\nmetadata:\n  name: ${name}\n  annotations:\n    argocd.argoproj.io/sync-wave: '${String(wave)}'\nspec: {{ .Values.x }}\n`,
      output,
    );
  };

  test('are those of the tree for Argo CD', async () => {
    application('ollama', 3);
    application('istiod', 0);
    application('crds', -2);
    application('cni', 0);
    expect((await report()).waves).toEqual([
      { wave: -2, names: ['crds'] },
      { wave: 0, names: ['cni', 'istiod'] },
      { wave: 3, names: ['ollama'] },
    ]);
  });

  test('are found in an output folder outside the project', async () => {
    const output = join(world.root, 'synthesized');
    renameSync(join(world.directory, 'cdktf.out'), output);
    writeFileSync(join(world.directory, 'cdktf.json'), JSON.stringify({ output }));
    application('ollama', 3, output);
    expect((await report()).waves).toEqual([{ wave: 3, names: ['ollama'] }]);
  });

  test('are the order of the Helm releases without Argo CD', async () => {
    infra({
      helm_release: {
        c: { name: 'ollama', depends_on: ['helm_release.b', 'aws_vpc.x'] },
        a: { name: 'crds' },
        b: { name: 'istiod', depends_on: ['helm_release.a'] },
      },
    });
    expect((await report()).waves).toEqual([
      { wave: 1, names: ['crds'] },
      { wave: 2, names: ['istiod'] },
      { wave: 3, names: ['ollama'] },
    ]);
  });
});

describe('who may call, and what leaves', () => {
  const rule = (source: object, group = '${aws_security_group.lb.id}') => ({ security_group_id: group, ...source });
  const resources = (more: object = {}) => ({
    aws_vpc: { vpc: {} },
    aws_lb: { lb: { security_groups: ['${aws_security_group.lb.id}'] } },
    aws_vpc_security_group_ingress_rule: {
      office: rule({ cidr_ipv4: '10.2.0.0/16' }),
      list: rule({ prefix_list_id: '${data.aws_ec2_managed_prefix_list.x.id}' }),
      other: rule({ cidr_ipv4: '0.0.0.0/0' }, '${aws_security_group.other.id}'),
    },
    aws_eks_cluster: { c: { vpc_config: { endpoint_public_access: false } } },
    ...more,
  });

  test('of an internal exposure in a VPC without NAT', async () => {
    const endpoints = { aws_vpc_endpoint: { s3: { service_name: 'com.amazonaws.us-west-2.s3' } } };
    infra(resources(endpoints), { gateway_hostname: { value: 'ollama.internal' } });
    const { callers, egress } = await report();
    expect(callers).toEqual([
      { what: 'ollama.internal', who: '10.2.0.0/16, a value that is known at apply' },
      { what: 'Kubernetes API, network', who: 'from inside the VPC only' },
    ]);
    expect(egress).toEqual([
      { what: 'downloads of images, charts and models', who: 'none, without a NAT gateway' },
      { what: 'calls of AWS services', who: 'endpoints in the VPC: s3' },
    ]);
  });

  test('of Kong and a public Kubernetes API', async () => {
    const access = {
      me: { principal_arn: '${data.aws_iam_session_context.x.issuer_arn}' },
      admin: { principal_arn: 'arn:aws:iam::111122223333:role/admin' },
    };
    const open = { vpc_config: { endpoint_public_access: true, public_access_cidrs: ['203.0.113.7/32'] } };
    infra(resources({ aws_nat_gateway: { n: {} }, aws_eks_cluster: { c: open }, aws_eks_access_entry: access }), {
      ram_share_arn: { value: 'x' },
      kong_cidr: { value: '192.168.0.0/22' },
    });
    const { callers, egress } = await report();
    expect(callers).toEqual([
      {
        what: 'the endpoint',
        who: "clients with a key, through Kong's network 10.2.0.0/16, a value that is known at apply",
      },
      { what: 'Kubernetes API, network', who: 'from inside the VPC, and from 203.0.113.7/32' },
      { what: 'Kubernetes API, with rights', who: 'the identity that runs terraform apply' },
      { what: 'Kubernetes API, with rights', who: 'arn:aws:iam::111122223333:role/admin' },
    ]);
    expect(egress).toEqual([
      { what: 'requests and answers', who: "Kong's gateway, in an AWS account of Kong" },
      { what: 'downloads of images, charts and models', who: 'the internet, through 1 NAT gateway' },
    ]);
  });

  test('of an existing network and load balancer', async () => {
    infra({});
    const { callers, egress } = await report();
    expect(callers[0]?.who).toBe('every caller that the existing load balancer accepts');
    expect(egress[0]?.who).toBe('as the routes of the existing network allow');
  });
});

test('Markdown is a comment that a workflow finds again, and text of the project stays text', async () => {
  infra({}, { gateway_hostname: { value: 'a|b<img src=x>_c_' } });
  const out = await text('--markdown');
  expect(out.split('\n')[0]).toBe(MARK);
  expect(out).toContain(String.raw`| a\|b\<img src=x\>\_c\_ |`);
  const rows = out.split('\n').filter((line) => line.startsWith('| '));
  expect(rows.length).toBeGreaterThan(10);
});

test('HTML needs no other file, has both themes, and escapes text', async () => {
  infra({}, { gateway_hostname: { value: '<script>alert(1)</script>' } });
  const out = await text('--html');
  expect(out).toMatch(/^<!doctype html>/);
  expect(out).toContain('prefers-color-scheme: dark');
  expect(out).toContain('&lt;script&gt;');
  expect(out).not.toMatch(/<script|src=|href=|url\(|@import/);
  expect(out).toContain('margin-left: 50.7%; width: 16.0%');
});

test.each([
  [['--markdown', '--html'], /exclude each other; choose one/],
  [['--json', '--html'], /exclude each other; choose one/],
])('%j is refused with exit code 2', async (flags, words) => {
  expect(await world.run('report', ...flags)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
});

test('a project without a cluster is refused with exit code 2', async () => {
  write('stacks/infra/ollama-eks.json', { formatVersion: 1, clusters: [] });
  expect(await world.run('report', '--cluster', 'x', '--region', 'us-west-2')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/the project creates no cluster/),
  });
});

describe('the workflow that init writes', () => {
  interface Step {
    readonly name?: string;
    readonly run?: string;
  }
  const { permissions, jobs } = load(reportWorkflow({ delivery: { kind: 'helm' } })) as {
    permissions: object;
    jobs: { report: { if: string; steps: readonly Step[] } };
  };
  const { steps } = jobs.report;

  test('may only read the repository and write comments, and skips forks', () => {
    expect(permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(jobs.report.if).toContain('head.repo.full_name == github.repository');
    expect(steps.map(({ run = '' }) => run).join()).not.toContain('${{');
  });

  test.each([
    ['', 'api repos/acme/llm/issues/7/comments --field body=@report.md --silent'],
    ['41\n42\n', 'api --method PATCH repos/acme/llm/issues/comments/41 --field body=@report.md --silent'],
  ])('with the comments %j it calls gh %s', (comments, expected) => {
    const bin = join(world.root, 'bin');
    const put = (folder: string, name: string, script: string) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    };
    put(join(world.directory, 'node_modules/.bin'), 'ollama-eks', `echo "${MARK}"`);
    put(bin, 'gh', `echo "$*" >> calls; case "$*" in *--paginate*) printf '%s' '${comments}';; esac`);
    const post = steps.find(({ name }) => name?.startsWith('Post'))?.run ?? '';
    execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', post], {
      cwd: world.directory,
      env: {
        PATH: [bin, process.env['PATH']].join(delimiter),
        GITHUB_REPOSITORY: 'acme/llm',
        PULL_REQUEST: '7',
      },
    });
    const calls = readFileSync(join(world.directory, 'calls'), 'utf8').trim().split('\n');
    expect(calls.at(-1)).toBe(expected);
    expect(calls).toHaveLength(2);
    expect(calls[0]).toContain(`startswith("${MARK}")`);
    expect(readFileSync(join(world.directory, 'report.md'), 'utf8')).toBe(`${MARK}\n`);
  });

  test('is one of the files of a project', async () => {
    await world.run('init', 'new', '--delivery', 'helm');
    expect(readFileSync(join(world.directory, 'new', REPORT_WORKFLOW), 'utf8')).toBe(
      reportWorkflow({ delivery: { kind: 'helm' } }),
    );
  });
});

test('shows the warnings of all constructs, each once', async () => {
  const annotations = ['Nothing delivers the Applications of infra/cluster', 'twice', 'twice'].map((message) => ({
    level: '@cdktf/warn',
    message,
  }));
  write('manifest.json', {
    stacks: { infra: { name: 'infra', workingDirectory: 'stacks/infra', dependencies: [], annotations } },
  });
  expect((await report()).warnings).toEqual(['Nothing delivers the Applications of infra/cluster', 'twice']);
  expect(await text()).toMatch(/^warning +Nothing delivers the Applications of infra\/cluster$/m);
});
