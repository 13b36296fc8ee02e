/**
 * What decK does with Kong's configuration, through the commands that users run, against the emulated Konnect. Each test also
 * runs with the stand-in that the unit tests use, so that it is held to the real program.
 */
import { deckFiles, KONG_CONFIG_TAG, KONG_CONSUMERS_TAG } from '@org/ollama-eks';
import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '@org/ollama-eks/pure';
import { FAULT_EFFECTS, type FaultEffect } from '../../emulators/konnect';
import { suite, tool } from '../support';
import { KongSite } from '../support/kong-site';

const ENTITIES = '/v2/control-planes/:controlPlaneId/core-entities';
const ID = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** A key by whose end decK names it in errors. */
const KEY = 'sk-0123456789abcdefghijklmnopqrstuvwx-Q7zR9';

/** Returns a file of consumers. */
function consumers(...users: readonly string[]): string {
  return `_format_version: "3.0"\n_info: {select_tags: [${KONG_CONSUMERS_TAG}]}\nconsumers: [${users.join(', ')}]\n`;
}

/** Returns a configuration with these lists. */
function configuration(lists: string): string {
  return `_format_version: "3.0"\n_info: {select_tags: [${KONG_CONFIG_TAG}]}\n${lists}\n`;
}

const EVERYTHING = '20 to create, 0 to update, 0 to delete';

const answering = (status: number, headers: Readonly<Record<string, string>> = {}): FaultEffect => ({
  kind: 'answer',
  answer: () => ({ status, headers, body: { message: `no ${String(status)}` } }),
});

