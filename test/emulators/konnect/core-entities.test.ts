import { text, type Json } from './answers';
import { CONTRACTS_PRESENT } from './contract-documents';
import { KonnectEmulator } from './konnect-emulator';

const TOKEN = 'kpat_deck';
const REGION = 'https://us.api.konghq.com';
const whereContracts = CONTRACTS_PRESENT ? it : it.skip;

/** Ids as decK generates them. */
const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe('the wire protocol of decK', () => {
  let konnect: KonnectEmulator;
  let base: string;

  beforeEach(async () => {
    konnect = new KonnectEmulator({ token: TOKEN });
    await call('POST', '/v2/control-planes', { name: 'ollama-eks', cloud_gateway: true });
    const { data } = (await call('GET', '/konnect-api/api/runtime_groups')).body as { data: Json[] };
    base = `/v2/control-planes/${text(data[0]?.['id'])}/core-entities`;
  });
  afterEach(() => {
    expect(konnect.contract.misses).toEqual([]);
  });
  afterAll(() => {
    if (!CONTRACTS_PRESENT)
      process.stdout.write('left out: 4 checks of plugin schemas (no ../shared/contracts/kong-plugins)\n');
  });

  async function call(method: string, path: string, body?: unknown) {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await konnect.fetch(REGION + path, init);
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? undefined : (JSON.parse(answer) as Json) };
  }
  const put = async (path: string, body: Json) => call('PUT', `${base}/${path}`, body);
  const list = async (path: string) => (await call('GET', `${base}/${path}`)).body?.['data'] as Json[];

  it('lists control planes by page, the first by default', async () => {
    for (const name of ['second', 'third']) await call('POST', '/v2/control-planes', { name, cloud_gateway: true });
    const pages: string[][] = [];
    for (const query of ['?size=2', '?size=2&page=2', '?size=2&page=3']) {
      const { body } = await call('GET', `/konnect-api/api/runtime_groups${query}`);
      expect(body?.['pageCount']).toBe(2);
      pages.push((body?.['data'] as Json[]).map(({ name }) => text(name)));
    }
    expect(pages).toEqual([['ollama-eks', 'second'], ['third'], []]);
    for (let number = 4; number <= 10; number += 1)
      await call('POST', '/v2/control-planes', { name: `number-${number}`, cloud_gateway: true });
    konnect.world.behaviour.quotas.controlPlanes = 11;
    await call('POST', '/v2/control-planes', { name: 'last', cloud_gateway: true });
    const { body } = await call('GET', '/konnect-api/api/runtime_groups');
    expect(JSON.stringify(body)).not.toContain('last');
    expect(body).toMatchObject({ page: 1, pageCount: 2 });
  });

  it('adds the defaults of services and routes, so that a second diff is empty', async () => {
    const written = await put(`services/${id(1)}`, {
      name: 'ollama',
      host: 'nlb.example.com',
      protocol: 'https',
      port: 443,
      path: null,
      tags: ['a'],
    });
    expect(written.status).toBe(200);
    await put(`routes/${id(2)}`, { name: 'chat', paths: ['~/api/chat$'], service: { id: id(1) }, tags: ['a', 'b'] });
    expect(await list('services?size=1000')).toMatchObject([
      { connect_timeout: 60000, retries: 5, enabled: true, protocol: 'https' },
    ]);
    expect(await list('routes?size=1000')).toMatchObject([
      { protocols: ['https'], strip_path: true, https_redirect_status_code: 426 },
    ]);
    const [service] = await list('services');
    expect((await put(`services/${id(1)}`, service ?? {})).body).toEqual(service);
  });

  it('lists entities that have all given tags, in pages', async () => {
    await put(`services/${id(1)}`, { name: 'one', host: 'h', tags: ['a'] });
    await put(`services/${id(2)}`, { name: 'two', host: 'h', tags: ['a', 'b'] });
    await put(`services/${id(3)}`, { name: 'three', host: 'h' });
    const names = async (query: string) => (await list(`services?${query}`)).map(({ name }) => name);
    expect(await names('tags=a')).toEqual(['one', 'two']);
    expect(await names('tags=a,b')).toEqual(['two']);
    const { body } = await call('GET', `${base}/services?size=2`);
    expect(body).toMatchObject({ offset: '2' });
    expect(await names('size=2&offset=2')).toEqual(['three']);
  });

  it('lists credentials that were written under a consumer', async () => {
    await put(`consumers/${id(1)}`, { username: 'team-a', tags: ['c'] });
    await put(`consumers/${id(1)}/key-auth/${id(2)}`, { key: 'k'.repeat(32), tags: ['c'] });
    await put(`consumers/${id(1)}/acls/${id(3)}`, { group: 'ollama-users', tags: ['c'] });
    expect(await list('key-auths?tags=c')).toMatchObject([{ id: id(2), consumer: { id: id(1) } }]);
    expect(await list('acls')).toMatchObject([{ group: 'ollama-users', consumer: { id: id(1) } }]);
    expect((await call('DELETE', `${base}/consumers/${id(1)}`)).status).toBe(204);
    expect([await list('key-auths'), await list('acls')]).toEqual([[], []]);
  });

  it('refuses duplicate names and keys, and broken references', async () => {
    await put(`services/${id(1)}`, { name: 'ollama', host: 'h' });
    expect(await put(`services/${id(2)}`, { name: 'ollama', host: 'h' })).toMatchObject({
      status: 409,
      body: { message: 'UNIQUE violation detected on name' },
    });
    expect(await put(`routes/${id(3)}`, { name: 'r', paths: ['/'], service: { id: id(9) } })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('FOREIGN KEY') as string },
    });
    await put(`routes/${id(3)}`, { name: 'r', paths: ['/'], service: { id: id(1) } });
    expect((await call('DELETE', `${base}/services/${id(1)}`)).status).toBe(400);
    await call('DELETE', `${base}/routes/${id(3)}`);
    expect((await call('DELETE', `${base}/services/${id(1)}`)).status).toBe(204);
    expect((await call('DELETE', `${base}/services/${id(1)}`)).status).toBe(204);
  });

  it.each(['service', 'route', 'consumer', 'consumer_group'])(
    'refuses a plugin that refers to a %s by name, even if it exists',
    async (field) => {
      await put(`services/${id(1)}`, { name: 'x', host: 'h' });
      await put(`routes/${id(2)}`, { name: 'x', paths: ['/'] });
      await put(`consumers/${id(3)}`, { username: 'x' });
      await put(`consumer_groups/${id(4)}`, { name: 'x' });
      expect(await put(`plugins/${id(5)}`, { name: 'cors', [field]: { id: 'x' } })).toMatchObject({
        status: 400,
        body: { message: `schema violation (${field}.id: expected a valid UUID)` },
      });
      const found = { service: 1, route: 2, consumer: 3, consumer_group: 4 }[field] ?? 0;
      expect((await put(`plugins/${id(5)}`, { name: 'cors', [field]: { id: id(found) } })).status).toBe(200);
    },
  );

  it('refuses a second upstream of the same name, and targets of none', async () => {
    await put(`upstreams/${id(1)}`, { name: 'gateway' });
    expect(await list('upstreams')).toMatchObject([{ algorithm: 'round-robin', slots: 10000 }]);
    expect((await put(`upstreams/${id(2)}`, { name: 'gateway' })).status).toBe(409);
    expect((await put(`upstreams/${id(9)}/targets/${id(3)}`, { target: 'h:443' })).status).toBe(404);
    expect((await put(`upstreams/${id(1)}/targets/${id(3)}`, { target: 'h:443' })).body).toMatchObject({ weight: 100 });
  });

  it.each(['services', 'routes', 'plugins', 'upstreams', 'targets'])(
    'returns the defaults of %s in the form of Lua, too',
    async (kind) => {
      const { status, body } = await call('GET', `${base}/schemas/${kind}`);
      expect(status).toBe(200);
      const names = (body?.['fields'] as Json[]).map((field) => Object.keys(field)[0]);
      expect(names).toContain(
        { services: 'retries', routes: 'strip_path', plugins: 'enabled', upstreams: 'slots', targets: 'weight' }[kind],
      );
    },
  );

  it.each(['consumers', 'consumer_groups', 'consumer_group_plugins', 'vaults'])(
    'has no schema in the form of Lua for %s, which decK tolerates',
    async (kind) => {
      expect((await call('GET', `${base}/schemas/${kind}`)).status).toBe(404);
    },
  );

  it('returns the defaults of entities as a JSON Schema', async () => {
    const { body } = await call('GET', `${base}/v1/schemas/json/service`);
    expect(body).toMatchObject({ type: 'object', properties: { connect_timeout: { type: 'number', default: 60000 } } });
    expect((await call('GET', `${base}/v1/schemas/json/nonsense`)).status).toBe(404);
  });

  it('accepts CA certificates, and lists unused kinds as empty', async () => {
    await put(`ca_certificates/${id(1)}`, { cert: '-----BEGIN CERTIFICATE-----', tags: ['a'] });
    expect(await list('ca_certificates')).toHaveLength(1);
    for (const kind of [
      'certificates',
      'snis',
      'upstreams',
      'vaults',
      'consumer_groups',
      'hmac-auths',
      'filter-chains',
      'ai-models',
    ]) {
      expect(await list(`${kind}?size=1000`)).toEqual([]);
    }
  });

  it('deletes entities with their control plane', async () => {
    await put(`services/${id(1)}`, { name: 'ollama', host: 'h' });
    await call('DELETE', base.replace('/core-entities', ''));
    expect((await call('GET', `${base}/services`)).status).toBe(404);
  });

  it('refuses requests without a token', async () => {
    konnect.tokens.clear();
    expect((await call('GET', `${base}/services`)).status).toBe(401);
  });

  whereContracts('returns plugin schemas in the form of Lua, with protocols next to config', async () => {
    const { body } = await call('GET', `${base}/schemas/plugins/key-auth`);
    const fields = body?.['fields'] as Json[];
    expect(fields.map((field) => Object.keys(field)[0])).toEqual(['protocols', 'config']);
    expect(JSON.stringify(body)).toContain(
      '{"key_names":{"type":"array","elements":{"type":"string"},"default":["apikey"]}}',
    );
  });

  whereContracts('adds the defaults of plugins, and leaves a missing record null', async () => {
    const { body } = await put(`plugins/${id(1)}`, { name: 'rate-limiting', config: { minute: 60, policy: 'local' } });
    expect(body).toMatchObject({
      enabled: true,
      protocols: ['grpc', 'grpcs', 'http', 'https'],
      config: { minute: 60, hour: null, fault_tolerant: true, redis: null },
    });
    expect((await put(`plugins/${id(1)}`, body ?? {})).body).toEqual(body);
  });

  whereContracts('refuses a config that Kong refuses', async () => {
    const misspelt = await put(`plugins/${id(1)}`, { name: 'key-auth', config: { key_name: ['apikey'] } });
    expect(misspelt).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('config.key_name: unknown field') as string },
    });
    const wrong = await put(`plugins/${id(1)}`, { name: 'rate-limiting', config: { minute: 'sixty' } });
    expect(wrong).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('expected a number') as string },
    });
  });

  whereContracts('validates entities without storing them', async () => {
    const validate = (entity: string, body: Json) => call('POST', `${base}/schemas/${entity}/validate`, body);
    expect((await validate('services', { name: 'ollama', host: 'h' })).status).toBe(200);
    expect((await validate('services', { name: 'ollama', hots: 'h' })).status).toBe(400);
    expect((await validate('plugins', { name: 'key-auth', config: { key_name: [] } })).status).toBe(400);
    expect((await validate('keyauth_credentials', { key: 'k' })).status).toBe(200);
    expect(await list('services')).toEqual([]);
    expect(konnect.writes).toHaveLength(1);
  });
});
