import type { ConfigMap } from 'kubernetes-types/core/v1';
import { Token } from '../../src/framework';
import type { Application, Manifest } from '../../src/gitops/application';
import { ALERTS } from '../../src/observability/alerts';
import { rulesWithoutPodStates } from '../../src/observability/rule-groups';
import { scrapeConfiguration } from '../../src/observability/scrape-configuration';
import { DASHBOARDS } from '../../src/observability/dashboards';
import { OBSERVABILITY } from '../../src/observability/check-observability';
import { scraperOf } from '../../src/observability/collector';
import { observabilityApplications } from '../../src/observability/observability';
import type { ExistingPrometheusProps, ObservabilityProps } from '../../src/observability/observability-props';
import { refusal } from '../refusal';

const PROPS: ExistingPrometheusProps = {
  metrics: 'existing',
  prometheus: { namespace: 'monitoring', serviceAccount: 'prometheus', labels: { release: 'prometheus' } },
};
const POOLS = [
  { name: 'gpu', nodeLabels: { 'ollama-eks/pool': 'gpu' }, pricePerHour: 5.672 },
  { name: 'gpu-2', nodeLabels: { 'ollama-eks/pool': 'gpu-2' } },
];

function manifests(monthlyUsd?: number): readonly Manifest[] {
  return applications(PROPS, monthlyUsd).flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
}

function applications(props: ObservabilityProps, monthlyUsd?: number): readonly Application[] {
  return observabilityApplications({
    props,
    pools: POOLS,
    vpcCidr: '10.0.0.0/16',
    serviceCidr: '172.20.0.0/16',
    systemNodesPerHour: 0.2016,
    ...(monthlyUsd !== undefined && { monthlyUsd }),
  });
}

const rulesText = (monthlyUsd?: number) =>
  JSON.stringify(manifests(monthlyUsd).find(({ kind }) => kind === 'PrometheusRule'));

test('telemetry is in the last wave, and nothing waits for it', () => {
  const [application] = applications(PROPS);
  expect(application).toMatchObject({ wave: 6, healthGate: { waitForHealth: false }, namespace: { name: 'ollama' } });
});

test('monitors and rules have the labels by which the Prometheus selects them', () => {
  const selected = manifests().filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
  expect(selected).toHaveLength(7);
  for (const { metadata } of selected) expect(metadata.labels).toEqual({ release: 'prometheus' });
});

