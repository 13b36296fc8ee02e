// What an on-call engineer sees for a server that is not ready: `status`, `diagnose`, the repair, then both again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from '../../src/checks/findings';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { soundCluster } from './sound-cluster';
import { serverPod, World } from './world';

let world: World;
beforeEach(() => {
  world = new World();
  world.synthesized();
  writeFileSync(join(world.directory, 'cdktf.json'), JSON.stringify({ output: 'cdktf.out' }));
  soundCluster(world);
});
afterEach(() => world.remove());

function change(...changed: readonly object[]): void {
  const objects = changed as readonly KubernetesObject[];
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const others = world.tools.objects.filter(({ kind, metadata }) => !names.includes(`${kind} ${metadata.name}`));
  world.tools.objects = [...others, ...objects];
}

const message = '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.';
const unscheduled = serverPod('ollama-0', false, {
  spec: {},
  status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message }] },
});

function withoutCapacity(): void {
  change(unscheduled);
  world.tools.objects = world.tools.objects.filter(({ kind }) => kind !== 'Node');
  const health = { issues: [{ code: 'AsgInstanceLaunchFailures', message: 'InsufficientInstanceCapacity' }] };
  const group = { nodegroupName: 'gpu-abc', labels: { 'ollama-eks/pool': 'gpu' }, scalingConfig: { desiredSize: 1 } };
  world.tools.aws.set('eks describe-nodegroup', () => ({ nodegroup: { ...group, health } }));
}

function withoutModel(): void {
  change(serverPod('ollama-0', false));
  const why = 'gave up on x after 5 attempts: pull model manifest: file does not exist';
  world.tools.logs.set('ollama-0/models', `2026-01-01T00:00:00Z error[pull-gave-up]: ${why}\n`);
}

function withoutMesh(): void {
  const ztunnel = serverPod('ztunnel-x', false);
  const metadata = { name: 'ztunnel-x', namespace: 'istio-system', labels: { app: 'ztunnel' } };
  change({ ...ztunnel, metadata }, serverPod('ollama-0', false, { status: { phase: 'Pending' } }));
}

/** Findings that fail or warn about the servers, each with its remedy, on one line. */
async function diagnose(): Promise<string> {
  const { findings } = JSON.parse((await world.run('--json', 'diagnose')).out) as Findings;
  const open = findings.filter(({ status, id }) => ['fail', 'warn'].includes(status) && id !== 'certificate');
  return open.map(({ id, detail, remedy }) => `${id}: ${detail} → ${remedy ?? ''}\n`).join('');
}

const CAPACITY = /^node-groups: .*InsufficientInstanceCapacity → try again later/m;
const UNSCHEDULED = /^pods: ollama-0 is not scheduled: .*nvidia\.com\/gpu\. → no GPU is free: ollama-eks scale status/m;
const NO_MODEL = /^models: ollama-0: .*file does not exist → .*: ollama-eks models check NAME/m;
const WAITING = /^pods: ollama-0 is on node-1, and its containers have not started → see the finding mesh/m;
const NO_MESH = /^mesh: ztunnel .* node-1 .*→ kubectl --namespace istio-system delete pod ztunnel-x/m;

test.each<[string, () => void, RegExp, RegExp]>([
  ['no capacity', withoutCapacity, CAPACITY, UNSCHEDULED],
  ['no model', withoutModel, NO_MODEL, NO_MODEL],
  ['no mesh', withoutMesh, NO_MESH, WAITING],
])('%s: status leads to diagnose, which names cause and command, also without AWS', async (_, fault, cause, ofPod) => {
  fault();
  expect((await world.run('status')).out).toContain('run ollama-eks diagnose');
  const found = await diagnose();
  expect(found).toMatch(cause);
  expect(found).not.toContain('scale resume');
  world.tools.failing('aws', 'ExpiredToken');
  expect(await diagnose()).toMatch(ofPod);
  soundCluster(world);
  world.tools.objects = world.tools.objects.map((object) => ({ status: { readyReplicas: 1 }, ...object }));
  expect(await diagnose()).toBe('');
  expect((await world.run('status')).out).not.toContain('diagnose');
});
