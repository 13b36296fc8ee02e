import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '@org/ollama-eks';
import { parse, parseAllDocuments } from 'yaml';
import { writeFiles } from '../../../packages/ollama-eks/src/gitops/file-tree';
import { releaseChart } from '../../../packages/ollama-eks/src/gitops/release-chart';
import { helm } from './helm';

/** The part of an Argo CD Application that tests read. */
export interface RenderedApplication {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly destination: { readonly namespace: string };
    readonly source: { readonly helm?: { readonly valuesObject: object } };
    readonly syncPolicy: {
      readonly managedNamespaceMetadata?: { readonly labels?: Readonly<Record<string, string>> };
    };
  };
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const WARN = 'pod-security.kubernetes.io/warn';

/** A commit as the root Application passes it on. */
const REVISION = '0123456789abcdef0123456789abcdef01234567';

/** Content of a GitOps tree, read as Argo CD reads it. */
export interface Tree {
  readonly applications: readonly RenderedApplication[];
  /** Objects of all Applications. */
  readonly manifests: readonly object[];
}

/** Reads a GitOps tree: renders charts with Helm, and reads manifests unchanged. */
export async function readTree(directory: string): Promise<Tree> {
  const applications = (await render('root', directory)) as readonly RenderedApplication[];
  const manifests: object[] = [];
  for (const { metadata } of applications) {
    const folder = join(directory, 'manifests', metadata.name);
    const isChart = existsSync(join(folder, 'Chart.yaml'));
    manifests.push(...(isChart ? await render(metadata.name, folder) : manifestsIn(folder)));
  }
  return { applications, manifests };
}

/** Returns the objects that the Helm release of an Application applies, rendered by Helm; none for a published chart. */
export async function readRelease(application: Application, folder: string): Promise<readonly object[]> {
  const { name, namespace, source } = application;
  if (source.kind === 'chart') return [];
  const chart = mkdtempSync(join(folder, `${name}-`));
  writeFiles(releaseChart(application), chart);
  return render(name, chart, '--namespace', namespace.name);
}

/** Returns the namespaces of Applications with the labels of their owners, set to warn of what they would refuse. */
export function namespacesOf(applications: readonly RenderedApplication[]): readonly object[] {
  const labels = new Map<string, Readonly<Record<string, string>>>();
  for (const { metadata, spec } of applications) {
    labels.set(metadata.namespace, labels.get(metadata.namespace) ?? {});
    const { namespace } = spec.destination;
    labels.set(namespace, spec.syncPolicy.managedNamespaceMetadata?.labels ?? labels.get(namespace) ?? {});
  }
  return [...labels].map(([name, own]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: own[ENFORCE] === undefined ? own : { ...own, [WARN]: own[ENFORCE] } },
  }));
}

async function render(name: string, chart: string, ...options: readonly string[]): Promise<readonly object[]> {
  const { stdout } = await helm(['template', name, chart, '--set-string', `revision=${REVISION}`, ...options]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as object);
}

function manifestsIn(folder: string): readonly object[] {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.map((file) => parse(readFileSync(join(folder, file), 'utf8')) as object);
}