test('each GPU pool has an exporter on its nodes, which has no privilege, no GPU and no file of the node', () => {
  const sets = manifests().filter(({ kind }) => kind === 'DaemonSet');
  expect(sets.map(({ metadata }) => metadata.name)).toEqual(['ollama-gpu-exporter-gpu', 'ollama-gpu-exporter-gpu-2']);
  const text = JSON.stringify(sets);
  expect(text).not.toMatch(/hostPath|SYS_ADMIN|privileged|nvidia\.com\/gpu":/);
  expect(text).toContain('"$(NODE_ADDRESS):5555"');
  expect(text).toContain('"operator":"Exists"');
});

test('the cost of nodes is recorded where their price is known', () => {
  expect(rulesText()).toContain('count by (pool) (up{pool=\\"gpu\\",job=\\"ollama/ollama-gpus\\"}) * 5.672');
  expect(rulesText()).toContain('vector(0.2016)');
  expect(rulesText()).not.toContain('pool=\\"gpu-2\\"');
});

test('a budget has an alert', () => {
  expect(rulesText()).not.toContain('OllamaOverBudget');
  expect(rulesText(5000)).toContain('* 730 > 5000');
});

test('every alert has a severity, a sentence, and the address of the page with its remedy', () => {
  for (const { alert, summary, remedy } of ALERTS) {
    expect(alert).toMatch(/^Ollama[A-Z]/);
    expect(summary).toMatch(/^[A-Z{].*\.$/);
    expect(remedy).not.toBe('');
  }
  expect(rulesText().split('docs/troubleshooting.md#alerts')).toHaveLength(ALERTS.length + 1);
});

describe.each(DASHBOARDS)('the dashboard $title', ({ uid, panels }) => {
  it('is a ConfigMap that Grafana loads', () => {
    const map = manifests().find(({ metadata }) => metadata.name === uid) as Manifest & ConfigMap;
    expect(map.metadata.labels).toEqual({ grafana_dashboard: '1' });
    const model = JSON.parse(map.data?.[`${uid}.json`] ?? '') as {
      readonly panels: readonly object[];
      readonly uid: string;
    };
    expect(model.uid).toBe(uid);
    expect(model.panels).toHaveLength(panels.length);
  });

  it.each(panels)('$title has a unit, a description, and a legend for each line', ({ unit, description, queries }) => {
    expect(unit).not.toBe('');
    expect(description).toMatch(/\.$/);
    for (const { legend } of queries) expect(legend).not.toBe('');
  });
});

const later = () => Token.asString({ resolve: () => 'later' });

test.each<[string, Partial<ExistingPrometheusProps['prometheus']>, string]>([
  ['a namespace with a capital letter', { namespace: 'Monitoring' }, 'namespace'],
  ['a namespace known only at apply', { namespace: later() }, 'namespace'],
  ['a name that is too long', { namespace: 'a'.repeat(64) }, 'namespace'],
  ['no service account', { serviceAccount: '' }, 'serviceAccount'],
  ['a key of a label with a space', { labels: { 'my release': 'x' } }, 'labels'],
  ['a key of a label known only at apply', { labels: { [later()]: 'x' } }, 'labels'],
  ['a label that is too long', { labels: { release: 'x'.repeat(64) } }, 'labels["release"]'],
  ['a label with a space', { labels: { 'example.com/team': 'my team' } }, 'labels["example.com/team"]'],
  ['a label known only at apply', { labels: { release: later() } }, 'labels["release"]'],
])('%s is refused', (_, change, property) => {
  const props = { ...PROPS, prometheus: { ...PROPS.prometheus, ...change } };
  expect(refusal(() => scraperOf(props, '10.0.0.0/16')).property).toBe(`observability.prometheus.${property}`);
});

test('another collector is refused', () => {
  expect(refusal(() => OBSERVABILITY.checkParts?.('observability', { metrics: 'graphite' }))).toMatchObject({
    property: 'observability.metrics',
    allowed: 'prometheus, existing, amp',
  });
});

describe('an installed Prometheus', () => {
  const installed = applications({ metrics: 'prometheus' });
  const named = (name: string, from = installed) => from.find((application) => application.name === name);
  const valuesOf = (props: ObservabilityProps) => {
    const source = named('ollama-monitoring', applications(props))?.source;
    return JSON.stringify(source?.kind === 'chart' ? source.values : {});
  };

  it('has its definitions first, and its programs in the last wave', () => {
    expect(installed.map(({ name, wave }) => [name, wave])).toEqual([
      ['prometheus-operator-crds', -2],
      ['ollama-monitoring-foundation', 0],
      ['ollama-monitoring', 6],
      ['ollama-observability', 6],
    ]);
    expect(named('prometheus-operator-crds')).toMatchObject({
      cascade: false,
      syncOptions: ['ServerSideApply=true', 'Prune=false'],
    });
  });

  it('has dashboards only where Grafana mounts them', () => {
    const maps = (name: string, from = installed) => {
      const source = named(name, from)?.source;
      const objects = source?.kind === 'manifests' ? source.manifests : [];
      return objects
        .filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1')
        .map(({ metadata }) => metadata.name);
    };
    expect(maps('ollama-monitoring-foundation')).toEqual(DASHBOARDS.map(({ uid }) => uid));
    expect(maps('ollama-observability')).toEqual([]);
    expect(valuesOf({ metrics: 'prometheus' })).toContain('"ollama-endpoint":"ollama-endpoint"');
    const bare = applications({ metrics: 'prometheus', grafana: false });
    expect(maps('ollama-monitoring-foundation', bare)).toEqual([]);
    expect(valuesOf({ metrics: 'prometheus', grafana: false })).toContain('"grafana":{"enabled":false}');
  });

  it('deletes its volume with itself, and its oldest metrics before the volume is full', () => {
    const values = valuesOf({ metrics: 'prometheus', storageGiB: 100, retentionDays: 30 });
    expect(values).toContain('"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete","whenScaled":"Delete"}');
    expect(values).toContain('"storage":"100Gi"');
    expect(values).toContain('"retention":"30d","retentionSize":"92160MiB"');
  });

  it('has monitors and rules without labels, since it selects all', () => {
    const source = named('ollama-observability')?.source;
    const objects = source?.kind === 'manifests' ? source.manifests : [];
    const selected = objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
    expect(selected.length).toBeGreaterThan(5);
    expect(selected.filter(({ metadata }) => metadata.labels !== undefined)).toEqual([]);
    expect(valuesOf({ metrics: 'prometheus' })).toContain('"podMonitorSelectorNilUsesHelmValues":false');
  });

  it('sends all alerts to every receiver that is configured, since they have no label of a namespace', () => {
    expect(valuesOf({ metrics: 'prometheus' })).toContain('"alertmanagerConfigMatcherStrategy":{"type":"None"}');
  });

  it.each<[string, object, string]>([
    ['a volume that is too small', { storageGiB: 9 }, 'storageGiB'],
    ['half a GiB', { storageGiB: 20.5 }, 'storageGiB'],
    ['no days', { retentionDays: 0 }, 'retentionDays'],
    ['more than 400 days', { retentionDays: 401 }, 'retentionDays'],
  ])('%s is refused', (_, change, property) => {
    const props = { metrics: 'prometheus', ...change } as ObservabilityProps;
    expect(refusal(() => scraperOf(props, '10.0.0.0/16')).property).toBe(`observability.${property}`);
  });
});

describe('the dashboard of the load balancer', () => {
  const mapOf = (props: ObservabilityProps) =>
    applications(props)
      .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
      .find(({ metadata }) => metadata.name === 'ollama-load-balancer') as (ConfigMap & Manifest) | undefined;
  const { panels, templating } = JSON.parse(mapOf(PROPS)?.data?.['ollama-load-balancer.json'] ?? '{}') as {
    readonly panels: readonly {
      readonly title: string;
      readonly description: string;
      readonly fieldConfig: { readonly defaults: { readonly unit: string } };
      readonly targets: readonly Readonly<Record<string, unknown>>[];
    }[];
    readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  };

  it('is for a Grafana of the user, which can have a CloudWatch data source', () => {
    expect(mapOf({ metrics: 'amp' })).toBeDefined();
    expect(mapOf({ metrics: 'prometheus' })).toBeUndefined();
  });

  it('asks for metrics of TCP, which the load balancer passes on, of the one that the user selects', () => {
    const targets = panels.flatMap((panel) => panel.targets);
    expect(targets.map(({ metricName }) => metricName)).toEqual([
      'ActiveFlowCount_TCP',
      'NewFlowCount_TCP',
      'ProcessedBytes_TCP',
      'TCP_Client_Reset_Count',
      'TCP_Target_Reset_Count',
      'TCP_ELB_Reset_Count',
      'HealthyHostCount',
      'UnHealthyHostCount',
    ]);
    for (const target of targets) {
      expect(target).toMatchObject({
        namespace: 'AWS/NetworkELB',
        dimensions: { LoadBalancer: ['$loadbalancer'] },
        datasource: { type: 'cloudwatch', uid: '${cloudwatch}' },
        label: target['metricName'],
      });
    }
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['cloudwatch', 'datasource'],
      ['loadbalancer', 'query'],
    ]);
  });

  it('says what each panel shows, in which unit', () => {
    expect(panels.map(({ fieldConfig }) => fieldConfig.defaults.unit)).toEqual([
      'short',
      'short',
      'decbytes',
      'short',
      'short',
    ]);
    for (const { title, description } of panels) expect([title, description]).not.toContain('');
  });
});

