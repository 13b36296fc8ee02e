/** The committed GitOps trees of the examples, parsed into Applications. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Application, ChartSource, Manifest, PodSecurityLevel, Wave } from '@org/ollama-eks';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import { INSTALLED_PROMETHEUS } from '../../packages/ollama-eks/src/observability/collector';
import type { Installation } from './installations';
import { parseYamlOnce } from './parse-yaml-once';

const TREES = resolve(__dirname, '../../argocd');
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** An Argo CD Application of a tree. */
interface ChildApplication {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly project: string;
    readonly source: {
      readonly repoURL: string;
      readonly chart?: string;
      readonly targetRevision: string;
      readonly helm?: { readonly releaseName: string; readonly valuesObject: ChartSource['values'] };
    };
    readonly destination: { readonly namespace: string };
    readonly syncPolicy: {
      readonly syncOptions: readonly string[];
      readonly managedNamespaceMetadata?: { readonly labels: Readonly<Record<string, string>> };
    };
  };
}

/** Installations of the committed trees, named after their examples. */
export function committedInstallations(): readonly Installation[] {
  const names = existsSync(TREES) ? readdirSync(TREES) : [];
  return names
    .filter((name) => existsSync(join(TREES, name, 'Chart.yaml')))
    .map((name) => {
      const applications = applicationsIn(join(TREES, name));
      const isMonitored = applications.some(({ namespace }) => namespace.name === INSTALLED_PROMETHEUS.namespace);
      return {
        name: `example ${name}`,
        applications,
        chartRepositories: [],
        ...(isMonitored && { scraper: INSTALLED_PROMETHEUS }),
        ...networkOf(applications),
      };
    });
}

function applicationsIn(tree: string): readonly Application[] {
  const templates = join(tree, 'templates');
  return readdirSync(templates).map((file) => {
    return applicationOf(parseTemplate(join(templates, file)) as ChildApplication, join(tree, 'manifests'));
  });
}

/** Parses a template, in which Helm inserts the location and the revision of the tree at sync. */
export function parseTemplate(path: string): unknown {
  return parseYamlOnce(readFileSync(path, 'utf8').replace(/\{\{[^}]*\}\}/g, 'filled-in'));
}

function applicationOf({ metadata, spec }: ChildApplication, manifests: string): Application {
  const { name } = metadata;
  const { repoURL, chart, targetRevision, helm } = spec.source;
  const { [ENFORCE]: podSecurity, ...labels } = spec.syncPolicy.managedNamespaceMetadata?.labels ?? {};
  const namespace = { name: spec.destination.namespace };
  return {
    name,
    wave: Number(metadata.annotations[WAVE]) as Wave,
    namespace:
      podSecurity === undefined
        ? namespace
        : {
            ...namespace,
            podSecurity: podSecurity as PodSecurityLevel,
            ...(Object.keys(labels).length > 0 && { labels }),
          },
    project: spec.project.endsWith('workload') ? 'workload' : 'platform',
    source:
      chart === undefined
        ? { kind: 'manifests', manifests: manifestsIn(join(manifests, name)) }
        : { kind: 'chart', repository: repoURL, chart, version: targetRevision, values: helm?.valuesObject ?? {} },
    syncOptions: spec.syncPolicy.syncOptions,
    healthGate: { timeoutSeconds: 1 },
  };
}

/** Returns the objects of a folder, or of the chart in it, without the chart's record of the revision, which the delivery adds. */
function manifestsIn(folder: string): readonly Manifest[] {
  const templates = join(folder, 'templates');
  const objects = existsSync(templates) ? templates : folder;
  return readdirSync(objects)
    .map((file) => parseTemplate(join(objects, file)) as Manifest)
    .filter(({ metadata }) => metadata.name !== `${basename(folder)}-revision`);
}

/** Returns the ranges and the mode of an example, from its policies. */
function networkOf(applications: readonly Application[]): Pick<Installation, 'vpcCidr' | 'kongCidr' | 'pull'> {
  const policies = applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter((manifest): manifest is NetworkPolicy & Manifest => manifest.kind === 'NetworkPolicy');
  const policy = (name: string) => policies.find(({ metadata }) => metadata.name === name)?.spec;
  const admitted = (port: number) =>
    policy('ollama-gateway')?.ingress?.find(({ ports }) => ports?.some((one) => one.port === port))?.from?.[0]?.ipBlock
      ?.cidr ?? '';
  const pulls = (name: string) =>
    policy(name)?.egress?.some(({ to }) => to?.some(({ ipBlock }) => ipBlock !== undefined)) === true;
  return {
    kongCidr: admitted(443),
    vpcCidr: admitted(15021),
    pull: pulls('ollama') ? 'online' : pulls('ollama-model-puller') ? 'job' : 'offline',
  };
}
