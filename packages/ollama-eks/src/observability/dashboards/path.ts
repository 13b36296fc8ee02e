import { REQUESTS, WAITING } from '../queries';
import type { Dashboard } from './dashboard';

const DURATION = REQUESTS.replace('istio_requests_total', 'istio_request_duration_milliseconds_bucket');
const rate = `(sum(rate(${REQUESTS}[5m])) > 0)`;

/** Where the time of a request goes, from the gateway to the GPU. What Kong and the load balancer add is in CloudWatch and Konnect. */
export const PATH: Dashboard = {
  uid: 'ollama-path',
  title: 'Ollama: path of a request',
  panels: [
    {
      title: 'Whole request',
      description: 'From the first byte at the gateway to the last one of the answer.',
      unit: 's',
      queries: [0.5, 0.95].map((share) => ({
        expr: `histogram_quantile(${share}, sum by (le) (rate(${DURATION}[5m]))) / 1000`,
        legend: `p${share * 100}`,
      })),
    },
    {
      title: 'Where the time goes',
      description: 'Mean per request: in the queue, for the prompt, for the answer.',
      unit: 's',
      queries: [
        { expr: `avg_over_time(${WAITING}[5m]) / on() ${rate}`, legend: 'queue' },
        { expr: `sum(rate(llamacpp_prompt_seconds_total[5m])) / ${rate}`, legend: 'prompt' },
        { expr: `sum(rate(llamacpp_tokens_predicted_seconds_total[5m])) / ${rate}`, legend: 'answer' },
      ],
    },
    {
      title: 'Failed at the gateway',
      description:
        'By what has failed: UO is a full queue, UH no ready server, UF a broken connection, DC a caller that hung up.',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (response_flags) (rate(${REQUESTS.replace('}', ',response_flags!="-"}')}[5m]))`,
          legend: '{{response_flags}}',
        },
      ],
    },
    {
      title: 'Connections through the mesh',
      description: 'Connections that ztunnel has opened, by namespace.',
      unit: 'reqps',
      queries: [
        {
          expr: 'sum by (destination_workload_namespace) (rate(istio_tcp_connections_opened_total{job="ollama/ztunnel"}[5m]))',
          legend: '{{destination_workload_namespace}}',
        },
      ],
    },
    {
      title: 'Proxies of istiod',
      description: 'Proxies that are connected to istiod: gateways and ztunnels.',
      unit: 'short',
      queries: [{ expr: 'sum(pilot_xds)', legend: 'connected' }],
    },
    {
      title: 'Applications',
      description:
        'Applications of Argo CD, by health and by whether they are in sync with Git. Helm deliveries have none.',
      unit: 'short',
      queries: [
        {
          expr: 'count by (health_status, sync_status) (argocd_app_info)',
          legend: '{{health_status}}, {{sync_status}}',
        },
      ],
    },
  ],
};
