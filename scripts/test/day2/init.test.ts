import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { ALWAYS_WRITTEN } from '../../src/init/project-files';
import { World } from './world';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.remove();
});

const read = (...names: string[]) => readFileSync(join(world.directory, ...names), 'utf8');

test.each([
  ['kong', []],
  ['internal', ['--exposure', 'internal']],
])('the files that are looked for before the questions are among those of a project (%s)', async (_, flags) => {
  const { out } = await world.run('init', 'new', '--delivery', 'helm', '--json', ...flags);
  expect((JSON.parse(out) as { files: string[] }).files).toEqual(expect.arrayContaining([...ALWAYS_WRITTEN]));
});

test('creates a project for a chosen instance and model, without files that must not be committed', async () => {
  const { code, out } = await world.run(
    ...['init', 'platform', '--cluster', 'llm', '--region', 'eu-central-1', '--instance', 'g6e.2xlarge'],
    ...[
      '--model',
      'qwen3-coder:30b',
      '--context',
      '32768',
      '--parallel',
      '2',
      '--repository',
      'https://github.com/acme/platform',
    ],
  );
  expect(code).toBe(0);
  const steps = out.split('next:\n')[1]?.split('\n') ?? [];
  expect(steps.flatMap((line) => line.trim().split(/ {2}# /)[0] ?? []).filter(Boolean)).toEqual([
    'cd platform',
    'npm install',
    'export PATH="$PWD/node_modules/.bin:$PATH"',
    'npm run synth',
    'export KONNECT_TOKEN=…',
    'export ADMIN_CIDRS="$(curl -s https://checkip.amazonaws.com)/32"',
    'ollama-eks doctor',
    'ollama-eks render',
    'git init -b main && git remote add origin https://github.com/acme/platform',
    "git add -A && git commit -m 'Deploy llm' && git tag v0.1.0",
    'git push origin HEAD v0.1.0',
    'ollama-eks deploy',
  ]);
  expect(readdirSync(join(world.directory, 'platform')).sort()).toEqual([
    '.env.example',
    '.github',
    '.gitignore',
    'README.md',
    'cdktf.json',
    'main.ts',
    'ollama-eks.yaml',
    'package.json',
    'tsconfig.json',
  ]);
  expect(read('platform', 'main.ts')).toBe(readFileSync(join(__dirname, 'golden/main-argocd.ts.txt'), 'utf8'));
  expect(read('platform', '.gitignore').split('\n')).toEqual(expect.arrayContaining(['.env', 'terraform*.tfstate*']));
  const file = JSON.parse(read('platform', 'package.json')) as { dependencies: Record<string, string> };
  expect(Object.keys(file.dependencies)).toEqual(
    expect.arrayContaining(['@org/ollama-eks', 'cdktf', '@cdktf/provider-aws']),
  );
});

test('prints commands that a shell reads as they are meant', async () => {
  const repository = 'https://github.com/acme/$(touch pwned)'.replace(' ', '${IFS}');
  const { code, out } = await world.run('init', "the team's platform", '--repository', repository);
  expect(code).toBe(0);
  expect(out).toContain(String.raw`  cd 'the team'\''s platform'`);
  expect(out).toContain(`git remote add origin '${repository}'`);
});

test('creates a program that this Node.js runs as it is from 22.18, and that older ones compile first', async () => {
  expect((await world.run('init', '--delivery', 'helm')).code).toBe(0);
  const { scripts, engines } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    engines: { node: string };
  };
  const compiles = scripts['app']?.startsWith('tsc');
  expect([compiles, engines.node]).toEqual(
    Number(process.versions.node.split('.')[0]) >= 24 ? [false, '>=22.18'] : [true, '>=20.9'],
  );
});

test("writes a workflow whose actions are pinned as this repository's are, with the token in one step", async () => {
  expect((await world.run('init', '--delivery', 'helm')).code).toBe(0);
  const pins = (text: string) => new Set(text.match(/(?:uses|deck-version): .*/g));
  const ours = pins(readFileSync(join(__dirname, '../../../.github/workflows/kong-sync.yml'), 'utf8'));
  const theirs = pins(read('.github/workflows/kong-sync.yml'));
  expect(theirs.size).toBe(4);
  expect([...theirs].filter((pin) => !ours.has(pin))).toEqual([]);
  const { permissions, jobs } = load(read('.github/workflows/kong-sync.yml')) as {
    permissions: object;
    jobs: { sync: { environment: string; steps: { run?: string; env?: Record<string, string> }[] } };
  };
  expect([permissions, jobs.sync.environment]).toEqual([{ contents: 'read' }, 'konnect']);
  const withToken = jobs.sync.steps.filter((step) => JSON.stringify(step).includes('secrets.'));
  expect(withToken.map(({ run }) => run)).toEqual(['node_modules/.bin/ollama-eks kong "$COMMAND"']);
  expect(jobs.sync.steps.map(({ run }) => run ?? '').join()).not.toContain('${{');
});

