import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { KonnectEmulator } from './konnect-emulator';
import { ScaledClock, serve, type KonnectServer } from './server';

/** The tests start a child, which takes long on a busy machine. */
jest.setTimeout(60_000);

const TOKEN = 'kpat_served';
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
const NETWORKS = '/v2/cloud-gateways/networks';

describe('the emulator over HTTP', () => {
  let konnect: KonnectEmulator;
  let server: KonnectServer;

  beforeEach(async () => {
    const clock = new ScaledClock();
    konnect = new KonnectEmulator({ clock, token: TOKEN });
    server = await serve(konnect, clock);
  });
  afterEach(async () => {
    await server.close();
    expect(konnect.contract.misses).toEqual([]);
  });

  const steer = (what: string, body: unknown) =>
    fetch(`${server.url}/_emulator/${what}`, { method: 'POST', body: JSON.stringify(body) });

  it('answers real requests, and advances time on request', async () => {
    const [account] = konnect.world.providerAccounts;
    const body = JSON.stringify({
      name: 'n',
      cloud_gateway_provider_account_id: account?.['id'],
      region: 'us-west-2',
      availability_zones: ['usw2-az1'],
      cidr_block: '192.168.0.0/22',
    });
    const created = await fetch(server.url + NETWORKS, { method: 'POST', headers, body });
    expect(created.status).toBe(201);
    await steer('advance', { seconds: 3600 });
    const state = (await (await fetch(`${server.url}/_emulator/state`)).json()) as { networks: unknown };
    expect(state.networks).toMatchObject([{ name: 'n', state: 'ready' }]);
  });

  it('fails on request', async () => {
    await steer('faults', { fault: 'rateLimitedSeconds', route: NETWORKS });
    const limited = await fetch(server.url + NETWORKS, { headers });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '20']);
    await steer('faults', { fault: 'droppedBefore', route: NETWORKS });
    await expect(fetch(server.url + NETWORKS, { headers })).rejects.toThrow();
    expect((await fetch(server.url + NETWORKS, { headers })).status).toBe(200);
  });

  it('keeps a journal', async () => {
    await fetch(server.url + NETWORKS, { headers });
    const journal = (await (await fetch(`${server.url}/_emulator/journal`)).json()) as unknown[];
    expect(journal).toMatchObject([{ method: 'GET', route: NETWORKS, status: 200, wrote: false }]);
  });
});

it('runs as a command', async () => {
  const child = spawn(process.execPath, [join(__dirname, 'main.js'), '--token', TOKEN, '--speed', '3600'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const answer = await fetch(`${line.toString().trim()}/v3/organizations/me`, { headers });
  expect(await answer.json()).toMatchObject({ name: 'Example' });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
