import { OLLAMA, OLLAMA_PORT } from '@org/ollama-eks/pure';
import { chatChecks, MODELS_UNKNOWN, NAME_MODELS } from '../checks/api-checks';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import { gpuChecks } from '../checks/gpu-checks';
import { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { isReady, poolOf, serverPods, type Pod } from '../pools/server-pods';
import { hasNodes } from '../pools/workloads';
import type { Context } from '../program/context';
import { counted } from '../program/words';
import type { NodeGroup } from '../systems/aws';
import type { Kubectl } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';

/** The cluster whose servers are verified. */
export interface VerifiedCluster {
  readonly kubectl: Kubectl;
  /** Reads its node groups. Called only if a server is not ready. */
  readonly nodeGroups: () => Promise<readonly NodeGroup[]>;
}

/** Options of `serverChecks`. */
export interface ServerCheckOptions {
  readonly models: readonly ServedModel[];
  readonly cluster: VerifiedCluster;
  readonly context: Pick<Context, 'fetch' | 'clock' | 'signal'>;
  /** Longest request, in milliseconds. */
  readonly timeout: number;
}

/** Returns the check that every server answers, bypassing Kong and the gateway, with its models in GPU memory. */
export function serverChecks(options: ServerCheckOptions): readonly Check[] {
  return [{ id: 'servers', title: 'every server answers', run: () => servers(options) }];
}

async function servers(options: ServerCheckOptions): Promise<Outcome> {
  const { cluster, context, models, timeout } = options;
  const { kubectl } = cluster;
  const existing = await serverPods(kubectl);
  if (existing.length === 0) return fail('no server exists', 'ollama-eks scale resume');
  const pods = await wantedPods(cluster, existing);
  if (pods.length === 0) return fail('no pool of a server has nodes', 'ollama-eks scale resume');
  const ready = pods.filter(isReady);
  if (ready.length === 0) {
    return fail(`0 of ${counted(pods.length, 'server')} ready`, 'ollama-eks diagnose');
  }
  if (models.length === 0) return warn(`${counted(ready.length, 'server')} ready; ${MODELS_UNKNOWN}`, NAME_MODELS);
  const problems: Outcome[] = [];
  for (const { metadata } of ready) {
    const target = { namespace: OLLAMA, object: `pod/${metadata.name}`, port: OLLAMA_PORT };
    await withPort(kubectl, target, async (port) => {
      const endpoint = new Endpoint(context, `http://127.0.0.1:${String(port)}`, undefined, timeout);
      for (const check of [...chatChecks(endpoint, models, context.clock), ...gpuChecks(endpoint, models)]) {
        const outcome = await check.run();
        if (outcome.status === 'fail') problems.push({ ...outcome, detail: `${metadata.name}: ${outcome.detail}` });
      }
    });
  }
  const [problem] = problems;
  if (problem !== undefined) return problem;
  const names = ready.map(({ metadata }) => metadata.name);
  if (ready.length < pods.length) {
    return {
      status: 'warn',
      detail: `${String(ready.length)} of ${counted(pods.length, 'server')} ready: ${names.join(', ')}`,
      remedy: 'ollama-eks diagnose',
    };
  }
  return ok(`${names.join(', ')}: every model answers and is entirely in GPU memory`);
}

/** Returns the servers that can run. Those of a pool without nodes, such as one on standby, stay pending, and nothing is wrong with that. */
async function wantedPods({ nodeGroups }: VerifiedCluster, pods: readonly Pod[]): Promise<readonly Pod[]> {
  if (pods.every(isReady)) return pods;
  const groups = await nodeGroups();
  return pods.filter((pod) => isReady(pod) || hasNodes(poolOf(pod), groups));
}
