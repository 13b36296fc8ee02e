import { baseUrl } from '../../src/http/base-url';
import { parseRetryAfter } from '../../src/http/retry';
import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import { KonnectClient, KonnectError, parseProblem, path, WrongAnswerError } from '../../src/konnect';
import { Entities } from '../../src/konnect/entities';
import { clientOf, newRig, thrownBy, TOKEN } from './rig';
import { VirtualClock } from '../../../test/emulators/konnect';

const READ = { doing: 'read "thing"', method: 'GET', host: 'global', path: '/v3/organizations/me' } as const;

/** A client of a server that answers from a list, and the requests that it received. */
function scripted(answers: readonly (() => Response | Promise<Response>)[], signal?: AbortSignal) {
  const clock = new VirtualClock();
  const asked: { readonly at: number; readonly url: string; readonly init: RequestInit | undefined }[] = [];
  const start = clock.now();
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push({ at: (clock.now() - start) / 1000, url: url instanceof Request ? url.url : url.toString(), init });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer === undefined) throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    return answer();
  };
  return {
    asked,
    clock,
    client: new KonnectClient({ token: TOKEN, geo: 'eu', clock, fetch, signal, random: () => 0 }),
  };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () => {
    const response = new Response(null, { status, headers });
    Object.defineProperty(response, 'text', { value: () => Promise.resolve(JSON.stringify(body)) });
    return response;
  };

/** An answer with status 200 and this body. */
const raw = (body: string) => () => {
  const response = new Response(null);
  Object.defineProperty(response, 'text', { value: () => Promise.resolve(body) });
  return response;
};

describe('addresses', () => {
  it.each([
    ['https://global.api.konghq.com/', 'https://global.api.konghq.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1/base/', 'http://localhost:1/base'],
    ['http://[::1]:9', 'http://[::1]:9'],
  ])('takes %s', (given, wanted) => {
    expect(baseUrl('KONNECT_GLOBAL_URL', given)).toBe(wanted);
  });

  it.each([
    'http://global.api.konghq.com',
    'http://127.0.0.1.example.com',
    'ftp://127.0.0.1',
    'nonsense',
    'https://u:p@example.com',
    'https://example.com/?q=1',
  ])('refuses %s and names the setting', (given) => {
    expect(() => baseUrl('KONNECT_GLOBAL_URL', given)).toThrow(/KONNECT_GLOBAL_URL/);
  });

  it('follow from the geography', async () => {
    const { client, asked } = scripted([json(200, {})]);
    await client.send({ ...READ, host: 'region', path: path`/v2/control-planes/${'a/b ?'}` });
    expect(asked[0]?.url).toBe('https://eu.api.konghq.com/v2/control-planes/a%2Fb%20%3F');
  });

  it('refuses an empty token', () => {
    const { clock } = scripted([]);
    expect(() => new KonnectClient({ token: ' ', geo: 'us', clock, fetch })).toThrow(/KONNECT_TOKEN/);
  });
});

describe('retries', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['7', 7000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads Retry-After %p as %p ms', (header, wanted) => {
    expect(parseRetryAfter(header, now)).toBe(wanted);
  });

  it('wait as long as the server asks, in either form', async () => {
    const { client, asked } = scripted([
      json(429, { message: 'API rate limit exceeded' }, { 'retry-after': '20' }),
      json(503, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }),
      json(200, {}),
    ]);
    await client.send(READ);
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 20, 60]);
  });

  it('wait longer each time if the server does not specify a delay', async () => {
    const { client, asked } = scripted([json(500, {}), json(502, {}), json(504, {}), json(200, {})]);
    await client.send(READ);
    expect(asked.map(({ at }) => at)).toEqual([0, 0.25, 0.75, 1.75]);
  });

  it('stop eventually, with the time of the next attempt', async () => {
    const { client, asked } = scripted([json(429, { message: 'API rate limit exceeded' }, { 'retry-after': '3600' })]);
    const error = await thrownBy(client.send(READ));
    expect(asked).toHaveLength(1);
    expect(exitCodeOf(error)).toBe(ExitCode.timeout);
    expect(String(error)).toContain('again in 3600 s');
  });

  it('never repeat a POST that may have had its effect', async () => {
    for (const answer of [json(500, {}), json(504, {}), () => Promise.reject(new TypeError('fetch failed'))]) {
      const { client, asked } = scripted([answer]);
      await thrownBy(client.send({ ...READ, method: 'POST', body: {} }));
      expect(asked).toHaveLength(1);
    }
  });

  it('repeat a POST that was refused without any effect', async () => {
    const { client, asked } = scripted([json(429, {}), json(503, {}), json(201, { id: 'x' })]);
    expect(await client.send({ ...READ, method: 'POST', body: {} })).toEqual({ id: 'x' });
    expect(asked).toHaveLength(3);
  });

  it('limit each request to 30 seconds', async () => {
    const { client, asked, clock } = scripted([]);
    const hanging = new KonnectClient({
      token: TOKEN,
      geo: 'us',
      clock,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
      retry: { attempts: 1, initialDelay: 1, maxDelay: 1, budget: 1 },
    });
    const start = clock.now();
    expect(String(await thrownBy(hanging.send(READ)))).toContain('no answer within 30 s');
    expect(clock.now() - start).toBe(30_000);
    expect([client.geo, asked]).toEqual(['eu', []]);
  });

  it('stop at once when aborted', async () => {
    const aborting = new AbortController();
    const { client, asked } = scripted([json(500, {})], aborting.signal);
    const running = thrownBy(client.send(READ));
    aborting.abort(new Error('Ctrl-C'));
    expect(String(await running)).toContain('Ctrl-C');
    expect(asked.length).toBeLessThanOrEqual(1);
  });
});