suite('decK', ['deck'], () => {
  describe.each([
    ['decK', () => tool('deck')],
    ['the stand-in', () => undefined],
  ])('%s', (_name, deck) => {
    let site: KongSite;

    beforeEach(async () => {
      site = await KongSite.open(deck());
    });
    afterEach(async () => {
      await site.close();
      expect(site.konnect.contract.misses).toEqual([]);
      expect(unknownRoutes(site)).toEqual([]);
    });

    const kong = (...args: string[]) => site.run(['kong', ...args]);
    const empty = () => site.write('empty.yaml', configuration('services: []'));
    const writes = () => site.konnect.writes.length;

    test('creates everything, and has nothing to do after that', async () => {
      expect(await kong('diff', '--exit-code')).toMatchObject({ code: 7, out: `${EVERYTHING}\n` });
      expect(await kong('sync')).toMatchObject({ code: 0, out: `synced: ${EVERYTHING}\n` });
      const before = site.snapshot();
      expect(await kong('sync')).toMatchObject({ code: 0, out: 'nothing to do\n' });
      expect(await kong('diff', '--exit-code')).toMatchObject({ code: 0 });
      expect(site.snapshot()).toEqual(before);
    });

    test('creates a log of requests, and has nothing to do after that', async () => {
      const facts = { requestTimeoutSeconds: DEFAULT_REQUEST_TIMEOUT_SECONDS, adminRoutes: false };
      const { 'kong-config.yaml': text } = deckFiles(facts, { logEndpoint: 'http://logs.example.internal:8080/' });
      const file = site.write('logged.yaml', text);
      expect(await kong('sync', '--file', file)).toMatchObject({
        code: 0,
        out: 'synced: 21 to create, 0 to update, 0 to delete\n',
      });
      expect(site.entities('plugins').filter(({ name }) => name === 'http-log')).toHaveLength(1);
      expect(await kong('sync', '--file', file)).toMatchObject({ code: 0, out: 'nothing to do\n' });
    });

    test('restores what another program changed, and removes what it added with our tag', async () => {
      await kong('sync');
      const before = site.snapshot();
      const [service] = site.entities('services');
      await site.put(`services/${String(service?.['id'])}`, { ...service, read_timeout: 1 });
      await site.put(`services/${ID(1)}`, { name: 'added', host: 'example.com', tags: [KONG_CONFIG_TAG] });
      expect(await kong('sync')).toMatchObject({
        code: 0,
        out: 'synced: 0 to create, 1 to update, 1 to delete\n',
      });
      expect(site.snapshot()).toEqual(before);
    });

    test('finds the control plane among more than a page of them', async () => {
      await site.addControlPlanes(120);
      expect(await kong('diff')).toMatchObject({ code: 0 });
    });

    test('neither file changes objects of the other, or of teams', async () => {
      const withKey = `{username: a, keyauth_credentials: [{key: ${KEY}}]}`;
      const file = site.write('consumers.yaml', consumers(withKey, '{username: b}'));
      await kong('sync');
      expect(await site.run(['consumers', 'add', 'team'])).toMatchObject({ code: 0 });
      expect(await site.run(['consumers', 'limit', 'team', '--per-minute', '9'])).toMatchObject({ code: 0 });
      const [created, nothing] = ['synced: 3 to create, 0 to update, 0 to delete\n', 'nothing to do\n'];
      expect(await kong('sync', '--consumers', file)).toMatchObject({ code: 0, out: created });
      const before = site.snapshot();
      expect(await kong('sync', '--consumers', file)).toMatchObject({ code: 0, out: nothing });
      expect(await kong('sync')).toMatchObject({ code: 0, out: nothing });
      expect(site.snapshot()).toEqual(before);
      site.write('consumers.yaml', consumers('{username: b}'));
      expect(await kong('sync', '--consumers', file)).toMatchObject({ code: 0 });
      expect(
        site
          .entities('consumers')
          .map(({ username }) => username)
          .sort(),
      ).toEqual(['b', 'team']);
      expect(site.snapshot()['plugins']).toEqual(before['plugins']);
    });

    test('the guard stops a plan with too many deletions, until they are allowed', async () => {
      await kong('sync');
      const before = writes();
      const file = empty();
      expect(await kong('sync', '--file', file)).toMatchObject({
        code: 2,
        err: expect.stringContaining('deletes 20 objects, more than 5'),
      });
      expect(writes()).toBe(before);
      expect(await kong('sync', '--file', file, '--max-deletes', '20')).toMatchObject({ code: 0 });
      expect(site.snapshot()).toEqual({});
    });

    test('a wrong token ends with exit code 3', async () => {
      const { code, err } = await site.run(['kong', 'sync'], { KONNECT_CONFIG_TOKEN: 'kpat_wrong' });
      expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('the token is invalid') });
    });

    test.each<[string, FaultEffect, number, number, string]>([
      ['a refused request', answering(403), 1, 3, 'HTTP status 403 (message: "no 403")'],
      ['an exceeded limit, once', answering(429, { 'retry-after': '1' }), 1, 0, ''],
      [
        'an exceeded limit, always',
        answering(429, { 'retry-after': '0' }),
        Infinity,
        5,
        'HTTP status 429 after 11 attempts',
      ],
      ['an error of the server', answering(500), 1, 5, 'HTTP status 500 (message: "no 500")'],
      [
        'an error of a proxy',
        FAULT_EFFECTS.badGateway,
        1,
        5,
        'HTTP status 502 (message: "<failed to parse response body',
      ],
      ['a closed connection', FAULT_EFFECTS.droppedBefore, 1, 5, 'no answer: EOF'],
      ['a closed connection, after the write', FAULT_EFFECTS.droppedAfter, 1, 5, 'no answer: EOF'],
    ])(
      '%s in the middle of a sync has the exit code of our own requests, and the next sync finishes',
      async (...row) => {
        const [, effect, times, wanted, reason] = row;
        await kong('sync');
        const whole = site.snapshot();
        await kong('sync', '--file', empty(), '--max-deletes', '20');
        site.konnect.faults.add({ method: 'PUT', route: `${ENTITIES}/routes/:id`, after: 2, times, effect });
        const { code, err } = await kong('sync');
        expect({ code, err }).toMatchObject({ code: wanted });
        if (wanted !== 0)
          expect(err).toMatch(/^error: decK could not finish the sync: Create route ollama-[\w-]+ failed: /m);
        expect(err).toContain(reason);
        expect(err).not.toMatch(/ollama-eks-deck-|errors occurred|while processing|127\.0\.0\.1/);
        site.konnect.faults.clear();
        expect(await kong('sync')).toMatchObject({ code: 0 });
        expect(site.snapshot()).toEqual(whole);
        expect(await kong('sync')).toMatchObject({ code: 0, out: 'nothing to do\n' });
      },
    );

    test('an error of the server while decK plans, once, is repeated', async () => {
      site.konnect.faults.add({ route: `${ENTITIES}/schemas/plugins/:plugin`, effect: answering(500) });
      expect(await kong('diff')).toMatchObject({ code: 0, out: `${EVERYTHING}\n` });
    });

    test.each<[string, FaultEffect, number]>([
      ['an invalid token', FAULT_EFFECTS.unauthorized, 3],
      ['a refused request', answering(403), 3],
      ['an error of the server', answering(503), 5],
      ['an error of a proxy', FAULT_EFFECTS.badGateway, 5],
      ['a closed connection', FAULT_EFFECTS.droppedBefore, 5],
    ])('%s while decK plans ends without counts', async (_, effect, wanted) => {
      for (const route of ['/konnect-api/api/runtime_groups', `${ENTITIES}/schemas/plugins/:plugin`]) {
        site.konnect.faults.add({ route, times: Infinity, effect });
        const { code, out, err } = await kong('diff');
        expect({ route, code, out, err }).toMatchObject({ route, code: wanted, out: '' });
        expect(err).not.toMatch(/to create|--max-deletes/);
        site.konnect.faults.clear();
      }
    });

    test('objects of the same name without our tag are named before anything is written, and adopted', async () => {
      await kong('sync');
      const whole = site.snapshot();
      for (const kind of ['services', 'routes', 'plugins', 'upstreams']) {
        const [first] = site.entities(kind);
        await site.put(`${kind}/${String(first?.['id'])}`, { ...first, tags: null });
      }
      const before = writes();
      const { code, err } = await kong('sync');
      expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining('ollama-eks kong adopt') });
      expect(writes()).toBe(before);
      expect(await kong('adopt', '--yes')).toMatchObject({ code: 0 });
      expect(await kong('sync')).toMatchObject({ code: 0 });
      expect(site.snapshot()).toEqual(whole);
    });

    test('shows neither a key nor its end', async () => {
      await site.put(`consumers/${ID(1)}`, { username: 'theirs' });
      await site.put(`consumers/${ID(1)}/key-auth/${ID(2)}`, { key: KEY });
      const file = site.write('consumers.yaml', consumers(`{username: a, keyauth_credentials: [{key: ${KEY}}]}`));
      const { code, err } = await kong('sync', '--consumers', file);
      expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining('***** for consumer a') });
      expect(err).not.toMatch(/Q7zR9|sk-0123/);
    });

    const PLUGIN = '{name: rate-limiting, consumer: a, config: {minute: 1}}';
    test.each([
      [
        'at the top level is left out by decK without an error',
        `services: [{name: x, host: x}]\nplugins: [${PLUGIN}]`,
        0,
        '',
      ],
      [
        'under a service is sent with a name as ID',
        `services: [{name: x, host: x, plugins: [${PLUGIN}]}]`,
        1,
        'HTTP status 400',
      ],
    ])('a plugin for a consumer %s, so that we refuse it', async (_, lists, code, reason) => {
      const file = site.write('scoped.yaml', configuration(lists));
      expect(await kong('sync', '--file', file)).toMatchObject({
        code: 2,
        err: expect.stringContaining('plugin rate-limiting must not name a consumer'),
      });
      expect(site.snapshot()).toEqual({});
      await site.put(`consumers/${ID(1)}`, { username: 'a' });
      const end = await site.deck(['gateway', 'sync', file, '--skip-consumers']);
      expect(end).toMatchObject({ code, err: expect.stringContaining(reason) });
      expect(site.entities('plugins')).toEqual([]);
    });

    test('an object of the same name without our tag makes decK fail, so that we look for it', async () => {
      await site.put(`services/${ID(1)}`, { name: 'twin', host: 'x' });
      const file = site.write('twin.yaml', configuration('services: [{name: twin, host: x}]'));
      const { code, err } = await site.deck(['gateway', 'sync', file, '--skip-consumers']);
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringContaining('while processing event: Create service twin failed: HTTP status 409'),
      });
    });

    test('a file of another control plane is refused, by decK too', async () => {
      const file = site.write('other.yaml', configuration('_konnect: {control_plane_name: other}'));
      expect(await kong('diff', '--file', file)).toMatchObject({
        code: 2,
        err: expect.stringContaining('the file is of control plane "other", not of "ollama"'),
      });
      expect(await site.deck(['gateway', 'diff', file])).toMatchObject({
        code: 1,
        err: expect.stringContaining("is different from 'other' found in state file(s)"),
      });
    });
  });

  test('validates both files, and writes one that a sync has nothing to do for', async () => {
    const site = await KongSite.open(tool('deck'));
    const { 'kong-config.yaml': config, 'kong-consumers.example.yaml': example } = deckFiles();
    for (const text of [config, example]) {
      const file = site.write('file.yaml', text);
      const keys = Object.fromEntries([...text.matchAll(/DECK_KEY_\w+/g)].map(([name]) => [name, `${name}-${KEY}`]));
      expect(await site.deck(['gateway', 'validate', file], keys)).toMatchObject({ code: 0, err: '' });
    }
    expect(await site.run(['kong', 'sync'])).toMatchObject({ code: 0 });
    const dump = site.write('dump.yaml', '');
    const tags = ['--select-tag', KONG_CONFIG_TAG, '--skip-consumers'];
    expect(await site.deck(['gateway', 'dump', ...tags, '--yes', '--output-file', dump])).toMatchObject({ code: 0 });
    expect(await site.run(['kong', 'sync', '--file', dump])).toMatchObject({ code: 0, out: 'nothing to do\n' });
    expect(unknownRoutes(site)).toEqual([]);
    await site.close();
  });
});

/** Requests for which the emulator has no route: decK needs something that it lacks. */
function unknownRoutes({ konnect }: KongSite): readonly string[] {
  return konnect.journal
    .filter(({ status, route, path }) => status === 404 && route === path)
    .map(({ method, path }) => `${method} ${path}`);
}
