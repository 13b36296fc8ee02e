/** The workflow that syncs Kong's configuration: its permissions, and the order of its steps. */
import { checkDeckEnvironment, KONG_CONFIG_TAG, kongConfigFile } from '@org/ollama-eks';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kongWorkflow } from '../../scripts/src/init/kong-workflow';
import { renderTemplate } from './support/deck-template';
import { ENVIRONMENT } from './support/environment';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly paths?: readonly string[]; readonly branches?: readonly string[] }>>;
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: { readonly validate: Job; readonly sync: Job };
}

const ROOT = join(__dirname, '../..');
const FILE = '.github/workflows/kong-sync.yml';
const workflow = parse(readFileSync(join(ROOT, FILE), 'utf8')) as Workflow;
const { validate, sync } = workflow.jobs;
const steps = [...validate.steps, ...sync.steps];
const runs = steps.map(({ run }) => run ?? '');

it('runs for changes of the configuration and of itself, on pull requests, on main and on demand', () => {
  const paths = ['deck/kong-config.yaml', FILE];
  expect(workflow.on).toEqual({
    pull_request: { paths },
    push: { branches: ['main'], paths },
    workflow_dispatch: {},
  });
});

it('may only read the repository, one run at a time, with a timeout', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(workflow.concurrency).toEqual({ group: 'kong-sync', 'cancel-in-progress': false });
  for (const job of [validate, sync]) expect(job['timeout-minutes']).toBeLessThanOrEqual(15);
});

it('pins every action by commit, and names its version', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(3);
  for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  const text = readFileSync(join(ROOT, FILE), 'utf8');
  expect(text.match(/uses: .*@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(used.length);
});

it('keeps no Git credentials and sends no analytics', () => {
  const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
  expect(workflow.env['DECK_ANALYTICS']).toBe('off');
});

it('pins the decK that its tests run with, in every workflow, and in the generated one', () => {
  const files = ['kong-sync', 'ci', 'nightly'].map((name) =>
    readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8'),
  );
  const pins = [...files, kongWorkflow()].map((text) =>
    text.match(/uses: kong\/setup-deck@.*\n +with:\n +deck-version: .*/g)?.map((pin) => pin.replace(/\s+/g, ' ')),
  );
  const pin = 'uses: kong/setup-deck@6ea0a466ee5826ddb531cbe851ba8e5a77a0e041 # v1.7.1 with: deck-version: 1.65.1';
  expect(pins).toEqual([[pin, pin], [pin], [pin], [pin]]);
});

it('passes the token to steps of a protected environment, in a variable and never as an argument', () => {
  expect(sync.environment).toBe('konnect');
  expect(runs.join('\n')).not.toMatch(/secrets\.|--konnect-token|\$\{\{/);
  const withToken = steps.filter(({ env }) => env?.['DECK_KONNECT_TOKEN'] !== undefined);
  for (const step of withToken) expect(step.env).toEqual({ DECK_KONNECT_TOKEN: '${{ secrets.KONNECT_TOKEN }}' });
  expect(JSON.stringify([workflow.env, validate, sync.env])).not.toContain('secrets.');
});

it('uses no token for a pull request from a fork, and never syncs for a pull request', () => {
  expect(sync.if).toBe(
    "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",
  );
  const syncing = steps.filter(({ run }) => run?.includes('deck gateway sync'));
  expect(syncing.map((step) => step.if)).toEqual(["github.event_name != 'pull_request'"]);
});

it('checks the installation, compares, guards, then syncs', () => {
  const commands = sync.steps.flatMap(
    ({ run }) => run?.match(/deck (?:gateway|file) \w+|node scripts\/bin\/ollama-eks\.js kong guard [^ ]+/g) ?? [],
  );
  expect(commands).toEqual([
    'node scripts/bin/ollama-eks.js kong guard --environment',
    'deck gateway validate',
    'deck gateway diff',
    'node scripts/bin/ollama-eks.js kong guard plan.json',
    'deck gateway sync',
  ]);
});

it('runs programs of the commit, and nothing that npx would download', () => {
  expect(runs.join('\n')).not.toMatch(/npx/);
});

it('names the address and the control plane in every command that contacts Konnect, and skips consumers in comparisons', () => {
  const commands = runs.join('\n').replaceAll('\\\n', ' ').split('\n');
  const reaching = commands.filter((command) => command.includes('deck gateway'));
  expect(reaching).toHaveLength(3);
  for (const command of reaching) {
    expect(command).toContain('--konnect-addr "https://$KONNECT_REGION.api.konghq.com"');
    expect(command).toContain('--konnect-control-plane-name "$KONNECT_CONTROL_PLANE_NAME"');
    expect(command).toContain('"$CONFIG"');
    if (!command.includes('validate')) expect(command).toContain('--skip-consumers');
  }
});

it('plans with one worker, because several lose entries', () => {
  const plans = runs.flatMap((run) => run.replaceAll('\\\n', ' ').match(/deck gateway diff .*--json-output.*/g) ?? []);
  expect(plans).toHaveLength(1);
  for (const plan of plans) expect(plan).toMatch(/ --parallelism 1 /);
});

it('fails if the name of the control plane is empty: decK would use the one named default', () => {
  const check = sync.steps.find(({ run }) => run?.includes('KONNECT_CONTROL_PLANE_NAME is not set'));
  for (const name of ['KONNECT_REGION', 'KONNECT_CONTROL_PLANE_NAME', 'DECK_KONNECT_TOKEN']) {
    expect(check?.run).toContain(`test -n "$${name}"`);
  }
});

it('never reads consumers: neither their file nor their tag', () => {
  expect(workflow.env['CONFIG']).toBe('deck/kong-config.yaml');
  expect(runs.join('\n')).not.toMatch(/kong-consumers|--select-tag/);
  const config = parse(readFileSync(join(ROOT, 'deck/kong-config.yaml'), 'utf8')) as {
    _info: unknown;
    consumers?: unknown;
  };
  expect(config._info).toEqual({ select_tags: [KONG_CONFIG_TAG] });
  expect(config.consumers).toBeUndefined();
});

describe('passes decK every variable that a configuration may use, with and without admin routes', () => {
  const files = [false, true].map((adminRoutes) => kongConfigFile({ requestTimeoutSeconds: 900, adminRoutes }));
  const variables = Object.keys(ENVIRONMENT).filter((name) => name.startsWith('DECK_OLLAMA_'));
  const generated = parse(kongWorkflow()) as { readonly jobs: { readonly sync: Job } };
  const environments = [
    ['kong-sync.yml, validate', validate.env],
    ['kong-sync.yml, sync', sync.env],
    ['the generated workflow', Object.assign({}, ...generated.jobs.sync.steps.map(({ env }) => env))],
  ] as [string, Record<string, string>][];

  it.each(environments)('%s', (_, environment) => {
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(variables));
    for (const file of files) expect(() => renderTemplate(file, environment)).not.toThrow();
  });

  it('a configuration without admin routes accepts that their variable is empty', () => {
    const environment = { ...ENVIRONMENT, DECK_OLLAMA_ADMIN_HOSTNAME: '' };
    expect(() => checkDeckEnvironment(environment, files[0])).not.toThrow();
    expect(() => checkDeckEnvironment(environment, files[1])).toThrow('DECK_OLLAMA_ADMIN_HOSTNAME');
  });
});
