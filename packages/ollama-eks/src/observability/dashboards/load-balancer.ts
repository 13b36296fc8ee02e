// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
import type { Manifest } from '../../gitops/application';
import { grafanaConfigMap, type PanelWords } from './dashboard';

/** A metric of a network load balancer, whose listener passes TCP on: the gateway ends TLS. */
interface LoadBalancerPanel extends PanelWords {
  readonly metrics: readonly { readonly name: string; readonly statistic: 'Sum' | 'Maximum' | 'Average' }[];
}

const NAMESPACE = 'AWS/NetworkELB';
/** The data source and the load balancer that the user selects. */
const DATASOURCE = { type: 'cloudwatch', uid: '${cloudwatch}' };
const LOAD_BALANCER = 'loadbalancer';
/** CloudWatch has a value for each minute. */
const PERIOD = '60';

const PANELS: readonly LoadBalancerPanel[] = [
  {
    title: 'Open connections',
    description: 'Connections from clients to the gateway that are open.',
    unit: 'short',
    metrics: [{ name: 'ActiveFlowCount_TCP', statistic: 'Average' }],
  },
  {
    title: 'New connections',
    description: 'Connections that were opened in a minute.',
    unit: 'short',
    metrics: [{ name: 'NewFlowCount_TCP', statistic: 'Sum' }],
  },
  {
    title: 'Traffic',
    description: 'Bytes of requests and answers in a minute, which AWS charges for.',
    unit: 'decbytes',
    metrics: [{ name: 'ProcessedBytes_TCP', statistic: 'Sum' }],
  },
  {
    title: 'Connections that were reset',
    description: 'By a client, by a pod of the gateway, and by the load balancer itself, in a minute.',
    unit: 'short',
    metrics: ['TCP_Client_Reset_Count', 'TCP_Target_Reset_Count', 'TCP_ELB_Reset_Count'].map((name) => ({
      name,
      statistic: 'Sum',
    })),
  },
  {
    title: 'Pods of the gateway',
    description: 'Pods to which the load balancer sends connections, and those whose health check fails.',
    unit: 'short',
    metrics: ['HealthyHostCount', 'UnHealthyHostCount'].map((name) => ({ name, statistic: 'Maximum' })),
  },
];

/**
 * Returns the dashboard of the load balancer, whose metrics are in CloudWatch only. A Grafana with a CloudWatch data source draws it; one
 * that is installed with the endpoint has no credentials of AWS.
 */
export function loadBalancerDashboard(namespace: string): Manifest {
  return grafanaConfigMap(namespace, {
    uid: 'ollama-load-balancer',
    title: 'Ollama: load balancer',
    variables: [
      { name: 'cloudwatch', type: 'datasource', query: 'cloudwatch' },
      {
        name: LOAD_BALANCER,
        type: 'query',
        datasource: DATASOURCE,
        refresh: 1,
        query: {
          refId: LOAD_BALANCER,
          queryType: 'dimensionValues',
          region: 'default',
          namespace: NAMESPACE,
          metricName: 'ActiveFlowCount_TCP',
          dimensionKey: 'LoadBalancer',
          dimensionFilters: {},
        },
      },
    ],
    datasource: DATASOURCE,
    panels: PANELS.map(({ metrics, ...panel }) => ({
      ...panel,
      targets: metrics.map(({ name, statistic }) => ({
        queryMode: 'Metrics',
        metricQueryType: 0,
        metricEditorMode: 0,
        region: 'default',
        namespace: NAMESPACE,
        metricName: name,
        statistic,
        period: PERIOD,
        dimensions: { LoadBalancer: [`$${LOAD_BALANCER}`] },
        matchExact: false, // the health of pods is counted for each target group and zone
        label: name,
      })),
    })),
  });
}
