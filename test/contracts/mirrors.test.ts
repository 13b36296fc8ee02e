/** Compares the images that mirrors replace with those that the charts name by default. */
import { parse } from 'yaml';
import { ISTIO_MINORS } from '../../packages/ollama-eks/src/catalogue/istio-versions';
import { CHART_IMAGES } from '../../packages/ollama-eks/src/catalogue/chart-images';
import { CHARTS, type PublishedChart } from '../../packages/ollama-eks/src/catalogue/chart-versions';
import type { ChartSource } from '../../packages/ollama-eks/src/gitops/application';
import { mirroredChart } from '../../packages/ollama-eks/src/gitops/mirrored';
import { chartDefaults, knowsChart, unknownChartKeys } from './support/chart-values';
import { describeContracts, readContract } from './support/contract-files';

const MIRROR = 'registry.example.com/mirror';
/** Keys of values that locate an image. */
const LOCATION = /^(image|repository|registry|hub)$/;
/** Images of charts that the values of this library never use: of webhooks, of jobs that upgrade definitions, of Thanos. */
const UNUSED = /^(crds|thanosRuler|prometheusOperator\.(admissionWebhooks|thanosImage))\b/;

/** Images of charts whose defaults are in a subchart. */
const OF_SUBCHART = /^(redis-ha\.haproxy\.image\.tag|(grafana|kube-state-metrics)\.image\b.*)$/;

type Values = ChartSource['values'];

// The chart of definitions has no image.
const charts = Object.values<PublishedChart>(CHARTS)
  .filter(({ chart }) => knowsChart(chart))
  .flatMap((chart) =>
    chart.repository === CHARTS.istiod.repository
      ? ISTIO_MINORS.map(({ newest }) => ({ ...chart, version: newest }))
      : [chart],
  );

describeContracts('mirrors', () => {
  it.each(['1.30.3', '1.31.0-rc.0'])('expect the variant of images that the profile of Istio %s selects', (version) => {
    const profile = readContract(`kubernetes/charts/istio-chart-values-${version}/profile-ambient.yaml`) ?? '';
    const { variant } = (parse(profile) as { readonly global: { readonly variant: string } }).global;
    const istio = ['istiod', 'cni', 'ztunnel'].flatMap((chart) => imagesOf(chart));
    expect(istio.map(({ tagSuffix }) => tagSuffix)).toEqual(istio.map(() => `-${variant}`));
  });

  describe.each(charts)('of $chart $version', (chart) => {
    const defaults = chartDefaults(chart.chart, chart.version) ?? {};
    const source = withAllImages(chart);
    const values = mirroredChart(source, { images: MIRROR }).values;

    it('replace every image that is named by default', () => {
      const named = locationsIn(defaults).filter((path) => !UNUSED.test(path));
      expect(named.filter((path) => locationAt(values, path).startsWith(MIRROR))).toEqual(named);
      const known = imagesOf(chart.chart).map(({ value }) => value);
      expect(named.length).toBe(new Set(known.filter((path) => !OF_SUBCHART.test(path))).size);
    });

    it('use values that the chart has', () => {
      const unknown = unknownChartKeys(chart.chart, chart.version, values) ?? [];
      expect(unknown.filter((path) => !OF_SUBCHART.test(path))).toEqual([]);
      expect(unknownChartKeys(chart.chart, chart.version, source.values)).toEqual([]);
    });

    it('pin the tags that are the default', () => {
      const paths = imagesOf(chart.chart)
        .filter(({ tag }) => tag !== undefined)
        .map(({ value }) => value.replace(/[^.]+$/, 'tag'));
      // A chart without a default uses its own version of the application.
      const pinned = paths.filter((path) => typeof at(defaults, path) === 'string' && at(defaults, path) !== '');
      expect(pinned.map((path) => at(values, path))).toEqual(pinned.map((path) => at(defaults, path)));
    });
  });
});

function imagesOf(chart: string) {
  return CHART_IMAGES.get(chart) ?? [];
}

/** Returns the chart with values that turn on everything. */
function withAllImages({ repository, chart, version }: PublishedChart): ChartSource {
  const flags = imagesOf(chart).flatMap(({ enabledBy }) => enabledBy ?? []);
  return { kind: 'chart', repository, chart, version, values: flags.reduce<Values>(withFlag, {}) };
}

function withFlag(values: Values, path: string): Values {
  const [key = '', ...rest] = path.split('.');
  return { ...values, [key]: rest.length === 0 ? true : withFlag((values[key] ?? {}) as Values, rest.join('.')) };
}

/** Returns the paths of values that name a registry. */
function locationsIn(values: Readonly<Record<string, unknown>>, parent = ''): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = parent === '' ? key : `${parent}.${key}`;
    if (typeof value === 'string') {
      const isApart = key === 'repository' && typeof values['registry'] === 'string';
      return isApart || (LOCATION.test(key) && /^[^/]+\..*\//.test(value)) ? [path] : [];
    }
    return typeof value === 'object' && value !== null ? locationsIn(value as typeof values, path) : [];
  });
}

/** Returns the location at the path of a repository or hub, with its registry if that is a value of its own. */
function locationAt(values: unknown, path: string): string {
  const registry = at(values, path.replace(/[^.]+$/, 'registry'));
  const location = at(values, path) ?? at(values, `global.${path}`);
  return typeof registry === 'string' ? `${registry}/${String(location)}` : String(location);
}

function at(values: unknown, path: string): unknown {
  return path.split('.').reduce((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], values);
}
