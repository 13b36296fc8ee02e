/** Both deliveries of a whole installation with Terraform and OpenTofu, from the first apply to destroy; and what Helm renders. */
import {
  type Application,
  ArgoCdDelivery,
  type ArgoCdDeliveryProps,
  HelmDelivery,
  type IApplicationSource,
  PlatformStack,
  renderTree,
} from '@org/ollama-eks';
import { App } from 'cdktf';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { writeFiles } from '../../packages/ollama-eks/src/gitops/file-tree';
import { hasHooks } from '../../packages/ollama-eks/src/gitops/manifests';
import { releaseChart } from '../../packages/ollama-eks/src/gitops/release-chart';
import { contentRevision } from '../../packages/ollama-eks/src/gitops/revision-record';
import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';
import { helm, readStubLog, suite, terraform, workDir, type Engine } from './support';
import { changes, outOfOrder, type Change } from './support/events';
import { StackJson } from './support/stack-json';
import type { TerraformOptions } from './support/terraform';

/** Kinds that the mesh of an installation defines. */
const DEFINED_GROUPS = ['gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io'];
const CLUSTER = { clusterName: 'ollama', region: 'us-west-2' };
/** Text that both Terraform and Helm could interpret. */
const HOSTILE = 'echo ${HOME} $${HOME} %{if x} %%{x} {{ .Values.x }} {{{ b }}} "q" \\n\n  second: line\n';

type Delivery = 'ArgoCdDelivery' | 'HelmDelivery';

describe.each<[Delivery, Engine]>([
  ['ArgoCdDelivery', 'terraform'],
  ['ArgoCdDelivery', 'tofu'],
  ['HelmDelivery', 'terraform'],
  ['HelmDelivery', 'tofu'],
])('%s by %s', (delivery, engine) => {
  suite(`${delivery} by ${engine}`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const source = newSource();
    const options: TerraformOptions = { engine, providers: 'stub-providers', stubLog: join(dir, 'steps.log') };

    test('comes up wave by wave, then plans no change, and is destroyed in reverse order', async () => {
      await expectLifecycle(delivery, source, join(dir, 'good'), options);
    });

    test('is resumed by a second apply after the first one failed', async () => {
      const broken = synthesize(delivery, source, join(dir, 'broken'));
      await terraform(broken, ['init'], options);
      const fail = { ...options, env: { STUB_FAIL_CREATE: 'helm_release' } };
      const first = await terraform(broken, ['apply', '-auto-approve'], { ...fail, exitCodes: [1] });
      expect(first.stdout + first.stderr).toContain('helm_release');
      await terraform(broken, ['apply', '-auto-approve'], options);
      await terraform(broken, ['plan', '-detailed-exitcode'], options);
      expect(await storedValues(broken, options)).toEqual(sentValues(delivery, source.applications));
      await terraform(broken, ['destroy', '-auto-approve'], options);
    });
  });
});

suite('HelmDelivery of the examples', ['terraform', 'stub-providers'], () => {
  const dir = workDir();

  test.each(committedInstallations().map(({ name, applications }) => [name, applications] as const))(
    '%s comes up wave after wave, has nothing to change then, and goes down the other way',
    async (name, applications) => {
      const outdir = join(dir, name.replace(' ', '-'));
      const options: TerraformOptions = { providers: 'stub-providers', stubLog: `${outdir}.log` };
      const charts = applications.flatMap(({ source }) => (source.kind === 'chart' ? [source.repository] : []));
      await expectLifecycle(
        'HelmDelivery',
        { ...newSource(), applications, chartRepositories: charts },
        outdir,
        options,
      );
    },
  );
});

suite('an existing Argo CD', ['terraform', 'stub-providers'], () => {
  const dir = workDir();

  test('is refused at plan if it has no health check of Applications', async () => {
    const stack = synthesize('ArgoCdDelivery', newSource(), dir, { existing: true });
    const options: TerraformOptions = { providers: 'stub-providers' };
    await terraform(stack, ['init'], options);
    // the stand-in invents a ConfigMap without it
    const { stderr } = await terraform(stack, ['plan'], { ...options, exitCodes: [1] });
    expect(stderr.replace(/[\s│]+/g, ' ')).toContain('otherwise waves do not wait. Set it to APPLICATION_HEALTH_CHECK');
  });
});

