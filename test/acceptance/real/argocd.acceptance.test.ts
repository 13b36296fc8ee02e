/**
 * What a real Argo CD does with the tree of a whole installation: a first installation, a failed proof and its repair, a missing Secret,
 * an update, two minutes without changes, and deletion. The API server is real, too; a stand-in acts as controllers and nodes, and charts
 * contain only their definitions and one object. Runs if `argocd` (the release's binary contains all parts) and `redis-server` are on PATH.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_APPLICATION } from '@org/ollama-eks/pure';
import {
  describeApplication,
  isOfOlderSource,
  isSettled,
  type ArgoApplication,
} from '../../../scripts/src/argo/application';
import { causesOf } from '../../../scripts/src/argo/causes';
import { startSync } from '../../../scripts/src/argo/failed-syncs';
import { endOlderSyncs, syncsOlderSource } from '../../../scripts/src/argo/older-syncs';
import { Kubectl } from '../../../scripts/src/systems/kubectl';
import { changed } from '../../../packages/ollama-eks/test/gitops/support/wave-scenarios';
import { installations } from '../../support/installations';
import { KUBE_NEEDS, kubeApiServer, suite, workDir } from '../support';
import { ArgoCd } from '../support/argo-cd';
import { Controllers } from '../support/controllers';
import { DEFINITIONS_FOLDER } from '../support/definitions';
import { KubeProxy } from '../support/kube-proxy';

const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const PROVER = 'ollama-model-prover';
const TYPES = ['argocd-v3.5.1-application-crd.yaml', 'argocd-v3.5.1-appproject-crd.yaml'];
/** Definitions that charts contain. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  'gateway-api-crds': 'gateway-api-v1.6.1-standard-install.yaml',
  base: 'istio-1.31.0-rc.0-crd-all.gen.yaml',
  'aws-load-balancer-controller': 'aws-load-balancer-controller-v3.5.0-targetgroupbinding-crd.yaml',
};
const SECONDS = 1000;
const MINUTES = 60 * SECONDS;
/** How long a state may take to come. */
const LIMIT = 15 * MINUTES;
/** Secret of the gateway's certificate, which Terraform creates. */
const CERTIFICATE = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'ollama-gateway-tls', namespace: 'istio-ingress' },
  stringData: { 'tls.crt': 'c', 'tls.key': 'k' },
};

jest.setTimeout(2 * LIMIT + MINUTES);