test('asks for values that no flag sets, and uses the presets if stdin is not a terminal', async () => {
  const { code, out } = await world.run('init', '--delivery', 'helm');
  expect(code).toBe(0);
  expect(out).not.toMatch(/git |render|cd /);
  expect(read('main.ts')).toContain("new HelmDelivery(platform, 'helm'");
  expect(read('main.ts')).toContain('contextLength: 65_536');
});

test.each([
  ['qwen3:8b', '40_960'],
  ['bge-m3:567m', '8_192'],
])('without a context, %s gets its largest one: %s', async (model, tokens) => {
  expect(await world.run('init', '--delivery', 'helm', '--model', model)).toMatchObject({ code: 0 });
  expect(read('main.ts')).toContain(`contextLength: ${tokens}`);
});

const VPC = ['--vpc', 'vpc-1', '--vpc-cidr', '10.2.0.0/16', '--subnets', 'subnet-1,subnet-2'];

test.each([
  [
    ['--instance', 'g5.xlarge', '--model', 'llama3.1:70b'],
    /--instance = "g5.xlarge": does not hold llama3.1:70b: .*the cheapest instance that fits: --instance \S+/s,
  ],
  [['--instance', 'g9.xlarge'], /g9.xlarge/],
  [
    ['--model', 'no-such:1b', '--context', '4096'],
    /--model = "no-such:1b": is not in the catalogue of models; .*main.ts by the one that ollama-eks models inspect no-such:1b prints/,
  ],
  [['--context', '12x'], /--context = "12x": must be a whole number from 1 to 262144/],
  [['--context', '300000'], /--context = "300000": must be a whole number from 1 to 262144/],
  [['--parallel', '300'], /--parallel = "300": must be a whole number from 1 to 256/],
  [
    ['--parallel', '8', '--context', '262144'],
    /--parallel = "8": .*crashes with 262144 tokens each; choose fewer, or --context/,
  ],
  [
    ['--model', 'llama3.1:405b', '--context', '131072', '--parallel', '200'],
    /no listed instance type holds llama3.1:405b/,
  ],
  [['--cluster', 'Not Good'], /lowercase letters/],
  [['--exposure', 'public'], /--exposure = "public": is not supported; allowed: kong, internal/],
  [['--exposure', 'internal', '--callers', '0.0.0.0/0'], /--callers = "0.0.0.0\/0": must not admit everybody/],
  [['--exposure', 'internal', '--callers', '10.8.0.1/24'], /has bits set after its prefix.*write 10.8.0.0\/24/],
  [['--exposure', 'internal', '--callers', ''], /--callers = "": is not an IPv4 range/],
  [['--callers', '10.8.0.0/24', '--delivery', 'helm'], /--callers has no effect .*omit --callers/],
  [['--delivery', 'git'], /--delivery = "git": is not supported; allowed: argocd, helm/],
  [['--delivery', 'helm', '--repository', 'https://github.com/acme/platform'], /--repository has no effect/],
  [['--kong-cidr', '10.0.0.0/22'], /overlaps 10.0.0.0\/16 of the VPC/],
  [['--vpc', 'mine'], /--vpc = "mine": is not supported; allowed: new, or an ID/],
  [['--vpc', 'vpc-1'], /--vpc-cidr = "": is not an IPv4 range/],
  [['--vpc', 'vpc-1', '--vpc-cidr', '10.2.0.0/16', '--subnets', 'subnet-1'], /must have at least 2/],
  [['--vpc', 'vpc-1', '--vpc-cidr', '10.2.0.0/16', '--subnets', 'subnet-1,subnet-1'], /must not contain duplicates/],
  [['--vpc', 'vpc-1', '--vpc-cidr', '10.2.0.0/16', '--subnets', 'subnet-1,web'], /"web" is not an ID/],
  [['--vpc', 'vpc-1', '--vpc-cidr', '10.2.0.0/16', '--subnets', 'subnet-1,subnet-2'], /--transit-subnets = "".*2 IDs/],
  [[...VPC, '--transit-subnets', 'subnet-3,subnet-4,subnet-5'], /--transit-subnets = .*: must have exactly 2/],
  [[...VPC, '--transit-subnets', 'subnet-3,subnet-4'], /--route-tables = "": must have at least 1/],
  [['--route-tables', 'rtb-1', '--delivery', 'helm'], /--route-tables has no effect/],
  [['--region', 'mars'], /= "mars": must be an AWS region/],
  [['--kong-cidr', 'foo'], /= "foo": is not an IPv4 range/],
  [['--repository', 'notaurl'], /--repository = "notaurl":.* https:\/\/host\/path/],
  [['--repository', 'https://me:secret@github.com/acme/platform'], /without a password/],
  [[], /--repository = "":.*https:\/\/host\/path.*--delivery helm/],
])('%j is refused with exit code 2 before a file is written', async (args, words) => {
  expect(await world.run('init', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  expect(readdirSync(world.directory)).toEqual([]);
});

test('never overwrites a file, and writes none with --dry-run', async () => {
  writeFileSync(join(world.directory, 'main.ts'), 'mine');
  const { code, err } = await world.run('init', '--delivery', 'helm');
  expect([code, err]).toEqual([2, expect.stringMatching(/already has main.ts/)]);
  expect(read('main.ts')).toBe('mine');
  expect((await world.run('--dry-run', 'init', 'new', '--delivery', 'helm')).out).toMatch(/^would write main.ts/);
  expect(existsSync(join(world.directory, 'new'))).toBe(false);
});

test('a folder that has a project is refused before the first question', async () => {
  writeFileSync(join(world.directory, 'cdktf.json'), '{}');
  world.answers = [];
  const { code, err } = await world.run('init');
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/^error: .* already has cdktf.json; choose an empty folder\n$/),
  ]);
});