describe('errors', () => {
  it.each([
    [
      400,
      {
        status: 400,
        title: 'Invalid Request',
        detail: 'Invalid Parameters',
        instance: 'kong:trace:1',
        invalid_parameters: [{ field: 'name', reason: 'too long' }],
      },
      ExitCode.usage,
    ],
    [400, { title: 'Bad Request', detail: 'Control Plane usage limits have been reached.' }, ExitCode.quota],
    [401, { message: 'Unauthorized' }, ExitCode.notAllowed],
    [403, { title: 'Forbidden', detail: 'You do not have permission' }, ExitCode.notAllowed],
    [
      403,
      { title: 'Quota Exceeded', detail: 'Maximum number of Active Networks exceeded. Max allowed: 3' },
      ExitCode.quota,
    ],
    [404, {}, ExitCode.failedState],
    [409, { detail: 'exists' }, ExitCode.failedState],
    [429, { message: 'API rate limit exceeded' }, ExitCode.timeout],
    [500, 'oops', ExitCode.timeout],
  ])('%d %j is exit code %d', (status, body, exitCode) => {
    const error = new KonnectError('create network "x"', parseProblem(status, JSON.stringify(body)));
    expect(error.exitCode).toBe(exitCode);
    expect(error.message).toMatch(/^create network "x": Konnect answered \d+, .+; .+/);
  });

  it('keep field, reason and trace', () => {
    const problem = parseProblem(
      400,
      '{"title":"t","detail":"d","instance":"kong:trace:7","invalid_parameters":[{"field":"cidr_block","reason":"overlaps"}]}',
    );
    expect(new KonnectError('x', problem).message).toContain('t: d (cidr_block: overlaps) [kong:trace:7]');
  });

  it.each([
    '<html><body>502 Bad Gateway</body></html>',
    '',
    'null',
    '[]',
    '{"detail":7,"invalid_parameters":[null,{"field":1}]}',
  ])('are readable whatever the body is: %s', (body) => {
    expect(() => new KonnectError('x', parseProblem(502, body))).not.toThrow();
  });

  it('never contain the token', async () => {
    const { client } = scripted([]);
    const error = await thrownBy(client.send(READ));
    expect(JSON.stringify([error, String(error), client], Object.getOwnPropertyNames(error ?? {}))).not.toContain(
      TOKEN.slice(5),
    );
  });
});

