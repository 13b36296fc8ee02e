import { modelAlias, type ClusterSummary } from '@org/ollama-eks/pure';
import { clockTime } from '../program/reporter';

/** What a finished deployment is. */
export interface Deployed {
  readonly summary: ClusterSummary | undefined;
  /** URL of the endpoint; undefined without Kong. */
  readonly url: string | undefined;
  /** How long the deployment took. */
  readonly seconds: number;
}

/** Says what to do after a deployment, and how to end its cost. */
export function nextSteps({ summary, url, seconds }: Deployed): string {
  const model = summary?.pools.find(({ replicas }) => replicas > 0)?.models[0];
  const alias = model && modelAlias(model.name, model.contextLength);
  const price = summary?.hourly;
  const key = url === undefined ? '' : ' -H "Authorization: Bearer $OLLAMA_EKS_API_KEY"';
  const messages = [{ role: 'user', content: 'Say hello' }];
  const ask = `curl ${url ?? 'http://127.0.0.1:11434'}/v1/chat/completions${key} -H 'content-type: application/json'`;
  const lines = [
    ['took', `${clockTime(seconds)} min`],
    ...(price === undefined
      ? []
      : [['costs', `about $${price.toFixed(2)} per hour at list prices, until it is destroyed`]]),
    ...(url === undefined
      ? [['connect', 'ollama-eks client local   # forwards port 11434 to a server until Ctrl-C']]
      : []),
    ...(alias === undefined ? [] : [['ask', `${ask} -d '${JSON.stringify({ model: alias, messages })}'`]]),
    [
      'configure',
      `ollama-eks client claude${url === undefined ? ' --proxy-url http://127.0.0.1:11434' : ''}   # or another tool`,
    ],
    ['check', 'ollama-eks verify'],
    ['pause', 'ollama-eks scale zero   # no GPU nodes until ollama-eks scale resume'],
    ['remove', 'ollama-eks destroy'],
  ];
  return lines.map(([name = '', what = '']) => `${name.padEnd(10)}${what}`).join('\n');
}