describe('a collector of AWS', () => {
  const AMP: ObservabilityProps = { metrics: 'amp' };
  const objects = applications(AMP).flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));

  it('needs no object of the Prometheus operator; dashboards are for a Grafana of the user', () => {
    expect(applications(AMP).map(({ name }) => name)).toEqual(['ollama-observability']);
    expect(objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'))).toEqual([]);
    const drawn = objects.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    expect(drawn).toHaveLength(DASHBOARDS.length + 1);
    expect(objects.filter(({ kind }) => kind === 'DaemonSet')).toHaveLength(POOLS.length);
  });

  it('can be anywhere in the VPC, or in its own subnets only', () => {
    expect(scraperOf(AMP, '10.0.0.0/16')).toEqual({ cidrs: ['10.0.0.0/16'] });
    const subnets = [
      { subnetId: 'subnet-a', cidr: '10.0.240.128/28' },
      { subnetId: 'subnet-b', cidr: '10.0.240.144/28' },
    ];
    expect(scraperOf({ ...AMP, subnets }, '10.0.0.0/16')).toEqual({ cidrs: ['10.0.240.128/28', '10.0.240.144/28'] });
  });

  it('scrapes what the monitors name, each by the same job', () => {
    const jobs = [...scrapeConfiguration().matchAll(/job_name: (\S+)/g)].map(([, job]) => job);
    const monitors = manifests().filter(({ kind }) => kind === 'PodMonitor');
    expect(jobs).toEqual(monitors.map(({ metadata }) => `ollama/${metadata.name}`));
  });

  it('has every rule except for the alert that needs kube-state-metrics', () => {
    const rules = JSON.stringify(rulesWithoutPodStates({ pools: POOLS, systemNodesPerHour: 0, monthlyUsd: 100 }));
    expect(ALERTS.filter(({ alert }) => !rules.includes(`"${alert}"`)).map(({ alert }) => alert)).toEqual([
      'OllamaScaleFailed',
    ]);
    expect(rules).toContain('OllamaOverBudget');
  });

  const subnet = (id: string, cidr = '10.0.240.128/28') => ({ subnetId: id, cidr });
  it.each<[string, object, string]>([
    ['one subnet', { subnets: [subnet('subnet-a')] }, 'subnets'],
    ['a subnet twice', { subnets: [subnet('subnet-a'), subnet('subnet-a'), subnet('subnet-b')] }, 'subnets'],
    ['no range', { subnets: [subnet('subnet-a'), subnet('subnet-b', '10.0.0.1')] }, 'subnets[1].cidr'],
    ['every address', { subnets: [subnet('subnet-a', '0.0.0.0/0'), subnet('subnet-b')] }, 'subnets[0].cidr'],
    ['less than a subnet', { subnets: [subnet('subnet-a', '10.0.0.0/29'), subnet('subnet-b')] }, 'subnets[0].cidr'],
    ['a range twice', { subnets: [subnet('subnet-a'), subnet('subnet-b')] }, 'subnets[1].cidr'],
    ['a range in another', { subnets: [subnet('subnet-a', '10.0.0.0/16'), subnet('subnet-b')] }, 'subnets[1].cidr'],
    ['a range known only at apply', { subnets: [subnet('subnet-a', later()), subnet('subnet-b')] }, 'subnets[0].cidr'],
  ])('%s is refused', (_, change, property) => {
    const props = { ...AMP, ...change } as ObservabilityProps;
    expect(refusal(() => scraperOf(props, '10.0.0.0/16')).property).toBe(`observability.${property}`);
  });
});
