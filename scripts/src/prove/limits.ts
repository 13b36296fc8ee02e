import type { RunningModel } from '../checks/gpu-checks';
import { parseModelAlias } from '@org/ollama-eks/pure';

/** What decides what a run shows. */
export interface LimitFacts {
  /** Parts that the user says were emulated. */
  readonly emulated: readonly string[];
  readonly url: string;
  /** Whether the run scaled the servers to zero and back. */
  readonly disruptive: boolean;
  /** Whether the cost is known, or why it is not. */
  readonly cost: 'known' | 'no price' | 'no cluster';
  /** Models that are loaded; undefined if the endpoint does not list them. */
  readonly running: readonly RunningModel[] | undefined;
  /** Aliases of the models. */
  readonly models: readonly string[];
}

const NO_COST = {
  'no cluster': 'no cluster of a synthesized project was named',
  'no price': 'an instance type of the cluster has no list price in the catalogue; pricePerHour gives a pool its own',
};

/** Returns what was emulated, or was not part of a run, each a sentence without a period. */
export function limitsOf({ emulated, url, disruptive, cost, running, models }: LimitFacts): readonly string[] {
  const { hostname, protocol } = new URL(url);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return [
    ...emulated.map((part) => `Emulated: ${part}; no figure here describes the real one`),
    ...(isLocal
      ? ['The requests did not leave this machine: no network, TLS, Kong or load balancer was part of it']
      : []),
    ...(!isLocal && protocol === 'http:' ? ['The requests were not encrypted'] : []),
    ...models.flatMap((model) => placeOf(model, running)),
    'The conversations are generated code, all of one kind; each answer has at most 64 tokens, and no agent waits for a person',
    'The share of a prompt in the cache is calculated from the time that the server took to read the prompt; it is less than the real one while other requests use the same GPU',
    ...(disruptive ? [] : ['The servers were not scaled to zero and back, which takes --disruptive']),
    ...(cost === 'known' ? [] : [`The cost is not known: ${NO_COST[cost]}`]),
  ];
}

function placeOf(alias: string, running: LimitFacts['running']): readonly string[] {
  const loaded = running?.find(({ name }) => name === alias || name === parseModelAlias(alias)?.name);
  const share = loaded === undefined ? NaN : loaded.size_vram / loaded.size;
  if (!Number.isFinite(share)) return [`It is not known whether ${alias} was in GPU memory`];
  if (share >= 1) return [];
  return [`${alias} was only ${String(Math.floor(share * 100))} % in GPU memory: the CPU computed the rest`];
}