suite('Argo CD', [...KUBE_NEEDS, 'helm', 'argocd', 'redis-server'], () => {
  let api: KubeProxy;
  let controllers: Controllers;
  // Hooks run in the order of their declaration: these programs use the API server.
  afterAll(async () => {
    await argoCd.stop();
    await controllers.stop();
    await api.stop();
  });
  const server = kubeApiServer();
  const directory = workDir();
  const [installation] = installations();
  const applications = installation?.applications ?? [];
  const argoCd = new ArgoCd(server, directory, (chart) =>
    [DEFINITIONS[chart]].filter((file) => file !== undefined).map((file) => join(DEFINITIONS_FOLDER, file)),
  );
  const kubectl = new Kubectl({
    runner: { run: async (_, args) => ({ exitCode: 0, ...(await server.kubectl(args)) }) },
  });
  const began = Date.now();

  const list = async () => {
    controllers.expectRunning();
    return (await api.list(APPLICATIONS)) as readonly ArgoApplication[];
  };
  const find = async (name: string) => (await list()).find(({ metadata }) => metadata.name === name);
  const note = (text: string) =>
    process.stdout.write(`${String(Math.round((Date.now() - began) / SECONDS)).padStart(4)} s  ${text}\n`);

  /** Waits until a condition holds, and notes each Application's changes meanwhile. Returns the order in which they settled. */
  async function until(
    holds: (all: readonly ArgoApplication[]) => boolean | Promise<boolean>,
    limit: number,
  ): Promise<readonly string[]> {
    const end = Date.now() + limit;
    const seen = new Map<string, string>();
    const settled: string[] = [];
    for (;;) {
      const all = await list();
      for (const application of all) {
        const { name } = application.metadata;
        const state = inOneLine(application);
        if (seen.get(name) === state) continue;
        seen.set(name, state);
        note(state);
        if (isSettled(application)) settled.push(`${name} ${revisionOf(application)}`);
      }
      if (await holds(all)) return settled;
      if (Date.now() > end) throw new Error(`${all.map(inOneLine).join('\n')}\n${argoCd.log()}`);
      await pause(500);
    }
  }

  beforeAll(async () => {
    for (const file of TYPES) await server.kubectl(['apply', '--server-side', '-f', join(DEFINITIONS_FOLDER, file)]);
    api = await KubeProxy.start(server.kubeconfig);
    controllers = new Controllers(api);
    await argoCd.start(applications);
    await argoCd.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-ingress' } }, CERTIFICATE]);
  }, 6 * MINUTES);

  const isAt = (commit: string) => (all: readonly ArgoApplication[]) =>
    all.length === applications.length + 1 &&
    all.every((one) => isSettled(one) && (isRoot(one) || revisionOf(one) === commit));
  const waveOf = (name: string) => applications.find((one) => one.name === name)?.wave ?? Infinity;
  /** Waves, in the order in which their Applications settled at a commit. */
  const waves = (settled: readonly string[], commit: string) =>
    settled.filter((one) => one.endsWith(commit)).map((one) => waveOf(one.split(' ')[0] ?? ''));
  const retries = async () => (await find(ROOT_APPLICATION))?.status?.operationState?.retryCount ?? 0;

  test('a first installation comes up wave by wave, without a retry', async () => {
    note('release 1');
    const commit = await argoCd.release(applications);
    const order = waves(await until(isAt(commit), LIMIT), commit);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(await retries()).toBe(0);
  });

  test('nothing drifts in two minutes', async () => {
    await until((all) => all.every(({ status }) => status?.operationState?.phase === 'Succeeded'), LIMIT);
    const syncs = async () => (await list()).map(({ metadata, status }) => [metadata.name, status?.operationState]);
    const before = await syncs();
    const end = Date.now() + 2 * MINUTES;
    while (Date.now() < end) {
      expect(await syncs()).toEqual(before);
      expect((await list()).filter(({ status }) => status?.sync?.status === 'OutOfSync')).toEqual([]);
      await pause(2 * SECONDS);
    }
    note('two minutes without a sync');
    await until((all) => all.every(isSettled), LIMIT); // health is unknown for a moment if the machine is busy
  });

  test('a failed proof holds up later waves, names its reason, and passes once models answer', async () => {
    controllers.jobsSucceed = false;
    note('release 2, in which no model answers');
    const commit = await argoCd.release(applications);
    await until((all) => all.some((one) => one.metadata.name === PROVER && hasRetried(one)), LIMIT);
    const prover = await find(PROVER);
    expect(prover && (await causesOf(kubectl, prover))).toEqual([
      expect.stringMatching(/^Job ollama-model-prover-\w+ failed: no model answers/),
    ]);
    const later = (await list()).filter(
      ({ metadata }) => waveOf(metadata.name) > waveOf(PROVER) && metadata.name !== ROOT_APPLICATION,
    );
    expect(later.map(revisionOf)).not.toContain(commit);
    controllers.jobsSucceed = true;
    note('models answer');
    await until(isAt(commit), LIMIT);
  });

  test('an update is gated, too, and a gateway without its certificate holds up its routes', async () => {
    await server.kubectl([
      'delete',
      'secret',
      CERTIFICATE.metadata.name,
      '--namespace',
      CERTIFICATE.metadata.namespace,
    ]);
    note('release 3, with other content, and without the certificate');
    const commit = await argoCd.release(changed(applications));
    await until((all) => all.some((one) => one.metadata.name === 'gateway' && isHeldUpAt(one, commit)), LIMIT);
    const gateway = await find('gateway');
    expect(gateway && (await causesOf(kubectl, gateway))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/listener https: ResolvedRefs is False: secret ollama-gateway-tls not found/),
      ]),
    );
    expect((await list()).filter(({ metadata }) => waveOf(metadata.name) === 6).map(revisionOf)).not.toContain(commit);
    await argoCd.apply([CERTIFICATE]);
    note('the certificate is there again');
    await until(isAt(commit), LIMIT);
  });

  test('a sync that is started from outside runs again, with the proof', async () => {
    const jobs = async () =>
      (await api.list('/apis/batch/v1/namespaces/ollama/jobs')).map(({ metadata }) => metadata.uid);
    const before = await jobs();
    const prover = await find(PROVER);
    if (prover !== undefined) await startSync(kubectl, 'argocd', prover);
    note(`${PROVER} is started again`);
    await until(async (all) => all.every(isSettled) && (await jobs()).every((job) => !before.includes(job)), LIMIT);
    expect(await jobs()).toHaveLength(before.length);
  });

  test('a chart that cannot be fetched is named, and holds up the next release until its sync is ended', async () => {
    const broken = applications.map((application) =>
      application.name === 'ztunnel' && application.source.kind === 'chart'
        ? { ...application, source: { ...application.source, version: '0.0.1' } }
        : application,
    );
    note('release 4, with a chart that does not exist');
    await argoCd.release(broken);
    await until(
      (all) => all.some((one) => one.metadata.name === 'ztunnel' && one.status?.sync?.status === 'Unknown'),
      LIMIT,
    );
    const ztunnel = await find('ztunnel');
    expect(ztunnel && (await causesOf(kubectl, ztunnel))).toEqual([
      expect.stringMatching(/^ComparisonError: .*ztunnel/),
    ]);
    note('release 5, without it');
    const commit = await argoCd.release(applications);
    const isWaiting = (all: readonly ArgoApplication[]) => all.some((one) => isRoot(one) && syncsOlderSource(one));
    await until(isWaiting, LIMIT);
    note('the sync of release 4 is ended, as deploy does');
    await endOlderSyncs(kubectl, 'argocd', await list());
    await until(isAt(commit), LIMIT);
  });

  test('deletion goes from the last wave to the first, and keeps definitions', async () => {
    note('the root is deleted');
    await server.kubectl([
      'delete',
      'application.argoproj.io',
      ROOT_APPLICATION,
      '--namespace',
      'argocd',
      '--wait=false',
    ]);
    const gone: string[] = [];
    const names = async () => (await list()).map(({ metadata }) => metadata.name);
    const end = Date.now() + LIMIT;
    let left = await names();
    while (left.length > 0 && Date.now() < end) {
      const now = await names();
      const ended = left.filter((one) => !now.includes(one));
      ended.forEach((name) => {
        note(`${name} is gone`);
      });
      gone.push(...ended);
      left = now;
      await pause(500);
    }
    expect(left).toEqual([]);
    const order = gone.filter((name) => name !== ROOT_APPLICATION).map(waveOf);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    const definitions = await api.list('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    expect(definitions.map(({ metadata }) => metadata.name)).toContain('gateways.gateway.networking.k8s.io');
  });
});

const isRoot = ({ metadata }: ArgoApplication) => metadata.name === ROOT_APPLICATION;

/** Commit of the tree in an Application's spec; charts have it as the name of their source. */
function revisionOf({ spec }: ArgoApplication): string {
  const { name, targetRevision } = (spec?.source ?? {}) as { readonly name?: string; readonly targetRevision?: string };
  return name ?? targetRevision ?? '';
}

function hasRetried({ status }: ArgoApplication): boolean {
  return (status?.operationState?.retryCount ?? 0) > 0;
}

/** Whether a sync of a commit has ended, but its objects are not healthy. */
function isHeldUpAt(application: ArgoApplication, commit: string): boolean {
  const { health, operationState } = application.status ?? {};
  const isOver = operationState?.phase === 'Succeeded' && !isOfOlderSource(application);
  return revisionOf(application) === commit && isOver && health?.status !== 'Healthy';
}

function inOneLine(application: ArgoApplication): string {
  const { phase = 'no sync', retryCount = 0 } = application.status?.operationState ?? {};
  const retry = retryCount > 0 ? `, retry ${String(retryCount)}` : '';
  return `${describeApplication(application, [])} ${phase}${retry} at ${revisionOf(application).slice(0, 7)}`;
}