test('each answer is judged at once: what it leads to, what is wrong with it, and what there is', async () => {
  world.answers = [
    ...['Not Good', 'llm', 'eu-central-1', '?', 'new', 'internal', '0.0.0.0/0', '10.8.0.0/24'],
    ...['?', 'qwen3:8', 'qwen3:8b', '99999', '32768', '2', 'g9.xlarge', 'g4dn.xlarge', '?', '', 'helm'],
  ];
  const { code, err } = await world.run('init');
  expect(code).toBe(0);
  expect(err).toMatchSnapshot();
  expect(read('main.ts')).toBe(readFileSync(join(__dirname, 'golden/main-internal.ts.txt'), 'utf8'));
});

test('an end of input is not an answer', async () => {
  world.answers = ['llm'];
  const { code, err } = await world.run('init');
  expect([code, err]).toEqual([2, expect.stringContaining('error: the terminal was closed before an answer')]);
  expect(readdirSync(world.directory)).toEqual([]);
});

test('with flags it asks nothing', async () => {
  world.answers = [];
  const { code, err } = await world.run(
    ...['init', 'platform', '--cluster', 'llm', '--region', 'eu-central-1', ...VPC, '--transit-subnets'],
    ...['subnet-3,subnet-4', '--route-tables', 'rtb-1', '--exposure', 'kong', '--kong-cidr', '192.168.0.0/22'],
    ...[
      '--model',
      'qwen3:8b',
      '--context',
      '32768',
      '--parallel',
      '2',
      '--instance',
      'g6.xlarge',
      '--delivery',
      'helm',
    ],
  );
  expect([code, err]).toEqual([0, '']);
  expect(read('platform', 'main.ts')).toBe(readFileSync(join(__dirname, 'golden/main-vpc.ts.txt'), 'utf8'));
});

test.each([
  ['a file in place of its folder', 'project', 'project cannot be written: something else is in its place'],
  ['a file in its path', 'project/.github', '.github/workflows cannot be written: a part of its path is a file'],
])('%s is refused, and nothing is written', async (_, path, words) => {
  mkdirSync(dirname(join(world.directory, path)), { recursive: true });
  writeFileSync(join(world.directory, path), 'mine');
  const { code, err } = await world.run('init', 'project', '--delivery', 'helm');
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  const files = readdirSync(world.directory, { recursive: true, encoding: 'utf8' });
  expect(files.sort()).toEqual([...new Set(['project', path])]);
});

test('the README of a project has its figures and its next steps', async () => {
  expect((await world.run('init', '--yes', '--repository', 'https://github.com/acme/platform')).code).toBe(0);
  expect(read('README.md')).toMatchSnapshot();
  expect(read('.env.example')).toMatchSnapshot();
});

test('without Kong, no file of a project is about Kong', async () => {
  expect((await world.run('init', '--exposure', 'internal', '--delivery', 'helm')).code).toBe(0);
  const files = readdirSync(world.directory, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.yml'))).toEqual(['.github/workflows/report.yml']);
  const texts = files.filter((file) => !/\.github|\.gitignore$|workflows$/.test(file)).map((file) => read(file));
  expect(texts.join('\n')).not.toMatch(/kong|konnect/i);
});

test('with Argo CD, a pull request with another tree than its program renders is refused', async () => {
  expect((await world.run('init', '--repository', 'https://github.com/acme/platform')).code).toBe(0);
  const { jobs } = load(read('.github/workflows/report.yml')) as { jobs: { report: { steps: { run?: string }[] } } };
  const runs = jobs.report.steps.map(({ run }) => run);
  expect(runs.indexOf('node_modules/.bin/ollama-eks render --check')).toBeGreaterThan(runs.indexOf('npm run synth'));
});
