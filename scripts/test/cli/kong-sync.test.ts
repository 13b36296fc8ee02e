/** What a sync meets in Kong that it did not create, and what decK reports when it fails. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_EFFECTS, type FaultEffect } from '../../../test/emulators/konnect';
import { controlPlane, entitiesIn, send, VALUES } from './control-plane';
import { CliRig } from './rig';

jest.setTimeout(30_000);

const ID = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

let rig: CliRig;
let base: string;

beforeEach(async () => {
  rig = new CliRig();
  base = await controlPlane(rig);
});
afterEach(() => rig.dispose());

const run = (...argv: string[]) =>
  rig.run([...argv, '--cluster', 'ollama'], {
    env: { ...VALUES, DECK_KEY_TEAM_ALPHA: KEY, DECK_KEY_PLATFORM_ADMIN: KEY },
  });
const put = (path: string, body: object) => send(rig, 'PUT', `${base}/${path}`, body);
const write = (name: string, text: string) => {
  const path = join(rig.directory, name);
  writeFileSync(path, text);
  return path;
};
const deckCalls = () => rig.children.filter(({ tool }) => tool === 'deck').length;

const KEY = 'sk-0123456789abcdefghijklmnopqrstuvwx-Q7zR9';

describe('a plugin of the configuration that names a consumer', () => {
  const HEAD = '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-config]}\n';
  const plugin = (scope: string) => `{name: rate-limiting, ${scope}: team-a, config: {minute: 1}}`;

  it.each([
    ['at the top level', `plugins: [${plugin('consumer')}]`, 'consumer'],
    ['for a group', `plugins: [${plugin('consumer_group')}]`, 'consumer group'],
    ['under a service', `services: [{name: x, host: x, plugins: [${plugin('consumer')}]}]`, 'consumer'],
    ['by a merge key', `_comment: &team {consumer: team-a}\nplugins: [{name: rate-limiting, <<: *team}]`, 'consumer'],
    ['under a route', `services: [{name: x, routes: [{name: r, plugins: [${plugin('consumer')}]}]}]`, 'consumer'],
  ])('%s is refused before decK drops it, or never finishes it', async (_, part, scope) => {
    const { code, err } = await run('kong', 'sync', '--file', write('scoped.yaml', `${HEAD}${part}\n`));
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining(`plugin rate-limiting must not name a ${scope}`),
    });
    expect(err).toContain('ollama-eks consumers limit NAME');
    expect(deckCalls()).toBe(0);
  });
});

describe('a configuration that decK has written', () => {
  const dump = (name: string) =>
    write(
      'dump.yaml',
      `_format_version: "3.0"\n_info: {select_tags: [ollama-eks-config]}\n_konnect: {control_plane_name: ${name}}\n`,
    );

  it('is accepted with its control plane', async () => {
    expect(await run('kong', 'diff', '--file', dump('ollama'))).toMatchObject({ code: 0 });
  });

  it('is refused for another one, before decK refuses it', async () => {
    const { code, err } = await run('kong', 'diff', '--file', dump('other'));
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('the file is of control plane "other", not of "ollama"; remove _konnect'),
    });
    expect(deckCalls()).toBe(0);
  });
});

describe('a state file that cannot be read', () => {
  it('is named with the line of its mistake, without the keys in it', async () => {
    const text = `consumers:\n- username: team-a\n  keyauth_credentials: [{key: "${KEY}", "${KEY}"\n`;
    const file = write('consumers.yaml', text);
    const { code, err } = await run('kong', 'sync', '--consumers', file);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/consumers\.yaml is not YAML: .* in line \d/),
    });
    expect(err).not.toContain(KEY.slice(0, 8));
  });

  it('is named if it is a folder', async () => {
    mkdirSync(join(rig.directory, 'folder.yaml'));
    const { code, err } = await run('kong', 'diff', '--file', join(rig.directory, 'folder.yaml'));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('folder.yaml is a folder; specify a file') });
  });
});

describe('a plugin at the top level of the configuration', () => {
  const [SERVICE, ROUTE, FOREIGN] = [ID(1), ID(2), ID(3)];
  const TAGS = ['ollama-eks-config'];
  const REFERENCES = {
    nothing: {},
    'the service': { service: { id: SERVICE } },
    'the route': { route: { id: ROUTE } },
    'the route, for requests to the service': { service: { id: SERVICE }, route: { id: ROUTE } },
    'a service of another program': { service: { id: FOREIGN } },
  };

  beforeEach(async () => {
    await put(`services/${SERVICE}`, { name: 'llm', host: 'llm.example.com', tags: TAGS });
    await put(`routes/${ROUTE}`, { name: 'chat', paths: ['/chat'], service: { id: SERVICE }, tags: TAGS });
    await put(`services/${FOREIGN}`, { name: 'theirs', host: 'theirs.example.com' });
  });

  it.each<[string, keyof typeof REFERENCES]>([
    ['', 'nothing'],
    [', service: llm', 'the service'],
    [', route: chat', 'the route'],
    [', service: llm, route: chat', 'the route, for requests to the service'],
  ])('with the scope "%s" conflicts only with one of another program for %s', async (scope, wanted) => {
    const file = write(
      'config.yaml',
      '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-config]}\n' +
        'services: [{name: llm, host: llm.example.com, routes: [{name: chat, paths: [/chat]}]}]\n' +
        `plugins: [{name: cors${scope}}]\n`,
    );
    const found: string[] = [];
    for (const [reference, body] of Object.entries(REFERENCES)) {
      await put(`plugins/${ID(7)}`, { name: 'cors', ...body });
      const { code, out, err } = await run('kong', 'adopt', '--dry-run', '--file', file);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      if (out.includes(`plugin cors (${ID(7)})`)) found.push(reference);
    }
    expect(found).toEqual([wanted]);
  });
});

describe('objects with names of the configuration, without its tag', () => {
  beforeEach(async () => {
    expect(await run('kong', 'sync')).toMatchObject({ code: 0 });
    for (const kind of ['services', 'routes', 'plugins']) {
      const [first] = entitiesIn(rig, kind);
      await put(`${kind}/${String(first?.['id'])}`, { ...first, tags: ['theirs'] });
    }
  });

  it('are named with their ids before anything is written', async () => {
    const writes = rig.konnect.writes.length;
    for (const command of ['diff', 'sync']) {
      const { code, err } = await run('kong', command);
      expect(code).toBe(6);
      for (const [kind, noun] of [
        ['services', 'service'],
        ['routes', 'route'],
        ['plugins', 'plugin'],
      ] as const) {
        const [twin] = entitiesIn(rig, kind).filter(({ tags }) => JSON.stringify(tags) === '["theirs"]');
        expect(err).toContain(`${noun} ${String(twin?.['name'])} (${String(twin?.['id'])})`);
      }
      expect(err).toContain('ollama-eks kong adopt');
    }
    expect(rig.konnect.writes).toHaveLength(writes);
  });

  it('are adopted when it is confirmed, and then synced', async () => {
    const dry = await run('kong', 'adopt', '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('would adopt\nservice ') });
    expect((await run('kong', 'adopt')).code).toBe(2);
    expect((await run('kong', 'sync')).code).toBe(6);
    expect(await run('kong', 'adopt', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('3 objects') });
    expect(await run('kong', 'adopt', '--yes')).toMatchObject({ code: 0, out: 'nothing to adopt\n' });
    expect(await run('kong', 'sync')).toMatchObject({ code: 0 });
    expect(await run('kong', 'diff', '--exit-code')).toMatchObject({ code: 0 });
  });
});

it('the CA certificate under another ID is named before decK fails to create it', async () => {
  const cert = VALUES.DECK_OLLAMA_CA_CERTIFICATE.trimEnd();
  await put(`ca_certificates/${ID(5)}`, { cert, tags: ['theirs'] });
  for (const command of ['diff', 'sync']) {
    const { code, err } = await run('kong', command);
    expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining(`CA certificate of the file (${ID(5)})`) });
  }
  expect(deckCalls()).toBe(0);
});

it('a consumer of the file that another program created is named before anything is written', async () => {
  await put(`consumers/${ID(1)}`, { username: 'team-a' });
  const file = write(
    'consumers.yaml',
    '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-consumers]}\nconsumers: [{username: team-a}, {username: b}]\n',
  );
  const writes = rig.konnect.writes.length;
  const { code, err } = await run('kong', 'sync', '--consumers', file);
  expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining(`consumer team-a (${ID(1)})`) });
  expect(rig.konnect.writes).toHaveLength(writes);
});

describe('a plugin of another program that breaks streaming', () => {
  it.each<[string, object]>([
    ['proxy-cache', { strategy: 'memory' }],
    ['response-transformer', { add: { json: ['a:b'] } }],
    ['oas-validation', { validate_response_body: true }],
  ])('%s is reported by kong diff', async (name, config) => {
    await put(`plugins/${ID(7)}`, { name, config });
    const { code, err, out } = await run('kong', 'diff', '--json');
    expect(code).toBe(0);
    expect(err).toContain(`plugin ${name} (${ID(7)}) reads whole answers`);
    expect(JSON.parse(out)).toMatchObject({ breaksStreaming: [expect.stringContaining(ID(7))] });
  });

  it('is not one of another service', async () => {
    await put(`services/${ID(6)}`, { name: 'shop', host: 'shop.example.com' });
    await put(`plugins/${ID(7)}`, { name: 'proxy-cache', service: { id: ID(6) }, config: { strategy: 'memory' } });
    const { err, out } = await run('kong', 'diff', '--json');
    expect(err).not.toContain('breaks streaming');
    expect(JSON.parse(out)).toMatchObject({ breaksStreaming: [] });
  });

  it('is not one that is off, that changes headers only, or that validates requests only', async () => {
    await put(`plugins/${ID(9)}`, { name: 'oas-validation', config: { validate_response_body: false } });
    await put(`plugins/${ID(7)}`, { name: 'proxy-cache', enabled: false, config: { strategy: 'memory' } });
    await put(`plugins/${ID(8)}`, { name: 'response-transformer', config: { add: { headers: ['a:b'] } } });
    expect(JSON.parse((await run('kong', 'diff', '--json')).out)).toMatchObject({ breaksStreaming: [] });
  });
});

describe('a failure of decK', () => {
  const answering = (status: number): FaultEffect => ({
    kind: 'answer',
    answer: () => ({ status, body: { message: `no ${String(status)}` } }),
  });
  const ENTITIES = '/v2/control-planes/:controlPlaneId/core-entities';

  it.each<[string, FaultEffect, number]>([
    ['HTTP status 401', answering(401), 3],
    ['HTTP status 403', answering(403), 3],
    ['HTTP status 429', answering(429), 5],
    ['HTTP status 500', answering(500), 5],
    ['HTTP status 503', FAULT_EFFECTS.unavailable, 5],
    ['HTTP status 409', answering(409), 6],
    ['no answer: EOF', FAULT_EFFECTS.droppedBefore, 5],
  ])(
    'within its plan ends with the exit code of the client for %s, without any counts',
    async (reason, effect, wanted) => {
      for (const command of ['diff', 'sync']) {
        rig.konnect.faults.add({ route: `${ENTITIES}/schemas/plugins/:plugin`, times: Infinity, effect });
        const { code, out, err } = await run('kong', command);
        expect({ code, out }).toEqual({ code: wanted, out: '' });
        expect(err).toContain(reason);
        expect(err).not.toMatch(/--max-deletes|to create|https:/);
      }
    },
  );

  it.each<[string, FaultEffect, string]>([
    ['that keeps exceeding the limit', answering(429), 'HTTP status 429 after 11 attempts'],
    ['whose connection is closed', FAULT_EFFECTS.droppedBefore, 'no answer: EOF'],
  ])('for a request %s ends with exit code 5, without its address', async (_, effect, reason) => {
    rig.konnect.faults.add({ method: 'PUT', route: `${ENTITIES}/services/:id`, times: Infinity, effect });
    const { code, err } = await run('kong', 'sync');
    expect({ code, err }).toEqual({
      code: 5,
      err: `error: decK could not finish the sync: Create service ollama failed: ${reason}; run the command again to resume\n`,
    });
  });

  it('of a sync says each cause once, and names no file that is gone', async () => {
    rig.konnect.faults.add({ method: 'PUT', route: `${ENTITIES}/services/:id`, effect: answering(403) });
    const { code, err } = await run('kong', 'sync');
    expect(code).toBe(3);
    expect(err.match(/HTTP status 403/g)).toHaveLength(1);
    expect(err).not.toMatch(/ollama-eks-deck-|configuration\.yaml|errors occurred|while processing/);
    expect(err).toMatch(
      /^error: decK could not finish the sync: Create service ollama failed: HTTP status 403 \(message: "no 403"\); /m,
    );
  });

  const WITH_KEY = `_format_version: "3.0"\n_info: {select_tags: [ollama-eks-consumers]}\nconsumers:\n- username: team-a\n  keyauth_credentials: [{key: ${KEY}}]\n`;

  it('within its plan shows neither a key, nor its end, nor a file that is gone', async () => {
    const file = write('consumers.yaml', WITH_KEY);
    const { code, err } = await rig.run(['kong', 'diff', '--consumers', file, '--cluster', 'ollama'], {
      env: VALUES,
      tool: ({ tool, args }) => {
        if (tool !== 'deck') return undefined;
        const errors = [`reading ${args[2] ?? ''}: key-auth Q7zR9 for consumer team-a: HTTP status 409 (key "${KEY}")`];
        return { exitCode: 0, stdout: JSON.stringify({ changes: {}, summary: {}, errors }), stderr: '' };
      },
    });
    expect({ code, err }).toEqual({
      code: 6,
      err: expect.stringContaining('reading the file: key-auth ***** for consumer team-a: HTTP status 409'),
    });
    expect(err).not.toMatch(/Q7zR9|sk-0123|ollama-eks-deck-/);
  });

  it('shows neither a key nor its end', async () => {
    const file = write('consumers.yaml', WITH_KEY);
    const said = `Error: 2 errors occurred:\n\twhile processing event: Create key-auth Q7zR9 for consumer team-a failed: HTTP status 409 (message: "UNIQUE violation detected on '{key=\\"${KEY}\\"}'")\n`;
    const { code, err } = await rig.run(['kong', 'sync', '--consumers', file, '--cluster', 'ollama'], {
      env: VALUES,
      tool: ({ tool, args }) =>
        tool === 'deck' && args.includes('sync') ? { exitCode: 1, stdout: '', stderr: said } : undefined,
    });
    expect(code).toBe(6);
    expect(err).toContain('key-auth ***** for consumer team-a');
    expect(err).not.toMatch(/Q7zR9|sk-0123/);
  });
});
