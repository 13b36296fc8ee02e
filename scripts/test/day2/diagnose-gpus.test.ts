import type { Findings } from '../../src/checks/findings';
import type { KubernetesObject } from '../../src/systems/kubectl';
import { soundWorld } from './sound-cluster';
import type { World } from './world';

let world: World;

beforeEach(() => {
  world = soundWorld();
});

afterEach(() => {
  world.remove();
});

/** Replaces the conditions of the GPU node, which is ready. */
function nodeHas(...conditions: readonly object[]): void {
  world.tools.objects = world.tools.objects.map((object) =>
    object.kind === 'Node' ? withConditions(object, [{ type: 'Ready', status: 'True' }, ...conditions]) : object,
  );
}

function withConditions(node: KubernetesObject & { readonly status?: object }, conditions: readonly object[]) {
  return { ...node, status: { ...node.status, conditions } };
}

function eksRepairs(enabled: boolean): void {
  const { aws } = world.tools;
  const group = aws.get('eks describe-nodegroup');
  aws.set('eks describe-nodegroup', (args, call) => {
    const { nodegroup } = group?.(args, call) as { nodegroup: object };
    return { nodegroup: { ...nodegroup, nodeRepairConfig: { enabled } } };
  });
}

async function finding() {
  const { out } = await world.run('--json', 'diagnose');
  return (JSON.parse(out) as Findings).findings.find(({ id }) => id === 'gpu-nodes');
}

test('names the node and the fault of a GPU', async () => {
  nodeHas({ type: 'AcceleratedHardwareReady', status: 'False', reason: 'NvidiaXID64Error' });
  expect(await finding()).toMatchObject({
    status: 'fail',
    detail: 'faults of GPUs: node-1 (NvidiaXID64Error)',
    remedy: expect.stringMatching(/kubectl describe node node-1$/),
  });
});

test('warns if EKS repairs nodes, but nothing watches their GPUs', async () => {
  nodeHas();
  expect(await finding()).toMatchObject({
    status: 'warn',
    detail: expect.stringMatching(/^nothing watches the GPUs of node-1/),
    remedy: expect.stringMatching(/eks-node-monitoring-agent/),
  });
});

test('needs nothing that watches GPUs if EKS does not repair the nodes', async () => {
  nodeHas();
  eksRepairs(false);
  expect(await finding()).toMatchObject({ status: 'ok' });
});
