/** Compares what Applications contain with what charts and custom resource definitions accept. */
import type { Application, ChartSource, Manifest } from '@org/ollama-eks';
import { leaveOut } from '../../support/leave-out';
import { knowsChart, unknownChartKeys } from './chart-values';
import { describeContracts } from './contract-files';
import { CrdSchemas, type IstioMinor } from './crd-schema';

/** Built-in API groups of Kubernetes, whose objects only an API server can check. */
const BUILT_IN = /^(v1|(apps|batch|autoscaling|policy)\/.*|[a-z.]*\.k8s\.io\/.*)$/;
/** API groups that look built-in, but are not. */
const EXTENSIONS = /^(gateway\.networking\.k8s\.io|elbv2\.k8s\.aws)\//;

/** Declares the checks; the name of each says how many things it checks. */
export function describeApplicationContracts(name: string, applications: readonly Application[]): void {
  describeContracts(name, () => {
    applications.forEach(({ name: application, source }) => {
      if (source.kind === 'chart') checkValues(application, source);
    });
    checkCustomResources(applications);
  });
}

function checkValues(application: string, { chart, version, values }: ChartSource): void {
  if (!knowsChart(chart)) {
    leaveOut(`${leaves(values)} values of ${application}`, `the contracts have no defaults of ${chart}`);
    return;
  }
  it(`${application}: all ${leaves(values)} values exist in ${chart} ${version}`, () => {
    expect(unknownChartKeys(chart, version, values) ?? []).toEqual([]);
  });
}

function checkCustomResources(applications: readonly Application[]): void {
  const custom = applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter(({ apiVersion }) => EXTENSIONS.test(apiVersion) || !BUILT_IN.test(apiVersion));
  it(`all ${custom.length} custom resources are valid`, () => {
    const definitions = CrdSchemas.withIstio(istioMinor(applications));
    const wrong = custom.flatMap((manifest) =>
      definitions.check(manifest).map((error) => `${nameOf(manifest)}: ${error}`),
    );
    expect(wrong).toEqual([]);
  });
}

function istioMinor(applications: readonly Application[]): IstioMinor {
  const istiod = applications.find(({ source }) => source.kind === 'chart' && source.chart === 'istiod');
  const version = istiod?.source.kind === 'chart' ? istiod.source.version : '1.31';
  return version.startsWith('1.30.') ? '1.30' : '1.31';
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Counts values; a list counts as one. */
function leaves(value: unknown): number {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).reduce((sum: number, item) => sum + leaves(item), 0)
    : 1;
}
