import type { Fetch } from './context';
import { proxyOf } from './proxy';

/** Loaded when it is needed: few machines are behind a proxy. */
const loadUndici = () => require('undici') as typeof import('undici');

/**
 * Returns a fetch that uses the proxy of the environment, which that of Node.js does only from version 24 on, and only with NODE_USE_ENV_PROXY.
 * Throws UsageError for an invalid address of a proxy.
 * @param direct sends what no proxy is for
 */
export function proxiedFetch(direct: Fetch, environment: Readonly<Record<string, string | undefined>>): Fetch {
  const proxy = proxyOf(environment);
  if (proxy === undefined) return direct;
  const { fetch: send, ProxyAgent } = loadUndici();
  // the caller limits how long an answer may take: a model may be silent for minutes
  const dispatcher = new ProxyAgent({ uri: proxy.url, headersTimeout: 0, bodyTimeout: 0 });
  const proxied = send as unknown as (input: string | URL, init: object) => Promise<Response>;
  return (url, init) => {
    if (!proxy.isFor(new URL(url))) return direct(url, init);
    return proxied(url, { ...init, dispatcher }).catch((error: unknown) => {
      const { message, cause } = error as Error; // undici throws nothing else
      throw new Error(`${message} through the proxy ${new URL(proxy.url).origin}`, { cause });
    });
  };
}
