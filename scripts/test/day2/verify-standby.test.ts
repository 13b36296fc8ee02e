/** What `verify` says about pods of servers that cannot serve. */
import { EndpointEmulator } from '../../../test/emulators/endpoint';
import type { Findings } from '../../src/checks/findings';
import { ALIAS, CONTEXT, meshObjects, METRICS, serverPod, World } from './world';

let world: World;
let server: EndpointEmulator;

beforeEach(async () => {
  world = new World();
  server = await new EndpointEmulator({ models: [{ name: ALIAS, contextLength: CONTEXT }] }).start();
  server.metrics = METRICS;
  world.synthesized();
  world.tools.objects = [serverPod(), ...meshObjects()];
  world.tools.ports.set('*', server.port);
});

afterEach(async () => {
  await server.stop();
  world.remove();
});

async function verify() {
  const { code, out, err } = await world.run('--json', 'verify', '--no-outside');
  const { findings } = JSON.parse(out) as Findings;
  return { code, err, servers: findings.find(({ id }) => id === 'servers') };
}

/** Adds the pending server of another pool. */
function spareServer(): void {
  const { metadata, ...pod } = serverPod('ollama-spare-0', false);
  const labels = { ...metadata.labels, 'ollama-eks/pool': 'spare' };
  world.tools.objects.push({ ...pod, metadata: { ...metadata, labels } });
}

/** Makes AWS list a node group of each pool, with a number of nodes. */
function nodeGroups(sizes: Readonly<Record<string, number>>): void {
  world.tools.aws.set('eks list-nodegroups', () => ({ nodegroups: Object.keys(sizes) }));
  world.tools.aws.set('eks describe-nodegroup', (args) => {
    const pool = args[args.indexOf('--nodegroup-name') + 1] ?? '';
    const scalingConfig = { minSize: 0, maxSize: 2, desiredSize: sizes[pool] };
    return { nodegroup: { nodegroupName: pool, status: 'ACTIVE', labels: { 'ollama-eks/pool': pool }, scalingConfig } };
  });
}

test.each([
  ['is on standby', { gpu: 1, spare: 0 }, 'ok', 'ollama-0: every model answers and is entirely in GPU memory'],
  ['should have a node', { gpu: 1, spare: 1 }, 'warn', '1 of 2 servers ready: ollama-0'],
  ['has a node group that is not known', { gpu: 1 }, 'warn', '1 of 2 servers ready: ollama-0'],
])('the pending server of a pool that %s is judged by that', async (_, sizes, status, detail) => {
  spareServer();
  nodeGroups(sizes);
  const { code, err, servers } = await verify();
  expect(servers).toMatchObject({ status, detail });
  expect([code, err]).toEqual([0, '']);
});

test('an evicted server is not missed: it is listed until someone deletes it, and another one has replaced it', async () => {
  world.tools.objects.push({ ...serverPod('ollama-evicted', false), ...{ status: { phase: 'Failed' } } });
  const { code, err, servers } = await verify();
  expect(servers).toMatchObject({ status: 'ok', detail: expect.stringContaining('ollama-0: every model answers') });
  expect([code, err]).toEqual([0, '']);
});

test('at night, when no pool has nodes, verify says so', async () => {
  world.tools.objects = [serverPod('ollama-0', false), ...meshObjects()];
  nodeGroups({ gpu: 0 });
  const { code, servers } = await verify();
  expect(servers).toMatchObject({
    status: 'fail',
    detail: 'no pool of a server has nodes',
    remedy: 'ollama-eks scale resume',
  });
  expect(code).toBe(6);
});

test('without permission to read node groups, a server that is not ready is still reported', async () => {
  spareServer();
  const { err, servers } = await verify();
  expect(servers).toMatchObject({ status: 'warn' });
  expect(err).toContain('a server without a node counts as not ready: no answer for aws eks list-nodegroups');
});
