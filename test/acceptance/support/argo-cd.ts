/** A real Argo CD (application controller and repository server) on an API server, with a Git and a chart repository on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Application, renderTree } from '@org/ollama-eks';
import { argoCdValues, syncTimeoutSeconds } from '../../../packages/ollama-eks/src/gitops/argo-cd-values';
import { argoCdAppsValues } from '../../../packages/ollama-eks/src/gitops/root-application';
import { helm } from './helm';
import type { KubeApiServer } from './kube-api-server';
import { LoopbackServer } from './loopback-server';
import { freePorts, listening } from './ports';
import { runProgram } from './program';
import { tool } from './tools';

const NAMESPACE = 'argocd';
/** Path of the tree in the repository. */
const TREE = 'argocd/real';
/** Seconds between two comparisons if nothing changes. */
const RESYNC = '20';
/** Everything that Argo CD reads at its start, besides `argocd-cm`. */
const EMPTY_SETTINGS = ['rbac-cm', 'cmd-params-cm', 'gpg-keys-cm', 'tls-certs-cm', 'ssh-known-hosts-cm'];
const PART = { 'app.kubernetes.io/part-of': 'argocd' };

export class ArgoCd {
  private readonly charts = new LoopbackServer();
  private readonly children: ChildProcess[] = [];
  private commits = 0;

  /**
   * @param directory an empty folder for repositories, logs and the home of Argo CD
   * @param definitions files with the definitions that a chart contains
   */
  public constructor(
    private readonly server: KubeApiServer,
    private readonly directory: string,
    private readonly definitions: (chart: string) => readonly string[],
  ) {}

  /** Starts Argo CD with the settings that the delivery installs. */
  public async start(applications: readonly Application[]): Promise<void> {
    await this.serveCharts(applications);
    await this.git(['init', '-q', '-b', 'main', this.repository], this.directory);
    await this.writeSettings(applications);
    const [redis = 0, repository = 0, ...metrics] = await freePorts(4);
    const cache = ['--redis', `127.0.0.1:${redis}`];
    this.run('redis-server', ['--port', String(redis), '--bind', '127.0.0.1', '--save', '']);
    await listening(redis);
    this.run('argocd', [...cache, '--port', String(repository), '--metrics-port', String(metrics[0])], 'repo-server');
    await listening(repository);
    this.run(
      'argocd',
      [
        ...[...cache, '--repo-server', `127.0.0.1:${repository}`, '--namespace', NAMESPACE],
        ...['--metrics-port', String(metrics[1]), '--kubeconfig', this.server.kubeconfig],
        ...[
          '--app-resync',
          RESYNC,
          '--app-resync-jitter',
          '0',
          '--sync-timeout',
          String(syncTimeoutSeconds(applications)),
        ],
      ],
      'application-controller',
    );
  }

  public async stop(): Promise<void> {
    for (const child of this.children.reverse()) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
    await this.charts.stop();
  }

  /** Commits a tree with a tag, as a release does, and sets the root to it. Returns the commit. */
  public async release(applications: readonly Application[]): Promise<string> {
    const options = { repository: this.url, path: TREE, chartRepositories: [this.chartUrl], existingNamespaces: [] };
    const served = this.served(applications);
    renderTree(served, options, join(this.repository, TREE));
    this.commits += 1;
    const tag = `v${this.commits}.0.0`;
    await this.git(['add', '--all']);
    await this.git(['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', tag]);
    await this.git(['tag', tag]);
    const values = argoCdAppsValues(served, { ...options, namespace: NAMESPACE, revision: tag });
    await this.apply([
      ...Object.entries(values.projects).map(([name, project]) => argoObject('AppProject', name, { ...project })),
      ...Object.entries(values.applications).map(([name, root]) => argoObject('Application', name, { ...root })),
    ]);
    return (await this.git(['rev-parse', 'HEAD'])).trim();
  }

