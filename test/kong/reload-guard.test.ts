/** No request can make a server reload or unload a model. */
import { kongConfig, OLLAMA_IMAGE } from '@org/ollama-eks';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  REQUEST_FIELDS_VERSION,
  REQUEST_MEMBERS,
  REQUEST_OPTIONS,
} from '../../packages/ollama-eks/src/catalogue/request-fields';
import { accessWithBody, bytesRead } from './support/kong-body';

const services = kongConfig({ requestTimeoutSeconds: 900, adminRoutes: true }, { maxRequestMegabytes: 3 }).services;
const routes = services?.flatMap((service) => service.routes) ?? [];
const guarded = routes.filter(({ plugins }) => plugins?.some(({ name }) => name === 'post-function'));
const code = (guarded[0]?.plugins?.[0]?.config.access as readonly string[])[0] ?? '';
const pass = (body: string | undefined, path = '/api/embed') => accessWithBody(code, body, path);

const refusedFor = (name: string) => ({
  refusal: { status: 400, error: `${name} is set by the operator of this endpoint: leave it out` },
});
const unchanged = (body: string) => ({ body, changed: false });

/** Returns the fields of the contract with the given effect. */
const withEffect = (fields: Readonly<Record<string, string>>, effect: string) =>
  Object.keys(fields).filter((name) => fields[name] === effect);
const RELOADING_OPTIONS = withEffect(REQUEST_OPTIONS, 'reloads');

