import { OLLAMA } from '@org/ollama-eks/pure';
import type { Context } from '../../src/program/context';
import type { Findings } from '../../src/checks/findings';
import { request } from '../../src/http/request';
import { readyReplicas, type Workload } from '../../src/pools/workloads';
import type { VerifiedCluster } from '../../src/verify/server-checks';

/** Replaces `verify`, which has its own tests: sends one request without and one with the key. */
export async function verifyEndpoint(
  { fetch, clock }: Context,
  { outside }: { readonly outside: { readonly url: string; readonly apiKey: string } },
): Promise<Findings> {
  const ask = async (headers: Record<string, string>) =>
    (await request(`${outside.url}/api/tags`, { headers }, { fetch, clock, timeout: 1000 })).status;
  const statuses = [await ask({}), await ask({ apikey: outside.apiKey })];
  const good = statuses.join() === '401,200';
  return findings(good, statuses.join());
}

/** Checks that a server is ready: those of the stand-in answer no requests. */
export async function verifyServers(_: Context, { kubectl }: VerifiedCluster): Promise<Findings> {
  const servers = await kubectl.list<Workload>('deployments.apps', OLLAMA);
  const ready = servers.filter((server) => readyReplicas(server) > 0);
  return findings(ready.length > 0, String(ready.length));
}

function findings(good: boolean, detail: string): Findings {
  const status = good ? ('ok' as const) : ('fail' as const);
  const counts = { ok: good ? 1 : 0, warn: 0, fail: good ? 0 : 1, skipped: 0 };
  return { ok: good, counts, findings: [{ id: 'path', title: 'the path', status, detail, seconds: 0 }] };
}