  public async apply(items: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await this.server.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input });
  }

  /** The end of the controller's log, for a failed test. */
  public log(): string {
    return readFileSync(join(this.directory, 'application-controller.log'), 'utf8').split('\n').slice(-20).join('\n');
  }

  private get repository(): string {
    return join(this.directory, 'repository');
  }

  private get url(): string {
    return `file://${this.repository}`;
  }

  private get chartUrl(): string {
    return `http://127.0.0.1:${String(this.charts.port)}`;
  }

  /** The Applications, with charts from loopback. */
  private served(applications: readonly Application[]): readonly Application[] {
    return applications.map((application) =>
      application.source.kind === 'chart'
        ? { ...application, source: { ...application.source, repository: this.chartUrl } }
        : application,
    );
  }

  /** Serves a chart of each name and version that contains the definitions of the real one, and one object. */
  private async serveCharts(applications: readonly Application[]): Promise<void> {
    const web = join(this.directory, 'charts');
    mkdirSync(web);
    for (const { source } of applications) {
      if (source.kind !== 'chart') continue;
      const { chart, version } = source;
      const folder = join(this.directory, 'sources', chart);
      for (const part of ['templates', 'crds']) mkdirSync(join(folder, part), { recursive: true });
      writeFileSync(join(folder, 'Chart.yaml'), `apiVersion: v2\nname: ${chart}\nversion: ${version}\n`);
      const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: chart } };
      writeFileSync(join(folder, 'templates/object.yaml'), JSON.stringify(object));
      this.definitions(chart).forEach((file, index) =>
        writeFileSync(join(folder, `crds/${String(index)}.yaml`), readFileSync(file)),
      );
      await helm(['package', folder, '--destination', web]);
    }
    await this.charts.start();
    await helm(['repo', 'index', web, '--url', this.chartUrl]);
    this.charts.respond = ({ url = '' }, response) => {
      const file = join(web, url);
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    };
  }

  private async writeSettings(applications: readonly Application[]): Promise<void> {
    const { configs } = argoCdValues(applications) as { readonly configs: { readonly cm: Record<string, unknown> } };
    const data = Object.fromEntries(Object.entries(configs.cm).map(([key, value]) => [key, String(value)]));
    const settings = (name: string, more: object = {}) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `argocd-${name}`, namespace: NAMESPACE, labels: PART },
      ...more,
    });
    await this.apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      settings('cm', { data }),
      ...EMPTY_SETTINGS.map((name) => settings(name)),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'argocd-secret', namespace: NAMESPACE, labels: PART },
        stringData: { 'server.secretkey': 'x'.repeat(44) },
      },
    ]);
  }

  /** Starts a program that runs until `stop`. Argo CD is one program, whose part is named by a variable. */
  private run(program: 'argocd' | 'redis-server', args: readonly string[], part = 'redis'): void {
    const log = openSync(join(this.directory, `${part}.log`), 'a');
    const folders = ['home', 'tmp', 'tls', 'ssh', 'bin'].map((name) => join(this.directory, name));
    folders.forEach((folder) => mkdirSync(folder, { recursive: true }));
    const [home = '', temporary = '', tls = '', ssh = '', bin = ''] = folders;
    writeFileSync(join(ssh, 'ssh_known_hosts'), '');
    writeFileSync(join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n[protocol "file"]\n\tallow = always\n');
    // The image of Argo CD has this script, which the release's binary does not contain. Nothing is signed here.
    writeFileSync(join(bin, 'git-verify-wrapper.sh'), '#!/bin/sh\n', { mode: 0o755 });
    const child = spawn(tool(program), args, {
      env: {
        PATH: [bin, dirname(tool('helm')), process.env.PATH].join(delimiter),
        HOME: home,
        TMPDIR: temporary,
        ARGOCD_BINARY_NAME: `argocd-${part}`,
        ARGOCD_FAKE_IN_CLUSTER: 'true',
        KUBECONFIG: this.server.kubeconfig,
        ARGOCD_GPG_ENABLED: 'false',
        ARGOCD_TLS_DATA_PATH: tls,
        ARGOCD_SSH_DATA_PATH: ssh,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.children.push(child);
  }

  private async git(args: readonly string[], cwd = this.repository): Promise<string> {
    return (await runProgram('git', args, { cwd })).stdout;
  }
}

/** An object as the chart argocd-apps renders it from its values. */
function argoObject(kind: string, name: string, values: Readonly<Record<string, unknown>>): object {
  const { namespace, additionalAnnotations: annotations, finalizers, ...spec } = values;
  return { apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace, annotations, finalizers }, spec };
}
