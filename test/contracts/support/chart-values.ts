/**
 * Compares Helm values with the defaults of a chart: a key that the chart does not have is an error. The charts have no
 * schema, and silently ignore a misspelled key.
 */
import { parse } from 'yaml';
import { readContract } from './contract-files';

type Values = Readonly<Record<string, unknown>>;

/** How to read the defaults of a chart. */
interface ChartDefaults {
  /** Path below `contracts/kubernetes/charts/`, by version. */
  readonly file: (version: string) => string;
  /** Keys that the chart supports although they are not among its defaults. */
  readonly further?: readonly string[];
  /** Maps that the chart passes on unchanged. */
  readonly freeForm?: readonly string[];
  /** Prefix whose keys the chart also accepts at the top level, and vice versa. @see istio/istio templates/zzy_descope_legacy.yaml */
  readonly prefix?: string;
}

const istio = (chart: string, prefix?: string, further: readonly string[] = []): ChartDefaults => ({
  file: (version) =>
    `istio-chart-values-${version.startsWith('1.30.') ? '1.30.3' : '1.31.0-rc.0'}/${chart}.values.yaml`,
  // read by templates/zzz_profile.yaml and by the webhooks' templates, absent from the defaults
  further: ['profile', 'platform', 'compatibilityVersion', 'base.validationFailurePolicy', ...further],
  freeForm: ['meshConfig', 'gatewayClasses', 'env', 'pilot.env', 'cni.env'],
  ...(prefix !== undefined && { prefix }),
});

const CHARTS: Readonly<Record<string, ChartDefaults>> = {
  'argo-cd': {
    file: (version) => `argo-cd-chart-${version}.values.yaml`,
    freeForm: ['configs.cm', 'configs.params', 'configs.rbac'],
  },
  'argocd-apps': { file: (version) => `argocd-apps-chart-${version}.values.yaml` },
  'aws-load-balancer-controller': { file: (version) => `aws-load-balancer-controller-${version}.values.yaml` },
  'nvidia-device-plugin': { file: (version) => `nvidia-device-plugin-${version}.values.yaml` },
  'kube-prometheus-stack': {
    file: (version) => `kube-prometheus-stack-chart-${version}.values.yaml`,
    // of the subcharts grafana 12.11.1 and kube-state-metrics 8.4.0, whose defaults this chart does not repeat
    further: [
      ...['env', 'grafana.ini', 'testFramework', 'rbac.create', 'automountServiceAccountToken', 'datasources'],
      ...['dashboardProviders', 'dashboardsConfigMaps', 'resources', 'image'],
    ]
      .map((key) => `grafana.${key}`)
      .concat(['collectors', 'namespaces', 'rbac', 'resources', 'image'].map((key) => `kube-state-metrics.${key}`)),
  },
  base: istio('base'),
  istiod: istio('istio-discovery', 'pilot'),
  cni: istio('istio-cni', 'cni'),
  ztunnel: istio('ztunnel', 'global'),
};

/** Maps that contain parts of Kubernetes objects, whatever their defaults are. */
const KUBERNETES_MAPS =
  /^(affinity|nodeSelector|resources|.*[lL]abels|.*[aA]nnotations|.*[sS]ecurityContext|seccompProfile)$/;

/** Returns whether the defaults of a chart are among the contracts. */
export function knowsChart(chart: string): boolean {
  return CHARTS[chart] !== undefined;
}

/** Returns the keys of the values that the chart does not have, as dotted paths; undefined if the chart's defaults are missing. */
export function unknownChartKeys(chart: string, version: string, values: Values): string[] | undefined {
  const known = CHARTS[chart];
  if (known === undefined) {
    throw new Error(`the chart ${chart} has no defaults here`);
  }
  const defaults = defaultsIn(`kubernetes/charts/${known.file(version)}`);
  if (defaults === undefined) {
    return undefined;
  }
  return unknownKeys(values, defaults, '', known)
    .filter((path) => !(known.further ?? []).includes(path))
    .filter((path) => !isLegacyKey(path, defaults, known));
}

/** Returns the defaults of a chart; undefined if they are missing. */
export function chartDefaults(chart: string, version: string): Values | undefined {
  const known = CHARTS[chart];
  return known && defaultsIn(`kubernetes/charts/${known.file(version)}`);
}

/** Returns the example in the comments below an empty map of a values file: the fields of one entry of `applications`. */
export function commentedExample(text: string, key: string): Values {
  const lines = text.split('\n');
  const start = lines.indexOf(`${key}: {}`) + 1;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('#'));
  const example = lines.slice(start, end).map((line) => line.slice(1));
  return Object.values(parse(example.join('\n')) as Values)[0] as Values;
}

const parsed = new Map<string, Values>();

/** Returns the defaults of a chart, which are read once. */
function defaultsIn(file: string): Values | undefined {
  const text = parsed.has(file) ? undefined : readContract(file);
  if (text !== undefined) {
    const values = parse(text) as Values;
    parsed.set(file, (values['_internal_defaults_do_not_set'] ?? values) as Values);
  }
  return parsed.get(file);
}

function unknownKeys(values: Values, defaults: Values, path: string, chart: ChartDefaults, top = defaults): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (!(key in defaults)) {
      return isMap(value) && (chart.further ?? []).some((known) => known.startsWith(`${here}.`))
        ? unknownKeys(value, {}, here, chart, top)
        : isMap(value) && here === chart.prefix
          ? unknownKeys(value, top, here, chart, top)
          : [here];
    }
    const found = defaults[key];
    const free = KUBERNETES_MAPS.test(key) || (chart.freeForm ?? []).includes(here);
    return isMap(value) && isMap(found) && Object.keys(found).length > 0 && !free
      ? unknownKeys(value, found, here, chart, top)
      : [];
  });
}

function isLegacyKey(path: string, defaults: Values, { prefix }: ChartDefaults): boolean {
  if (prefix === undefined) {
    return false;
  }
  const other = path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : `${prefix}.${path}`;
  return lookUp(defaults, other.split('.')) !== undefined;
}

function lookUp(values: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    return values === undefined ? undefined : (values ?? true);
  }
  if (!isMap(values)) {
    return undefined;
  }
  const found = values[key];
  return isMap(found) && Object.keys(found).length === 0 ? found : key in values ? lookUp(found, rest) : undefined;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
