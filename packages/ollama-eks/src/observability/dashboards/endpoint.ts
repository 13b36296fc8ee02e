import { FIRST_TOKEN, REFUSED, REQUESTS, WAITING } from '../queries';
import type { Dashboard } from './dashboard';

/** What callers notice. */
export const ENDPOINT: Dashboard = {
  uid: 'ollama-endpoint',
  title: 'Ollama: endpoint',
  panels: [
    {
      title: 'Requests',
      description: 'Requests for inference at the gateway, by status.',
      unit: 'reqps',
      queries: [{ expr: `sum by (response_code) (rate(${REQUESTS}[5m]))`, legend: '{{response_code}}' }],
    },
    {
      title: 'In progress and waiting',
      description: 'Requests that models work on, by alias, and those that wait for a place.',
      unit: 'short',
      queries: [
        { expr: 'sum by (alias) (llamacpp_requests_processing)', legend: '{{alias}}' },
        { expr: WAITING, legend: 'waiting' },
      ],
    },
    {
      title: 'Refused',
      description: 'Requests that the gateway has refused, because every place was taken.',
      unit: 'reqps',
      queries: [{ expr: `sum(rate(${REFUSED}[5m])) or vector(0)`, legend: 'refused' }],
    },
    {
      title: 'Time to first token',
      description:
        'Means of 5 minutes, and how they are distributed over an hour. Time in the queue, and for the prompt.',
      unit: 's',
      queries: [
        { expr: FIRST_TOKEN, legend: 'now' },
        { expr: `quantile_over_time(0.5, ${FIRST_TOKEN}[1h])`, legend: 'p50 of an hour' },
        { expr: `quantile_over_time(0.95, ${FIRST_TOKEN}[1h])`, legend: 'p95 of an hour' },
      ],
    },
    {
      title: 'Tokens generated',
      description: 'Tokens per second of all requests of an alias. They are counted when a request ends.',
      unit: 'tps',
      queries: [{ expr: 'sum by (alias) (rate(llamacpp_tokens_predicted_total[5m]))', legend: '{{alias}}' }],
    },
    {
      title: 'Speed of one request',
      description: 'Tokens per second while a request is answered.',
      unit: 'tps',
      queries: [
        {
          expr:
            'sum by (alias) (rate(llamacpp_tokens_predicted_total[5m]))' +
            ' / (sum by (alias) (rate(llamacpp_tokens_predicted_seconds_total[5m])) > 0)',
          legend: '{{alias}}',
        },
      ],
    },
  ],
};
