/** When the servers are full, clients are asked to retry later, with Retry-After. */
import { kongConfig } from '@org/ollama-eks';
import { headerFilter } from './support/kong-response';

const services = kongConfig({ requestTimeoutSeconds: 900, adminRoutes: true }).services ?? [];
const guarded = services.filter(({ name }) => name !== 'ollama-health');

describe.each(guarded.map(({ name, plugins }) => [name, plugins] as const))('after %s', (_, plugins) => {
  const guard = plugins.find(({ name }) => name === 'pre-function');
  const [code = ''] = guard?.config.header_filter as readonly string[];

  it('a request that the gateway rejects becomes a 429 with Retry-After', () => {
    const overloaded = { status: 503, headers: { 'x-envoy-overloaded': 'true', 'content-type': 'text/plain' } };
    expect(headerFilter(code, overloaded)).toEqual({
      status: 429,
      headers: { 'content-type': 'text/plain', 'retry-after': '10' },
    });
  });

  it.each([
    ['an answer', { status: 200, headers: { 'content-type': 'text/event-stream' } }],
    ['a broken server', { status: 503, headers: { 'content-type': 'application/json' } }],
  ])('%s is passed on unchanged', (__, answer) => {
    expect(headerFilter(code, answer)).toEqual(answer);
  });

  it("Kong's own refusals stay unchanged", () => {
    const refusal = { status: 401, headers: { 'x-envoy-overloaded': 'true' } };
    expect(headerFilter(code, refusal, 'exit')).toEqual(refusal);
  });
});