suite('Helm renders', ['helm'], () => {
  const dir = workDir();
  const [application] = hostileApplications() as [Application];

  test('the tree of Applications as intended, with any braces in it', async () => {
    const chart = join(dir, 'tree');
    renderTree(hostileApplications(), { repository: 'https://github.com/acme/platform', path: 'argocd/x' }, chart);
    const revision = '1'.repeat(40); // without forceString and quotes this would be a number
    const { stdout } = await helm(['template', 'root', chart, '--set-string', `revision=${revision}`]);
    const applications = parseAllDocuments(stdout).map((document) => document.toJS() as object);
    expect(applications).toMatchObject([
      { spec: { source: { helm: { valuesObject: { script: HOSTILE, '{{ key }}': '{{ value }}' } } } } },
      {
        spec: {
          source: {
            repoURL: 'https://github.com/acme/platform',
            targetRevision: revision,
            path: 'argocd/x/manifests/script',
          },
        },
      },
    ]);
  });

  test('the chart in a tree as intended, with the revision that its Application passes on', async () => {
    const tree = join(dir, 'hooks');
    const [, script] = hostileApplications() as [Application, Application];
    renderTree([withHook(script)], { repository: 'https://github.com/acme/platform', path: 'argocd/x' }, tree);
    const root = await helm(['template', 'root', tree, '--set-string', `revision=${'1'.repeat(40)}`]);
    const { spec } = parse(root.stdout) as {
      readonly spec: { readonly source: { readonly helm: { valuesObject: object } } };
    };
    writeFiles(new Map([['values.yaml', JSON.stringify(spec.source.helm.valuesObject)]]), dir);
    const { stdout } = await helm([
      'template',
      'script',
      join(tree, 'manifests/script'),
      '-f',
      join(dir, 'values.yaml'),
    ]);
    const objects = parseAllDocuments(stdout).map((document) => document.toJS() as object);
    expect(objects).toMatchObject([
      { kind: 'ConfigMap', metadata: { name: 'script-revision' }, data: { revision: '1'.repeat(40) } },
      { kind: 'ConfigMap', metadata: { name: 'script' }, data: { script: HOSTILE } },
      { kind: 'Job', metadata: { annotations: { 'argocd.argoproj.io/hook': 'Sync' } } },
    ]);
  });

  test('no tree without a revision', async () => {
    const chart = join(dir, 'unpinned');
    renderTree(hostileApplications(), { repository: 'https://github.com/acme/platform', path: 'argocd/x' }, chart);
    const { stderr } = await helm(['template', 'root', chart], { exitCodes: [1] });
    expect(stderr).toContain('revision: the commit that this tree is read from');
  });

  test('the chart of a release as intended', async () => {
    const chart = join(dir, 'release');
    const [, script] = hostileApplications() as [Application, Application];
    writeFiles(releaseChart(script), chart);
    const { stdout } = await helm(['template', 'script', chart, '--namespace', 'ollama']);
    expect(parse(stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'script', namespace: 'kube-system' },
      data: { script: HOSTILE },
    });
    expect(application.name).toBe('istiod');
  });
});

