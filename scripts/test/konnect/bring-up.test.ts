import { CONTRACTS_PRESENT, TIMELINE } from '../../../test/emulators/konnect';
import { bringDown, bringUp, change, clientOf, copyOf, newRig, SHORT, TOKEN, type Rig } from './rig';
import { runKilledAt } from './kill';

/** Every request is the start of a separate deployment here. A busy machine must not fail them. */
jest.setTimeout(60_000);

const EMPTY = {
  controlPlanes: [],
  networks: [],
  transitGateways: [],
  privateDns: [],
  customDomains: [],
  addOns: [],
  configurations: [],
  accounts: [],
};

const routesOf = (rig: Rig): string[] => rig.konnect.writes.map(({ method, route }) => `${method} ${route}`);

describe('a deployment in Konnect', () => {
  afterAll(() => {
    if (!CONTRACTS_PRESENT)
      process.stdout.write('left out: 1 check, all of Konnect against OpenAPI (no ../shared/contracts/konnect)\n');
  });

  it('sends and receives only what the specification of Konnect allows', async () => {
    const rig = newRig();
    await bringUp(rig);
    await bringDown(rig);
    const { contract } = rig.konnect;
    process.stdout.write(`Konnect: ${contract.summary}\n`);
    expect(contract.misses).toEqual([]);
    expect(contract.checked > 100).toBe(CONTRACTS_PRESENT);
    expect(contract.unchecked === 0).toBe(CONTRACTS_PRESENT);
  });

  it('is created from nothing with one write per object', async () => {
    const rig = newRig(TIMELINE);
    const result = await bringUp(rig);

    expect(result.configuration.outcome).toBe('created');
    expect(result.transitGateway).toMatchObject({ outcome: 'created', object: { state: 'ready' } });
    expect(result.proxyUrl).toEqual({ url: 'https://ollama-eks.us-west-2.gateways.example.com', source: 'hostname' });
    expect(routesOf(rig)).toEqual([
      'POST /v2/control-planes',
      'POST /v2/cloud-gateways/networks',
      'PUT /v2/cloud-gateways/configurations',
      'POST /v2/cloud-gateways/networks/:networkId/transit-gateways',
      'PATCH /v2/control-planes/:id',
    ]);
    expect(rig.konnect.contract.misses).toEqual([]);
  });

  it('waits for gateways and attachment in parallel', async () => {
    const rig = newRig(TIMELINE);
    const start = rig.clock.now();
    await bringUp(rig);
    const minutes = (rig.clock.now() - start) / 60_000;
    const network = TIMELINE.networkReady / 60;
    const gateways = TIMELINE.groupReady / 60;
    expect(minutes).toBeLessThan(network + gateways + 2);
  });

  it('accepts the attachment in AWS if the transit gateway does not accept it automatically', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.acceptance = 'manual';
    const { transitGateway } = await bringUp(rig);
    expect(transitGateway.object.state).toBe('ready');
    expect(rig.said.filter((line) => line.includes('accepting tgw-attach-'))).toHaveLength(1);
  });

  it('is not changed by a second run', async () => {
    const rig = newRig();
    await bringUp(rig);
    const before = rig.konnect.snapshot();
    const writes = rig.konnect.writes.length;
    const { configuration, transitGateway } = await bringUp(rig);
    expect([configuration.outcome, transitGateway.outcome]).toEqual(['reused', 'reused']);
    expect(rig.konnect.writes.length - writes).toBe(0);
    expect(rig.konnect.snapshot()).toEqual(before);
  });

  it('is found among more objects than fit on a page', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.pageSize = 1;
    rig.konnect.world.behaviour.quotas.networks = 30;
    rig.konnect.world.addProviderAccount('210987654321');
    rig.konnect.world.providerAccounts.shift();
    await bringUp(rig);
    const writes = rig.konnect.writes.length;
    await bringUp(rig);
    expect(rig.konnect.writes.length).toBe(writes);
  });

  it('is deleted in the order that Konnect allows, and a second deletion writes nothing', async () => {
    const rig = newRig();
    await bringUp(rig);
    const before = rig.konnect.writes.length;
    await bringDown(rig);
    expect(routesOf(rig).slice(before)).toEqual([
      'DELETE /v2/cloud-gateways/networks/:networkId/transit-gateways/:id',
      'PUT /v2/cloud-gateways/configurations',
      'DELETE /v2/cloud-gateways/networks/:networkId',
      'DELETE /v2/control-planes/:id',
    ]);
    expect(rig.konnect.snapshot()).toEqual(EMPTY);
    const after = rig.konnect.writes.length;
    expect(await bringDown(rig)).toEqual([]);
    expect(rig.konnect.writes.length).toBe(after);
  });

  it('never prints the token', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.acceptance = 'manual';
    rig.konnect.faults.add({ effect: { kind: 'drop', carriedOut: false }, times: 3 });
    const results = [await bringUp(rig), await bringDown(rig), clientOf(rig)];
    expect(JSON.stringify([rig.said, results])).not.toContain(TOKEN.slice(0, 12));
    expect(rig.said.length).toBeGreaterThan(5);
  });
});

describe('a process that is killed after any one of its requests', () => {
  /** Kills a run after each of its requests in turn, runs it again, and compares. */
  async function killEverywhere(
    prepare: (rig: Rig) => Promise<unknown>,
    work: (rig: Rig, client: ReturnType<typeof clientOf>) => Promise<unknown>,
  ): Promise<number> {
    const prepared = newRig(SHORT);
    await prepare(prepared);
    const undisturbed = copyOf(prepared);
    await work(undisturbed, clientOf(undisturbed));
    const wanted = undisturbed.konnect.snapshot();
    for (let at = 1; ; at += 1) {
      const rig = copyOf(prepared);
      const end = await runKilledAt(rig, at, (client) => work(rig, client));
      await work(rig, clientOf(rig));
      expect({ at, state: rig.konnect.snapshot(), misses: rig.konnect.contract.misses }).toEqual({
        at,
        state: wanted,
        misses: [],
      });
      if (end === 'finished') return at - 1;
    }
  }

  it('ends in the same state when it is run again', async () => {
    const nothing = () => Promise.resolve();
    const up = await killEverywhere(nothing, (rig, client) => bringUp(rig, client));
    const changed = await killEverywhere(
      (rig) => bringUp(rig),
      (rig, client) => change(rig, client),
    );
    const down = await killEverywhere(
      (rig) => bringUp(rig),
      (rig, client) => bringDown(rig, client),
    );
    process.stdout.write(
      `kill points: ${String(up)} on the way up, ${String(changed)} in a change, ${String(down)} on the way down; 0 differences\n`,
    );
    expect(up).toBeGreaterThan(20);
    expect(changed).toBeGreaterThan(10);
    expect(down).toBeGreaterThan(20);
  });
});