/** Returns the spellings of a name that Go's `encoding/json` accepts, as they appear in JSON. */
const spellings = (name: string): string[] => [
  name,
  name.replace(/[^_]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  name.replaceAll('_', '\\u005F'),
  ...[name.toUpperCase(), name.replaceAll('s', '\u017F').replaceAll('k', '\u212A')],
  name.replaceAll('s', '\\u017f').replaceAll('k', '\\u212A'),
];

it("runs before Ollama's own inference routes, and no others", () => {
  expect(guarded.flatMap(({ paths }) => paths)).toEqual([
    '~/api/chat$',
    '~/api/embed$',
    '~/api/embeddings$',
    '~/api/generate$',
  ]);
  expect(guarded.map(({ request_buffering }) => request_buffering)).toEqual([true]);
});

it('reads a buffered body from its file, up to the limit of a request', () => {
  expect(code).toContain(`get_raw_body(${String(3 * 1024 * 1024)})`);
});

it('refuses a body that cannot be read', () => {
  expect(pass(undefined)).toEqual({ refusal: { status: 413, error: 'the request is too large to be read' } });
});

describe('has a budget', () => {
  const metered = code.replace('local budget = 1000000', 'local budget = math.tointeger(tonumber(allowed))');
  const SPENT = { refusal: { status: 413, error: 'the request has too many fields, strings, or brackets' } };
  const passWithin = (budget: number, body: string) =>
    accessWithBody(metered, body, '/api/chat', { allowed: String(budget) });

  it.each<[string, string]>([
    ['brackets', '['.repeat(3000)],
    ['closed brackets', `{"a":[${'[],'.repeat(2000)}[]]}`],
    ['strings', `{"a":[${'"",'.repeat(2000)}""]}`],
    ['members', `{${'"a":1,'.repeat(2000)}"a":1}`],
    ['options', `{"options":{${'"a":1,'.repeat(2000)}"a":1}}`],
    ['removed members', `{${'"keep_alive":1,'.repeat(1000)}"a":1}`],
    ['escaped quotes', `{"a":"${'\\"'.repeat(2000)}"}`],
    ['backslashes', `{"a":"${'\\'.repeat(3000)}"}`],
    ['white space', `{"a":${' '.repeat(20_000)}1}`],
    ['white space before a colon', `{"a"${' '.repeat(20_000)}:1}`],
    ['digits', `{"a":${'1'.repeat(20_000)}}`],
    ['strings that never end', '{"a'.repeat(3000)],
  ])('that many %s spend', (_, body) => {
    expect(code).toContain('local budget = 1000000');
    expect(passWithin(1000, body)).toEqual(SPENT);
    expect(passWithin(100_000, body)).not.toEqual(SPENT);
  });

  it.each<[string, string]>([
    ['a long prompt', `{"prompt":"${'int main() { puts(1); }\\n'.repeat(2000)}"}`],
    ['an image', `{"images":["${'A'.repeat(100_000)}"]}`],
    ['a long name', `{"${'a'.repeat(100_000)}":1}`],
  ])('that %s does not spend', (_, body) => {
    expect(passWithin(100, body)).not.toEqual(SPENT);
  });

  it('that lets nothing through: a body that spends it, at whatever place, is refused', () => {
    const body =
      '{"a":{"b":["c","d\\\\"]},"keep_alive":1,"e":[1,2],"options":{"temperature":0,"num_ctx":1},"shift":false}';
    const whole = pass(body);
    const outcomes = Array.from({ length: 200 }, (_, budget) => passWithin(budget, body));
    for (const outcome of outcomes) expect([SPENT, whole]).toContainEqual(outcome);
    expect(outcomes[0]).toEqual(SPENT);
    expect(outcomes.at(-1)).toEqual(whole);
  });
});

it('is documented with everything that it refuses and removes', () => {
  const readme = readFileSync(join(__dirname, '../../deck/README.md'), 'utf8');
  const members = Object.entries(REQUEST_MEMBERS).flatMap(([name, effect]) => (effect === 'none' ? [] : name));
  for (const name of [...RELOADING_OPTIONS, ...members]) expect(readme).toContain(name);
});

describe('follows the contract of the pinned Ollama', () => {
  it('which is the deployed version', () => {
    expect(REQUEST_FIELDS_VERSION).toBe(OLLAMA_IMAGE.tag);
  });

  it('which lists Runner, context shift and keep-alive as the only relevant fields', () => {
    expect(RELOADING_OPTIONS).toEqual([
      'draft_num_predict',
      'main_gpu',
      'num_batch',
      'num_ctx',
      'num_gpu',
      'num_thread',
      'use_mmap',
    ]);
    expect(Object.entries(REQUEST_MEMBERS).filter(([, effect]) => effect !== 'none')).toEqual([
      ['keep_alive', 'unloads'],
      ['shift', 'reloads unless true'],
      ['truncate', 'cuts unless false'],
    ]);
  });

  it.each(RELOADING_OPTIONS)('refuses options.%s in every spelling and with every value', (name) => {
    const options = [
      ...spellings(name).map((spelling) => `"${spelling}" : 1`),
      ...['-1', 'true', 'null', '[]'].map((value) => `"${name}":${value}`),
    ];
    for (const option of options) {
      const body = `{"model":"m","options":{"temperature":0,${option}}}`;
      expect([body, pass(body)]).toEqual([body, refusedFor(`options.${name}`)]);
    }
  });

  it.each(withEffect(REQUEST_MEMBERS, 'reloads unless true'))('refuses "%s": false in every spelling', (name) => {
    for (const spelling of spellings(name)) {
      const body = `{"model":"m", "${spelling}"\n:\tfalse}`;
      expect([body, pass(body)]).toEqual([body, refusedFor(name)]);
    }
  });

  it.each(withEffect(REQUEST_MEMBERS, 'reloads unless true'))('passes "%s": null on, and removes true', (name) => {
    expect(pass(`{"model":"m","${name}":null}`)).toEqual(unchanged(`{"model":"m","${name}":null}`));
    expect(pass(`{"model":"m","${name}":true}`)).toEqual({ body: '{"model":"m"}', changed: true });
  });

  it.each(withEffect(REQUEST_MEMBERS, 'unloads'))('removes %s in every spelling and with every value', (name) => {
    const members = [
      ...spellings(name).map((spelling) => `"${spelling}" : 0`),
      ...['-1', '"5m"', '"-1s"', 'null', '{"a":[1,2,"}"]}'].map((value) => `"${name}":${value}`),
    ];
    for (const member of members) {
      const body = `{"model":"m",${member},"prompt":"p"}`;
      expect([body, pass(body)]).toEqual([body, { body: '{"model":"m","prompt":"p"}', changed: true }]);
    }
  });

  it('passes every other field on', () => {
    const options = withEffect(REQUEST_OPTIONS, 'none').map((name) => `"${name}":0`);
    const members = withEffect(REQUEST_MEMBERS, 'none').filter((name) => name !== 'options');
    const body = `{${members.map((name) => `"${name}":false,`).join('')}"options":{${options.join()}}}`;
    expect(pass(body)).toEqual(unchanged(body));
  });

  it('passes options of older versions of Ollama on', () => {
    const body =
      '{"options":{"numa":true,"use_mlock":true,"low_vram":true,"f16_kv":true,"logits_all":true,"mirostat":1}}';
    expect(pass(body)).toEqual(unchanged(body));
  });
});

it.each<[string, string]>([
  ['options.num_ctx', '{"options":{"stop":["}"],"x":{},"num_ctx":1}}'],
  ['options.num_ctx', '{"options":{"num_ctx":1},"options":{}}'],
  ['options.num_ctx', '{"options":{},"options":{"num_ctx":1}}'],
  ['options.num_ctx', '{"OPTION\u017F":{"num_ctx":1}}'],
  ['options.num_ctx', '{"option\\u017f":\n\t{\r\n"num\\u005fctx"\n:\n1}}'],
  ['options.num_ctx', '{"keep_alive":1,"options":{"num_ctx":1}}'],
  ['shift', '{"messages":[{"content":"a \\"b\\" {[\\\\"}],"shift":false}'],
  ['shift', '{"shift":true,"shift":false}'],
  ['shift', '{"shift":false,"shift":null}'],
])('refuses %s in %s', (name, body) => {
  expect(pass(body)).toEqual(refusedFor(name));
});

it.each([
  '',
  '{}',
  '[]',
  'no JSON',
  '"',
  '{"a',
  ']}',
  '{"model":"m","stream":true,"options":{"temperature":0.2,"num_predict":64,"stop":["num_ctx"]}}',
  '{"options":null}',
  '{"prompt":"set \\"keep_alive\\": -1 and \\"options\\": {\\"num_ctx\\": 1}"}',
  '{"prompt":"keep_alive","model":":"}',
  '{"prompt":"shift","suffix":"options"}',
  '{"tools":[{"function":{"parameters":{"properties":{"options":{"num_ctx":{}},"keep_alive":{},"shift":false}}}}]}',
  '{"format":{"keep_alive":{},"num_ctx":{},"shift":false},"options":{}}',
  '{"options":{"nested":{"num_ctx":1},"keep_alive":1,"shift":false},"num_ctx":1}',
  '[{"keep_alive":1,"shift":false}]',
  '{"\\\\u006beep_alive":1}',
])('passes %s on unchanged', (body) => {
  expect(pass(body)).toEqual(unchanged(body));
});

it.each<[string, string]>([
  ['{"keep_alive":1}', '{}'],
  ['{ "keep_alive" : 1 }', '{}'],
  ['{"keep_alive":1,"a":1}', '{"a":1}'],
  ['{ "keep_alive":1 , "a":1 }', '{ "a":1 }'],
  ['{"a":1,"keep_alive":1}', '{"a":1}'],
  ['{\n  "a": 1,\n  "keep_alive": "5m",\n  "b": 2\n}\n', '{\n  "a": 1,\n  "b": 2\n}\n'],
  ['{"keep_alive":1,"keep_alive":2}', '{}'],
  ['{"keep_alive":1,"keep_alive":2,"a":1}', '{"a":1}'],
  ['{"keep_alive":1,"a":1,"keep_alive":2,"b":2,"keep_alive":3}', '{"a":1,"b":2}'],
  ['{"a":1,"keep_alive":1,"keep_alive":2}', '{"a":1}'],
  ['{"a":"é\\n\\"\u2028","keep_alive":"x,}","b":[1,{"c":","}]}', '{"a":"é\\n\\"\u2028","b":[1,{"c":","}]}'],
  ['{"shift":true,"keep_alive":1,"a":1}', '{"a":1}'],
  ['{"a":1,"keep_alive":1} {"keep_alive":1}', '{"a":1} {"keep_alive":1}'], // the server reads the first alone
])('turns %j into %j', (body, rest) => {
  expect(pass(body)).toEqual({ body: rest, changed: true });
});

describe('a prompt that exceeds the context', () => {
  const cut = withEffect(REQUEST_MEMBERS, 'cuts unless false');

  it.each(['/api/chat', '/api/generate'])(
    'is refused by %s instead of being cut, unless the client requests that',
    (path) => {
      expect(cut).toEqual(['truncate']);
      for (const [body, rest] of [
        ['{"model":"m"}', '{"truncate":false,"model":"m"}'],
        ['\n{ "model":"m"}', '\n{"truncate":false, "model":"m"}'],
        ['{"model":"m","truncate":null}', '{"truncate":false,"model":"m"}'],
        ['{"truncate": null, "model":"m"}', '{"truncate":false, "model":"m"}'],
        ['{"keep_alive":1,"model":"m"}', '{"truncate":false,"model":"m"}'],
        ['{"model":"m","options":{"truncate":true}}', '{"truncate":false,"model":"m","options":{"truncate":true}}'],
        ['{"prompt":"\\"truncate\\":true"}', '{"truncate":false,"prompt":"\\"truncate\\":true"}'],
      ] as const) {
        expect([body, pass(body, path)]).toEqual([body, { body: rest, changed: true }]);
      }
      for (const spelling of spellings('truncate')) {
        for (const value of ['true', 'false']) {
          const body = `{"model":"m","${spelling}" : ${value}}`;
          expect([body, pass(body, path)]).toEqual([body, unchanged(body)]);
        }
      }
      for (const body of ['{}', '[]', '', 'no JSON', '["a"]']) expect(pass(body, path)).toMatchObject({ body });
    },
  );

  it.each(['/api/embed', '/api/embeddings'])('is embedded by %s as the client requests', (path) => {
    expect(pass('{"model":"m"}', path)).toEqual(unchanged('{"model":"m"}'));
    expect(pass('{"truncate":true}', path)).toEqual(unchanged('{"truncate":true}'));
  });

  it('is refused whatever else the request contains', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 4 }), (members) => {
        const body = `{${members.map(({ text }) => text).join()}}`;
        const passage = pass(body, '/api/chat');
        if ('refusal' in passage) return;
        const { truncate, ...rest } = JSON.parse(passage.body) as Record<string, unknown>;
        const other = pass(body, '/api/embed');
        if ('refusal' in other) throw new Error('refused at one path only');
        expect(rest).toEqual(JSON.parse(other.body));
        expect(truncate).toBe(Object.keys(rest).length === 0 ? undefined : false);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

/** A JSON member, with optional white space. */
interface Written {
  readonly name: string;
  readonly text: string;
  readonly value: string;
}

const space = fc.constantFrom('', ' ', '\n\t');
const name = fc.constantFrom('keep_alive', 'options', 'num_ctx', 'shift', 'prompt', 'a\\"b', '\\\\{');
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('1', 'null', 'true', 'false', '"}"', '"\\""', '"\\\\\\""', '"keep_alive"', '"\\":"', '","'),
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
    fc
      .array(fc.tuple(name, space, tie('json')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, gap, value]) => `"${key}"${gap}:${value}`).join()}}`),
  ),
}));
const written: fc.Arbitrary<Written> = fc
  .tuple(
    fc.oneof(
      name,
      name.chain((plain) => fc.constantFrom(...(/^\w+$/.test(plain) ? spellings(plain) : [plain]))),
    ),
    fc.oneof(json, fc.constantFrom('true', 'false', '{"num_ctx":1}')),
    fc.tuple(space, space, space, space),
  )
  .map(([key, value, [a, b, c, d]]) => ({ name: key, value, text: `${a}"${key}"${b}:${c}${value}${d}` }));

/** Returns the name of a member as the server reads it. */
const meaning = (key: string): string =>
  (JSON.parse(`"${key}"`) as string).toLowerCase().replaceAll('\u017F', 's').replaceAll('\u212A', 'k');

it('changes any JSON as a parser would, and nothing else in it', () => {
  const seen = { refused: 0, changed: 0, unchanged: 0 };
  fc.assert(
    fc.property(fc.array(written, { maxLength: 4 }), (members) => {
      const refused = members.some(({ name: key, value }) => {
        if (meaning(key) === 'shift') return value === 'false';
        const parsed: unknown = JSON.parse(value);
        const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
        return meaning(key) === 'options' && isObject && 'num_ctx' in parsed;
      });
      const kept = members.filter(
        ({ name: key, value }) => meaning(key) !== 'keep_alive' && !(meaning(key) === 'shift' && value === 'true'),
      );
      const write = (list: readonly Written[]) => `{${list.map(({ text }) => text).join()}}`;
      const passage = pass(write(members));
      if (refused) {
        seen.refused += 1;
        expect(passage).toMatchObject({ refusal: { status: 400 } });
      } else {
        seen[kept.length < members.length ? 'changed' : 'unchanged'] += 1;
        expect(passage).toEqual({ body: write(kept), changed: kept.length < members.length });
      }
    }),
    { seed: 5, numRuns: 250 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(15);
});

it('never turns invalid JSON into a request that the guard forbids', () => {
  const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '1', 'false', '"a"', '"b":1');
  const field = fc.constantFrom(
    '"keep_alive":1',
    '"shift":false',
    '"shift":true',
    '"options":{"num_ctx":1}',
    '"options"',
  );
  let mended = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(token, field), { maxLength: 12 }), (tokens) => {
      const passage = pass(`{${tokens.join('')}}`);
      if ('refusal' in passage) return;
      expect(pass(passage.body)).toEqual(unchanged(passage.body));
      if (!passage.changed) return;
      mended += 1;
      let parsed: unknown;
      try {
        parsed = JSON.parse(passage.body);
      } catch {
        return; // the server refuses it, as it did before
      }
      expect(parsed).not.toHaveProperty('keep_alive');
      expect(parsed).not.toHaveProperty('shift');
      expect(parsed).not.toHaveProperty('options.num_ctx');
    }),
    { seed: 7, numRuns: 250 },
  );
  expect(mended).toBeGreaterThan(15);
});

it('reads every byte of a body at most a few times, whatever it contains', () => {
  const shapes: readonly ((times: number) => string)[] = [
    (times) => `{${'"a":1,'.repeat(times)}"b":1}`,
    (times) => `{${'"keep_alive":1,'.repeat(times)}"b":1}`,
    (times) => `{"b":1${',"keep_alive":1'.repeat(times)}}`,
    (times) => `{"prompt":"${'\\\\'.repeat(times)}"}`,
    (times) => `{"prompt":"${'\\"'.repeat(times)}"}`,
    (times) => `{"${'\\u0041'.repeat(times)}":1}`,
    (times) => `["a"${' '.repeat(times)},"b"${' '.repeat(times)}]`,
    (times) => `{"a"${' '.repeat(times)}:${' '.repeat(times)}1}`,
    (times) => `{"a":${'['.repeat(times)}${']'.repeat(times)}}`,
    (times) => `{"options":{${'"a":1,'.repeat(times)}"b":1}}`,
    (times) => '{"a'.repeat(times),
  ];
  for (const shape of shapes) {
    const body = shape(300);
    const times = bytesRead(code, body) / body.length;
    expect([shape(1), times > 0.3 && times < 8]).toEqual([shape(1), true]);
  }
});
