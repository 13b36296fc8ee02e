// https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { Manifest } from '../../gitops/application';

/** Unit of a panel's values. @see https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit =
  | 'short'
  | 'reqps'
  | 's'
  | 'percent'
  | 'percentunit'
  | 'decbytes'
  | 'mbytes'
  | 'watt'
  | 'celsius'
  | 'currencyUSD'
  | 'tps';

/** One line, or several, of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of each line; may contain labels: `{{pool}}`. */
  readonly legend: string;
}

/** What a panel says of its values. */
export interface PanelWords {
  readonly title: string;
  /** What it shows, and what it does not, as a sentence. */
  readonly description: string;
  readonly unit: Unit;
}

export interface Panel extends PanelWords {
  readonly queries: readonly Query[];
}

export interface Dashboard {
  /** Address of the dashboard, and name of its ConfigMap. */
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A dashboard in Grafana's JSON. */
export interface GrafanaModel {
  readonly uid: string;
  readonly title: string;
  /** Variables that the user selects. */
  readonly variables: readonly object[];
  /** What answers all queries. */
  readonly datasource: object;
  readonly panels: readonly GrafanaPanel[];
}

export interface GrafanaPanel extends PanelWords {
  /** Queries in the language of the datasource. */
  readonly targets: readonly object[];
}

/** Panels are drawn two in a row. Grafana's grid has 24 columns. */
const WIDTH = 12;
const HEIGHT = 8;
/** The datasource that the user selects. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Returns the ConfigMap of a dashboard whose queries Prometheus answers. */
export function dashboardConfigMap({ uid, title, panels }: Dashboard, namespace: string): Manifest {
  const variables = [{ name: 'datasource', type: 'datasource', query: 'prometheus' }];
  return grafanaConfigMap(namespace, {
    uid,
    title,
    variables,
    datasource: DATASOURCE,
    panels: panels.map(({ queries, ...panel }) => ({
      ...panel,
      targets: queries.map(({ expr, legend }) => ({ expr, legendFormat: legend })),
    })),
  });
}

/** Returns a ConfigMap that Grafana's sidecar loads by its label, or that an installed Grafana mounts. */
export function grafanaConfigMap(namespace: string, dashboard: GrafanaModel): Manifest {
  const object: ConfigMap & Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: dashboard.uid, namespace, labels: { grafana_dashboard: '1' } },
    data: { [`${dashboard.uid}.json`]: `${JSON.stringify(json(dashboard), undefined, 2)}\n` },
  };
  return object;
}

function json({ uid, title, variables, datasource, panels }: GrafanaModel): object {
  return {
    uid,
    title,
    tags: ['ollama-eks'],
    timezone: 'browser',
    refresh: '30s',
    schemaVersion: 39,
    time: { from: 'now-6h', to: 'now' },
    templating: { list: variables },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: 'timeseries',
      title: panel.title,
      description: panel.description,
      datasource,
      gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
      fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
      options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
      targets: panel.targets.map((target, query) => ({
        refId: String.fromCharCode(65 + query),
        datasource,
        ...target,
      })),
    })),
  };
}