describe('wrong answers', () => {
  const LIST = { doing: 'list "things"', host: 'global', path: '/v2/cloud-gateways/networks' } as const;

  it.each<[string, string, string]>([
    ['null', 'null', 'it is not a JSON object'],
    ['an empty body', '', 'it is empty'],
    ['a text', '"ok"', 'it is not a JSON object'],
    ['HTML', '<html>Sign in</html>', 'it is not JSON'],
    ['another object', '{"message":"ok"}', 'it does not have state'],
  ])('of a read, such as %s, are one typed error with what was asked for', async (_, body, reason) => {
    const { client, asked } = scripted([raw(body)]);
    const error = await thrownBy(client.send({ ...READ, expects: ['state'] }));
    expect(error).toBeInstanceOf(WrongAnswerError);
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(String(error)).toContain(`read "thing": the answer is not that of Konnect (${reason})`);
    expect(asked).toHaveLength(8); // a proxy may have answered
  });

  it.each([
    'null',
    '',
    '{}',
    '{"data":null}',
    '{"data":{}}',
    '{"data":[null]}',
    '{"data":["x"]}',
    '{"data":[{}]}',
    '{"data":[{"id":1}]}',
  ])('of a list, such as %j, are, too', async (body) => {
    const { client } = scripted([raw(body)]);
    const entities = new Entities(client, { id: 'c', name: 'llm' });
    for (const list of [client.list(LIST), entities.list('plugins')]) {
      const error = await thrownBy(list);
      expect(error).toBeInstanceOf(WrongAnswerError);
      expect(String(error)).toMatch(
        /list ("things"|plugins of control plane "llm"): the answer is not that of Konnect/,
      );
    }
  });

  it('may be followed by the right one', async () => {
    const { client } = scripted([raw(''), json(200, { id: 'x' })]);
    expect(await client.send(READ)).toEqual({ id: 'x' });
  });

  it('to a POST, which may have had its effect, are not repeated', async () => {
    const { client, asked } = scripted([raw('null')]);
    const error = await thrownBy(client.send({ ...READ, method: 'POST', body: {} }));
    expect(error).toMatchObject({ outcomeUnknown: true });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, Record<string, string>]>([
    ['announces it', { 'content-length': String(64 * 1024 * 1024) }],
    ['does not announce it', {}],
    ['compresses it', { 'content-length': '100', 'content-encoding': 'gzip' }],
  ])('are not read beyond 32 MiB when the server %s', async (_, headers) => {
    let sent = 0;
    const large = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 1;
            if (sent > 100) controller.close();
            else controller.enqueue(new Uint8Array(1024 * 1024));
          },
        }),
        { headers },
      );
    const { client } = scripted([large]);
    const error = await thrownBy(client.send({ ...READ, method: 'POST', body: {} }));
    expect(error).toBeInstanceOf(WrongAnswerError);
    expect(String(error)).toContain('larger than 32 MiB');
    expect(sent).toBeLessThan(40);
  });

  it('that are too large are not read again, and leave the outcome of a POST unknown', async () => {
    const large = () => new Response('{}', { headers: { 'content-length': String(64 * 1024 * 1024) } });
    const { client, asked } = scripted([large]);
    const error = await thrownBy(client.send(READ));
    expect(error).toMatchObject({ transient: false, outcomeUnknown: true });
    expect(asked).toHaveLength(1);
  });

  it('are not those with a byte order mark', async () => {
    const { client, asked } = scripted([() => new Response('\uFEFF{"id":"x"}')]);
    expect(await client.send(READ)).toEqual({ id: 'x' });
    expect(asked).toHaveLength(1);
  });
});

describe('lists', () => {
  const LIST = { doing: 'list "things"', host: 'global', path: '/v2/cloud-gateways/networks' } as const;
  const page = (ids: readonly string[], total: number) =>
    json(200, { data: ids.map((id) => ({ id })), meta: { page: { total, number: 1, size: 1 } } });

  it('are read up to the last page', async () => {
    const { client, asked } = scripted([page(['a'], 3), page(['b'], 3), page(['c'], 3)]);
    expect(await client.list(LIST)).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('page[number]'))).toEqual(['1', '2', '3']);
  });

  it('may have no pagination at all', async () => {
    expect(await scripted([json(200, { data: [{ id: 'a' }] })]).client.list(LIST)).toEqual([{ id: 'a' }]);
  });

  it('end with an error if the pages never end', async () => {
    const { client, asked } = scripted([page(['a'], 3)]);
    expect(String(await thrownBy(client.list(LIST)))).toContain('the list ends after 1 of 3 items');
    expect(asked).toHaveLength(3);
  });

  it('continue after a full page without a total, and never end in silence before the total', async () => {
    const full = (start: number, size: number) => ({
      data: Array.from({ length: size }, (_, index) => ({ id: String(start + index) })),
    });
    const open = scripted([json(200, full(0, 100)), json(200, full(100, 5))]);
    expect(await open.client.list(LIST)).toHaveLength(105);
    const cut = scripted([page(['a', 'b'], 3), page([], 3)]);
    expect(String(await thrownBy(cut.client.list(LIST)))).toContain('list "things": the list ends after 2 of 3 items');
  });

  it('of entities end with an error if an offset repeats', async () => {
    const { client, asked } = scripted([json(200, { data: [{ id: 'a' }], offset: 'x' })]);
    const entities = new Entities(client, { id: 'c', name: 'llm' });
    expect(String(await thrownBy(entities.list('consumers')))).toContain(
      'list consumers of control plane "llm": the list does not end',
    );
    expect(asked).toHaveLength(2);
  });

  it('are complete although items disappear during the read', async () => {
    const { client } = scripted([page(['a', 'b'], 3), page([], 2)]);
    expect(await client.list(LIST)).toHaveLength(2);
  });

  it('contain an object of any page', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.pageSize = 1;
    for (const number of ['210987654321', '310987654321']) rig.konnect.world.addProviderAccount(number);
    const accounts = await clientOf(rig).list({ ...LIST, path: '/v2/cloud-gateways/provider-accounts' });
    expect(accounts).toHaveLength(3);
    expect(rig.konnect.journal).toHaveLength(3);
  });
});
