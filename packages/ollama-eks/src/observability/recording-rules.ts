import type { RecordingRule } from './monitoring-types';
import { FIRST_TOKEN, GPU_NODES, NODE_COST, OPEN, REQUESTS, WAITING } from './queries';

/** Prices of the nodes, in USD per hour. */
export interface NodePrices {
  readonly pools: readonly {
    readonly name: string;
    /** Price of one node. @default - not known: its cost is not recorded */
    readonly pricePerHour?: number;
  }[];
  /** Price of all system nodes together. */
  readonly systemNodesPerHour: number;
}

/**
 * Returns what is recorded.
 *
 * - Waiting: what the gateway has open, without what the models work on. Nothing else exposes Ollama's queue.
 * - Time to the first token: by Little's law, the mean time in a state is the mean number of requests in it, divided by their rate.
 *   Requests wait, and then their prompt is processed, which llama-server counts in seconds. It is a mean over 5 minutes:
 *   neither Ollama nor Istio has a histogram of it.
 * - Cost of the nodes that run now, GPU nodes as their exporters count them.
 */
export function recordingRules({ pools, systemNodesPerHour }: NodePrices): readonly RecordingRule[] {
  return [
    { record: WAITING, expr: `clamp_min(sum(${OPEN}) - sum(llamacpp_requests_processing), 0)` },
    {
      record: FIRST_TOKEN,
      expr:
        `(sum(rate(llamacpp_prompt_seconds_total[5m])) + avg_over_time(${WAITING}[5m]))` +
        ` / on() (sum(rate(${REQUESTS}[5m])) > 0)`,
    },
    ...pools.flatMap(({ name, pricePerHour }) =>
      pricePerHour === undefined
        ? []
        : [{ record: NODE_COST, expr: `${GPU_NODES.replace('{', `{pool="${name}",`)} * ${pricePerHour}` }],
    ),
    { record: NODE_COST, expr: `vector(${systemNodesPerHour})`, labels: { pool: 'system' } },
  ];
}