/** Applies, plans and destroys a delivery. Fails if anything is out of order, changed, or left behind. */
async function expectLifecycle(
  delivery: Delivery,
  source: IApplicationSource,
  outdir: string,
  options: TerraformOptions,
): Promise<void> {
  const { applications } = source;
  const stack = synthesize(delivery, source, outdir);
  await terraform(stack, ['init'], options);
  const applied = await terraform(stack, ['apply', '-auto-approve', '-json'], options);
  expect(misplaced(stack, delivery, applications, changes(applied.stdout))).toEqual([]);
  await terraform(stack, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
  expect(await storedValues(stack, options)).toEqual(sentValues(delivery, applications));

  const destroyed = await terraform(stack, ['destroy', '-auto-approve', '-json'], options);
  expect(misplaced(stack, delivery, applications, changes(destroyed.stdout).map(backwards))).toEqual([]);
  const steps = readStubLog(options.stubLog ?? '');
  const types = (op: string) => steps.filter((step) => step.op === op).map(({ type }) => type);
  expect(types('create').sort()).toEqual(new StackJson(stack).types.sort());
  expect(types('delete').sort()).toEqual(types('create').sort());
}

function newSource(): IApplicationSource {
  const [installation] = installations();
  if (installation === undefined) throw new Error('no installation');
  const applications = installation.applications.map((application) =>
    application.name === 'istiod' && application.source.kind === 'chart'
      ? {
          ...application,
          source: { ...application.source, values: { ...application.source.values, meshConfig: { note: HOSTILE } } },
        }
      : application,
  );
  const data = { 'tls.crt': 'certificate', 'tls.key': 'key' };
  const secrets = [{ name: 'gateway-tls', namespace: 'istio-ingress', type: 'kubernetes.io/tls', data }];
  return { applications, secrets, chartRepositories: installation.chartRepositories, definedGroups: DEFINED_GROUPS };
}

/** Synthesizes a platform stack with a delivery, and returns its directory. */
function synthesize(
  delivery: Delivery,
  source: IApplicationSource,
  outdir: string,
  more: Partial<ArgoCdDeliveryProps> = {},
): string {
  const app = new App({ outdir, stackTraces: false });
  const stack = new PlatformStack(app, 'platform', { cluster: CLUSTER });
  if (delivery === 'HelmDelivery') {
    new HelmDelivery(stack, 'delivery', { sources: [source] });
  } else {
    new ArgoCdDelivery(stack, 'delivery', {
      repository: 'https://github.com/acme/platform',
      revision: 'v1.4.0',
      path: 'argocd/g5-12xlarge',
      sources: [source],
      ...more,
    });
  }
  app.synth();
  return join(outdir, 'stacks/platform');
}

/** Returns changes that came before their dependencies: namespaces, then Secrets, then the releases by wave. */
function misplaced(
  stack: string,
  delivery: Delivery,
  applications: readonly Application[],
  all: readonly Change[],
): string[] {
  const json = new StackJson(stack);
  const named = (names: readonly string[]) =>
    json.addresses('helm_release', ({ name }) => names.includes(String(name)));
  const waves = [...new Set(applications.map(({ wave }) => wave))].sort((a, b) => a - b);
  const releases =
    delivery === 'HelmDelivery'
      ? waves.map((wave) => named(applications.filter((one) => one.wave === wave).map(releaseName)))
      : [named(['argocd']), named(['ollama-root'])];
  expect(releases.every((addresses) => addresses.length > 0)).toBe(true);
  const namespaces = json.addresses('kubernetes_namespace_v1');
  const secrets = json.addresses('kubernetes_secret_v1');
  const first = delivery === 'HelmDelivery' ? releases[0] : releases[releases.length - 1];
  const ofSecrets = namespaces.filter((address) => address.includes('istio-ingress'));
  return [
    ...outOfOrder(all, ofSecrets, secrets),
    ...outOfOrder(all, [...ofSecrets, ...secrets], first ?? []),
    ...releases.slice(1).flatMap((later, index) => outOfOrder(all, releases[index] ?? [], later)),
  ];
}

/** Reverses a change of a destroy in time. */
function backwards({ address, started, completed }: Change): Change {
  return { address, started: -completed, completed: -started };
}

interface State {
  readonly values: {
    readonly root_module: {
      readonly resources: readonly {
        readonly type: string;
        readonly values: { readonly name: string; readonly chart: string; readonly values: readonly string[] | null };
      }[];
    };
  };
}

/** Values of the chart releases by name, as Terraform passes them to the provider. */
async function storedValues(stack: string, options: TerraformOptions): Promise<Record<string, unknown>> {
  const { stdout } = await terraform(stack, ['show', '-json'], options);
  const { resources } = (JSON.parse(stdout) as State).values.root_module;
  const releases = resources.filter(({ type, values }) => type === 'helm_release' && values.values !== null);
  const stored = releases.map(({ values }) => [values.name, parse(values.values?.[0] ?? '')] as const);
  return Object.fromEntries(stored.filter(([name]) => !['argocd', 'ollama-root'].includes(name)));
}

/** Values of the Applications, and the revision if there are hooks; Argo CD reads them from Git. */
function sentValues(delivery: Delivery, applications: readonly Application[]): Record<string, unknown> {
  const revision = contentRevision(applications);
  const charts = applications.flatMap((application) =>
    application.source.kind === 'chart'
      ? [[releaseName(application), application.source.values] as const]
      : hasHooks(application)
        ? [[application.name, { revision }] as const]
        : [],
  );
  return delivery === 'HelmDelivery'
    ? (JSON.parse(JSON.stringify(Object.fromEntries(charts))) as Record<string, unknown>)
    : {};
}

function releaseName({ name, source }: Application): string {
  return source.kind === 'chart' ? (source.releaseName ?? name) : name;
}

/** An Application of manifests and a hook. */
function withHook(application: Application): Application {
  const annotations = { 'argocd.argoproj.io/hook': 'Sync' };
  const hook = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'hook', annotations } };
  return application.source.kind === 'chart'
    ? application
    : { ...application, source: { ...application.source, manifests: [...application.source.manifests, hook] } };
}

function hostileApplications(): readonly Application[] {
  const [installation] = installations();
  const istiod = installation?.applications.find(({ name }) => name === 'istiod');
  if (istiod?.source.kind !== 'chart') throw new Error('no istiod');
  const shared = {
    namespace: { name: 'kube-system' },
    project: 'platform',
    healthGate: { timeoutSeconds: 60 },
  } as const;
  const script = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'script', namespace: 'kube-system' },
    data: { script: HOSTILE },
  };
  return [
    { ...istiod, ...shared, source: { ...istiod.source, values: { script: HOSTILE, '{{ key }}': '{{ value }}' } } },
    { ...shared, name: 'script', wave: 1, source: { kind: 'manifests', manifests: [script] } },
  ];
}
