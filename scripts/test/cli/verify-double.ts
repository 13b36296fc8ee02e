import type { Context } from '../../src/context';
import type { Findings } from '../../src/findings';
import { request } from '../../src/http/request';

/** In place of `verify`, which has tests of its own: asks once without and once with the key. */
export async function verifyEndpoint(
  { fetch, clock }: Context,
  { outside }: { readonly outside: { readonly url: string; readonly apiKey: string } },
): Promise<Findings> {
  const ask = async (headers: Record<string, string>) =>
    (await request(`${outside.url}/api/tags`, { headers }, { fetch, clock, timeout: 1000 })).status;
  const statuses = [await ask({}), await ask({ apikey: outside.apiKey })];
  const good = statuses.join() === '401,200';
  const finding = {
    id: 'path',
    title: 'the path',
    status: good ? ('ok' as const) : ('fail' as const),
    detail: statuses.join(),
    seconds: 0,
  };
  return { ok: good, counts: { ok: good ? 1 : 0, warn: 0, fail: good ? 0 : 1, skipped: 0 }, findings: [finding] };
}
