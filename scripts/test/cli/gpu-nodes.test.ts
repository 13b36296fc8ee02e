import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const DAY = 24 * 3600 * 1000;

/** A project with a GPU node group and a mesh. */
function rigWithNodes(): CliRig {
  const rig = new CliRig({ kong: false });
  const path = join(rig.directory, 'cdktf.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, context: { gpuNodes: true } }));
  return rig;
}

const requests = (rig: CliRig) => rig.children.filter(({ args }) => args[1] === 'update-nodegroup-config');
const nodesOf = (rig: CliRig) => rig.tools.aws.nodeGroups['gpu']?.desiredSize;

describe('the first GPU nodes', () => {
  let rig: CliRig;
  beforeEach(() => {
    rig = rigWithNodes();
  });
  afterEach(() => rig.dispose());

  it('are requested by deploy once the mesh is up, and not before', async () => {
    const { code, err } = await rig.deploy();
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/^done +gpu-nodes: gpu: 1 node$/m) });
    const meshUp = (rig.tools.platformSince ?? Infinity) + 120_000;
    const { createdAt = Infinity, launches = [] } = rig.tools.aws.nodeGroups['gpu'] ?? {};
    expect(launches).toHaveLength(1);
    expect(launches[0]).toBeGreaterThanOrEqual(meshUp);
    expect(createdAt).toBeLessThan(meshUp);
  });

  it('leave nothing to change, for deploy and for anything else that plans the stack', async () => {
    await rig.deploy();
    const writes = rig.writes;
    expect((await rig.deploy()).code).toBe(0);
    rig.synth();
    expect((await rig.run(['diff'])).code).toBe(0);
    expect(rig.writes).toBe(writes);
  });

  it('are requested by the next run if a deployment was interrupted', async () => {
    const { calls } = await rig.deploy();
    const points = calls.flatMap((call, index) => (/ apply|nodegroup|activities/.test(call) ? [index + 1] : []));
    expect(points.length).toBeGreaterThan(5);
    for (const at of points) {
      const killed = rigWithNodes();
      await killed.deploy({ killAt: at });
      const again = await killed.deploy();
      expect([at, again.code, nodesOf(killed), killed.tools.aws.nodeGroups['gpu']?.launches?.length]).toEqual([
        at,
        0,
        1,
        1,
      ]);
      killed.dispose();
    }
  });

  it('are not requested again after a schedule or a person has stopped them', async () => {
    await rig.deploy();
    const group = rig.tools.aws.nodeGroups['gpu'];
    if (group === undefined) throw new Error('no node group');
    group.desiredSize = 0;
    const before = requests(rig).length;
    expect((await rig.deploy()).err).toMatch(/^done +gpu-nodes: every pool has had its nodes$/m);
    expect(requests(rig)).toHaveLength(before);
  });

  it('are not requested for a group that is so old that AWS has forgotten its nodes', async () => {
    await rig.deploy();
    const group = rig.tools.aws.nodeGroups['gpu'];
    if (group === undefined) throw new Error('no node group');
    Object.assign(group, { desiredSize: 0, launches: [], createdAt: rig.clock.now() - 42 * DAY });
    await rig.deploy();
    expect(nodesOf(rig)).toBe(0);
    Object.assign(group, { createdAt: rig.clock.now() - 41 * DAY });
    await rig.deploy();
    expect(nodesOf(rig)).toBe(1);
  });

  it('are created with their group in an installation that has GPU nodes', async () => {
    rig.tools.aws.nodeGroups['other'] = { desiredSize: 0, maxSize: 1, minSize: 0, pool: 'spare' };
    await rig.deploy();
    expect(rig.tools.aws.nodeGroups['gpu']?.launches).toHaveLength(1);
    expect(requests(rig)).toEqual([]);
  });

  it('that AWS has no capacity for are requested, and what fails then leads to diagnose', async () => {
    rig.tools.aws.withoutCapacity.push('gpu');
    const { code, err } = await rig.deploy();
    expect(code).toBe(6);
    expect(err).toMatch(/^done +gpu-nodes: gpu: 1 node$/m);
    expect(err).toMatch(/verify failed: path; run `ollama-eks diagnose`, which names the cause/);
  });

  it('are in the steps that are shown before anything starts', async () => {
    const { out } = await rig.run(['deploy', '--dry-run']);
    expect(out).toMatch(/gpu-nodes +first GPU nodes requested, once the mesh is up/);
    expect(rig.writes).toBe(0);
  });
});
