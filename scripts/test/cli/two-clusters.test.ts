import { CLUSTER, renameCluster } from '../../../test/emulators/tools';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const OTHER = 'ollama-of-b';

interface World {
  readonly controlPlanes: readonly { readonly name: string }[];
  readonly networks: readonly { readonly name: string }[];
  readonly transitGateways: readonly { readonly name: string }[];
}

describe('two clusters of one organization', () => {
  let a: CliRig;
  let b: CliRig;
  beforeEach(async () => {
    a = new CliRig();
    a.konnect.world.behaviour.quotas.networks = 3;
    b = new CliRig({ konnect: a.konnect, clock: a.clock });
    renameCluster(b.directory, OTHER);
    expect((await a.deploy()).code).toBe(0);
  });
  afterEach(() => {
    a.dispose();
    b.dispose();
  });

  const names = () => {
    const { controlPlanes, networks, transitGateways } = a.konnect.snapshot() as World;
    return [controlPlanes, networks, transitGateways].map((all) => all.map(({ name }) => name).sort());
  };
  const writes = () => a.konnect.writes.length;

  it("each have their own Kong, and neither deletes the other's", async () => {
    expect(await b.deploy()).toMatchObject({ code: 0 });
    const both = [CLUSTER, OTHER].sort();
    expect(names()).toEqual([both, both, both]);
    expect(await b.destroy()).toMatchObject({ code: 0 });
    expect(names()).toEqual([[CLUSTER], [CLUSTER], [CLUSTER]]);
  });

  it('that was never deployed has nothing to delete', async () => {
    b.synth();
    const before = writes();
    await b.destroy();
    expect(names()).toEqual([[CLUSTER], [CLUSTER], [CLUSTER]]);
    expect(writes()).toBe(before);
  });

  it('are kept apart if both have or are given the same name', async () => {
    const env = { KONNECT_CONTROL_PLANE_NAME: CLUSTER, KONNECT_NETWORK_NAME: CLUSTER };
    const before = writes();
    const up = await b.deploy({ env });
    expect(up).toMatchObject({ code: 6, err: expect.stringContaining(`belongs to cluster "${CLUSTER}"`) });
    expect(up.err).toContain('KONNECT_CONTROL_PLANE_NAME');
    expect(b.tools.stacks).toEqual({});
    b.synth();
    for (const argv of [
      ['destroy', '--yes'],
      ['konnect', 'down', '--yes'],
      ['kong', 'sync'],
      ['consumers', 'add', 'x'],
    ]) {
      const { code, err } = await b.run(argv, { env });
      expect({ argv, code, err }).toEqual({
        argv,
        code: 6,
        err: expect.stringContaining(`belongs to cluster "${CLUSTER}"`),
      });
    }
    a.tools.aws.account = '999900001111';
    expect(await a.destroy()).toMatchObject({ code: 6, err: expect.stringContaining('of AWS account 111122223333') });
    expect(writes()).toBe(before);
  });

  it('share a network that is named explicitly, which stays as long as one uses it', async () => {
    const env = { KONNECT_NETWORK_NAME: CLUSTER };
    expect(await b.deploy({ env })).toMatchObject({ code: 0 });
    expect(names()).toEqual([[CLUSTER, OTHER].sort(), [CLUSTER], [CLUSTER, OTHER].sort()]);
    const refused = await a.destroy();
    expect(refused).toMatchObject({ code: 6, err: expect.stringContaining('is used by control plane') });
    const down = await b.destroy({ env });
    expect(down).toMatchObject({ code: 0 });
    expect(down.err).toContain(', and is kept');
    expect(names()).toEqual([[CLUSTER], [CLUSTER], [CLUSTER]]);
    expect(await a.destroy()).toMatchObject({ code: 0 });
    expect(names()).toEqual([[], [], []]);
  });

  it('do not use the network of another cluster unless asked to', async () => {
    await b.deploy();
    const env = { KONNECT_CONTROL_PLANE_NAME: 'third' };
    await b.destroy();
    renameCluster(b.directory, CLUSTER);
    const before = writes();
    const { code, err } = await b.deploy({ env });
    expect({ code, err }).toEqual({ code: 6, err: expect.stringMatching(/is used by control plane .*--network/) });
    expect(writes()).toBe(before);
  });
});
