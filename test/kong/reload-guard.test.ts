/** Nobody makes the servers load a model anew, or let it go, by what a request asks for. */
import { kongConfig } from '@org/ollama-eks';
import fc from 'fast-check';
import { accessWithBody } from './support/kong-body';

const RELOADING = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread'];

const services = kongConfig({ requestTimeoutSeconds: 900, adminRoutes: true }, { maxRequestMegabytes: 3 }).services;
const routes = services?.flatMap((service) => service.routes) ?? [];
const guarded = routes.filter(({ plugins }) => plugins?.some(({ name }) => name === 'post-function'));
const code = (guarded[0]?.plugins?.[0]?.config.access as readonly string[])[0] ?? '';
const pass = (body: string | undefined) => accessWithBody(code, body);

it("stands before Ollama's own routes of inference, and no others", () => {
  expect(guarded.flatMap(({ paths }) => paths)).toEqual([
    '~/api/chat$',
    '~/api/embed$',
    '~/api/embeddings$',
    '~/api/generate$',
  ]);
  expect(guarded.map(({ request_buffering }) => request_buffering)).toEqual([true]);
});

it('reads a body from its file up to the limit of a request', () => {
  expect(code).toContain(`get_raw_body(${String(3 * 1024 * 1024)})`);
});

it('refuses what can not be read', () => {
  expect(pass(undefined)).toEqual({ status: 413, error: 'the request is too large to be read' });
});

it.each<[string, string]>([
  ['keep_alive', '{"model":"m","keep_alive":-1}'],
  ['keep_alive', '{"keep_alive":0}'],
  ['keep_alive', '{"keep_alive" : "24h"}'],
  ['keep_alive', '{"messages":[{"content":"a \\"b\\" {[\\\\"}],"keep_alive":-1}'],
  ['keep_alive', '{"Keep_Alive":-1}'],
  ['keep_alive', '{"\\u006beep\\u005Falive":-1}'],
  ['keep_alive', '{"\u212Aeep_alive":-1}'],
  ['keep_alive', '{"\\u212Aeep_alive":-1}'],
  ['keep_alive', '{"keep_alive":null,"keep_alive":-1}'],
  ['keep_alive', '{"keep_alive":-1,"keep_alive":null}'],
  ...RELOADING.map((name): [string, string] => [
    `options.${name}`,
    `{"model":"m","options":{"temperature":0,"${name}":1}}`,
  ]),
  ['options.num_ctx', '{"options":{"stop":["}"],"x":{},"num_ctx":1}}'],
  ['options.num_ctx', '{"options":{"num_ctx":1},"options":{}}'],
  ['options.num_ctx', '{"options":{},"options":{"num_ctx":1}}'],
  ['options.num_ctx', '{"OPTION\u017F":{"num_ctx":1}}'],
  ['options.num_ctx', '{"option\\u017f":\n\t{\r\n"num\\u005fctx"\n:\n1}}'],
])('refuses %s in %s', (name, body) => {
  expect(pass(body)).toEqual({
    status: 400,
    error: `${name} is set by the operator of this endpoint: leave it out`,
  });
});

it.each([
  '',
  'no JSON',
  '"',
  '{"a',
  ']}',
  '{"model":"m","stream":true,"options":{"temperature":0.2,"num_predict":64,"stop":["num_ctx"]}}',
  '{"keep_alive":null,"options":{"num_ctx":null}}',
  '{"options":null}',
  '{"prompt":"set \\"keep_alive\\": -1 and \\"options\\": {\\"num_ctx\\": 1}"}',
  '{"prompt":"keep_alive","model":":"}',
  '{"tools":[{"function":{"parameters":{"properties":{"options":{"num_ctx":{}},"keep_alive":{}}}}}]}',
  '{"format":{"keep_alive":{},"num_ctx":{}},"options":{}}',
  '{"options":{"nested":{"num_ctx":1}},"num_ctx":1}',
])('lets %s go on', (body) => {
  expect(pass(body)).toBeUndefined();
});

it('finds what a parser finds, in any JSON', () => {
  const name = fc.constantFrom('keep_alive', 'options', 'num_ctx', 'prompt', 'a"b', '\\', '{');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(1, null, true, '}', '"', '\\"', 'keep_alive', '":'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const isSet = (object: unknown, key: string) => (object as Record<string, unknown> | null)?.[key] != null;
  const isObject = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item);
  let refused = 0;
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 4 }), (body) => {
      const { options } = body;
      const expected = isSet(body, 'keep_alive') || (isObject(options) && isSet(options, 'num_ctx'));
      if (expected) refused += 1;
      expect(pass(JSON.stringify(body)) !== undefined).toBe(expected);
    }),
    { seed: 5, numRuns: 150 },
  );
  expect(refused).toBeGreaterThan(20);
});
