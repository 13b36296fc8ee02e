import { GPU_NODES, NODE_COST } from '../queries';
import type { Dashboard } from './dashboard';

/** What the nodes cost, at the prices that synth knows. The whole bill is in `ollama-eks report`. */
export const COST: Dashboard = {
  uid: 'ollama-cost',
  title: 'Ollama: cost',
  panels: [
    {
      title: 'Nodes per hour',
      description: 'USD per hour of the nodes that run, by pool. Control plane, volumes and network are not included.',
      unit: 'currencyUSD',
      queries: [{ expr: `sum by (pool) (${NODE_COST})`, legend: '{{pool}}' }],
    },
    {
      title: 'GPU nodes',
      description: 'Number of GPU nodes that run.',
      unit: 'short',
      queries: [{ expr: GPU_NODES, legend: '{{pool}}' }],
    },
    {
      title: 'Last day',
      description: 'USD of the last 24 hours for nodes.',
      unit: 'currencyUSD',
      queries: [{ expr: `sum by (pool) (avg_over_time(${NODE_COST}[1d])) * 24`, legend: '{{pool}}' }],
    },
    {
      title: 'Per million generated tokens',
      description: 'USD for all nodes, per million tokens of the last hour.',
      unit: 'currencyUSD',
      queries: [
        {
          expr: `sum(avg_over_time(${NODE_COST}[1h])) / (sum(increase(llamacpp_tokens_predicted_total[1h])) > 0) * 1e6`,
          legend: 'per million tokens',
        },
      ],
    },
  ],
};
