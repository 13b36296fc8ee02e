import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import {
  describeStep,
  ensureControlPlane,
  readTeardownPlan,
  ownerLabels,
  tearDown,
  waitForConfiguration,
  ensureConfiguration,
  ensurePrivateDns,
  ensureTransitGateway,
} from '../../src/konnect';
import type { World } from '../../../test/emulators/konnect';
import { bringUp, clientOf, FINISH, hooksOf, NAMES, newRig, OWNER, thrownBy, type Rig } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = newRig();
  await bringUp(rig);
});
afterEach(() => {
  expect(rig.konnect.contract.misses).toEqual([]);
});

const only = <Value>(all: ReadonlyMap<string, Value>): [string, Value] => {
  const [entry, ...others] = all;
  if (entry === undefined || others.length > 0) throw new Error('not one');
  return entry;
};

/** A custom domain and an add-on of the control plane, as other tools create them. */
function furnish(world: World, controlPlaneId: string): void {
  const domain = world.newEntity({
    domain: 'llm.example.com',
    control_plane_id: controlPlaneId,
    control_plane_geo: 'us',
    state_metadata: {},
  });
  world.customDomains.set(domain.id, { ...domain, state: 'ready' });
  const owner = { kind: 'control-plane', control_plane_id: controlPlaneId, control_plane_geo: 'us' };
  const config = {
    kind: 'managed-cache.v0',
    capacity_config: { kind: 'tiered', tier: 'micro' },
    data_plane_groups: [],
    state_metadata: {},
  };
  const addOn = world.newEntity({ name: 'cache', owner, config });
  world.addOns.set(addOn.id, { ...addOn, state: 'ready' });
}

describe('a teardown', () => {
  it('plans everything by kind, name, and ID without writing anything', async () => {
    const writes = rig.konnect.writes.length;
    const [controlPlaneId] = only(rig.konnect.world.controlPlanes);
    const [networkId] = only(rig.konnect.world.networks);
    furnish(rig.konnect.world, controlPlaneId);
    const { steps, blockers } = await readTeardownPlan(clientOf(rig), NAMES);
    expect(blockers).toEqual([]);
    expect(steps.map(({ kind }) => kind)).toEqual([
      'transit-gateway',
      'custom-domain',
      'add-on',
      'configuration',
      'network',
      'control-plane',
    ]);
    expect(steps.map(describeStep)).toContain(`network "ollama-eks" (${networkId})`);
    expect(rig.konnect.writes).toHaveLength(writes);
  });

  it('deletes in that order, and waits for each kind before the next', async () => {
    const [controlPlaneId] = only(rig.konnect.world.controlPlanes);
    const [networkId] = only(rig.konnect.world.networks);
    furnish(rig.konnect.world, controlPlaneId);
    await ensurePrivateDns(clientOf(rig), {
      name: 'internal',
      networkId,
      config: { kind: 'aws-private-hosted-zone-attachment', hosted_zone_id: 'Z0123456789ABCDEFGHIJ' },
    });
    const before = rig.konnect.writes.length;
    const events: string[] = [];
    await tearDown(clientOf(rig), NAMES, {
      ...hooksOf(rig),
      onStep: ({ kind }, event) => events.push(`${kind} ${event}`),
    });
    expect(
      rig.konnect.writes
        .slice(before)
        .map(({ method, route }) => `${method} ${route.replace('/v2/cloud-gateways', '')}`),
    ).toEqual([
      'DELETE /networks/:networkId/transit-gateways/:id',
      'DELETE /networks/:networkId/private-dns/:id',
      'DELETE /custom-domains/:id',
      'DELETE /add-ons/:id',
      'PUT /configurations',
      'DELETE /networks/:networkId',
      'DELETE /v2/control-planes/:id',
    ]);
    expect(events.indexOf('transit-gateway done')).toBeLessThan(events.indexOf('configuration started'));
    expect(events.indexOf('configuration done')).toBeLessThan(events.indexOf('network started'));
    expect(events.indexOf('network done')).toBeLessThan(events.indexOf('control-plane started'));
  });

  it('waits until an attachment can be deleted', async () => {
    const [, gateway] = only(rig.konnect.world.transitGateways);
    gateway.state = 'initializing';
    gateway.enteredAt = rig.clock.now();
    await tearDown(clientOf(rig), NAMES, hooksOf(rig));
    expect(rig.said.some((line) => line.includes('non-transitional'))).toBe(true);
    expect(rig.konnect.world.transitGateways.size).toBe(0);
  });

  it('finishes a partial deletion by others', async () => {
    const [, network] = only(rig.konnect.world.networks);
    rig.konnect.world.transitGateways.clear();
    rig.konnect.world.configurations.clear();
    network.state = 'terminating';
    network.enteredAt = rig.clock.now();
    const steps = await tearDown(clientOf(rig), NAMES, hooksOf(rig));
    expect(steps.map(({ kind, alreadyGoing }) => [kind, alreadyGoing])).toEqual([
      ['network', true],
      ['control-plane', false],
    ]);
    expect(rig.konnect.writes.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('removes a configuration whose control plane no longer exists from the network', async () => {
    rig.konnect.world.controlPlanes.clear();
    const outright = { ...NAMES, chosen: { controlPlane: false, network: true } };
    const steps = await tearDown(clientOf(rig), outright, hooksOf(rig));
    expect(steps.map(({ kind }) => kind)).toEqual(['transit-gateway', 'configuration', 'network']);
    expect((rig.konnect.snapshot() as { networks: unknown }).networks).toEqual([]);
  });

  it('is refused, without any change, while another control plane uses the network', async () => {
    const [networkId] = only(rig.konnect.world.networks);
    const other = await ensureControlPlane(clientOf(rig), { name: 'other' });
    const spec = { ...FINISH.gateway, networkId, controlPlaneId: other.id, controlPlaneName: 'other' };
    await ensureConfiguration(clientOf(rig), spec);
    await waitForConfiguration(clientOf(rig), { id: other.id, name: 'other' });
    const writes = rig.konnect.writes.length;
    const error = await thrownBy(tearDown(clientOf(rig), NAMES));
    expect(String(error)).toContain(`network "ollama-eks" (${networkId}) is used by control plane ${other.id}`);
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(rig.konnect.writes).toHaveLength(writes);
  });

  it('keeps a network with an explicit name for its other users, and deletes our objects in it', async () => {
    const [networkId, network] = only(rig.konnect.world.networks);
    const other = await ensureControlPlane(clientOf(rig), { name: 'other' });
    const spec = { ...FINISH.gateway, networkId, controlPlaneId: other.id, controlPlaneName: 'other' };
    await ensureConfiguration(clientOf(rig), spec);
    await waitForConfiguration(clientOf(rig), { id: other.id, name: 'other' });
    await ensureTransitGateway(clientOf(rig), {
      ...FINISH.attachment,
      name: 'other',
      cidrBlocks: ['10.1.0.0/16'],
      ramShareArn: FINISH.attachment.ramShareArn.replace(/0$/, '1'),
      networkId,
    });
    const shared = { ...NAMES, chosen: { controlPlane: false, network: true } };
    const { kept } = await readTeardownPlan(clientOf(rig), shared);
    expect(kept).toEqual([expect.stringMatching(/is used by control plane .+, transit gateway attachment "other"/)]);
    const steps = await tearDown(clientOf(rig), shared, hooksOf(rig));
    expect(steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'transit-gateway ollama-eks',
      'configuration ollama-eks',
      'control-plane ollama-eks',
    ]);
    expect(network.state).toBe('ready');
    expect([...rig.konnect.world.controlPlanes.keys()]).toEqual([other.id]);
  });

  it.each([
    ['another cluster', { cluster: 'other', region: 'us-west-2' }, /belongs to cluster "other" in us-west-2, not to/],
    ['another region', { ...OWNER, region: 'eu-west-1' }, /belongs to cluster "ollama" in eu-west-1/],
    ['another account', { ...OWNER, account: '999900001111' }, /of AWS account 999900001111, not to cluster "ollama"/],
    ['nobody', undefined, /has no label that assigns it to cluster "ollama" .* set its name explicitly/],
  ])('touches nothing where the control plane is of %s', async (_, owner, message) => {
    const [, controlPlane] = only(rig.konnect.world.controlPlanes);
    controlPlane.fields = { ...controlPlane.fields, labels: owner === undefined ? {} : ownerLabels(owner) };
    const writes = rig.konnect.writes.length;
    const error = await thrownBy(tearDown(clientOf(rig), NAMES));
    expect(String(error)).toMatch(message);
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(rig.konnect.writes).toHaveLength(writes);
    const outright = { ...NAMES, chosen: { controlPlane: true, network: true } };
    expect((await readTeardownPlan(clientOf(rig), outright)).steps.length > 0).toBe(owner === undefined);
  });

  it('touches no network that cannot be shown to be ours', async () => {
    rig.konnect.world.controlPlanes.clear();
    const writes = rig.konnect.writes.length;
    const error = await thrownBy(tearDown(clientOf(rig), NAMES));
    expect(String(error)).toMatch(
      /control plane "ollama-eks" does not exist.* set the network's name explicitly \(--network/,
    );
    expect(rig.konnect.writes).toHaveLength(writes);
  });

  it('fails if anything remains', async () => {
    const late = {
      onStep: (step: { kind: string }) => {
        if (step.kind === 'control-plane')
          rig.konnect.world.controlPlanes.set(
            'x',
            rig.konnect.world.newEntity({
              name: 'ollama-eks',
              description: '',
              labels: ownerLabels(OWNER),
              proxy_urls: [],
            }),
          );
      },
    };
    const error = await thrownBy(tearDown(clientOf(rig), NAMES, late));
    expect(String(error)).toMatch(/not everything was deleted, these remain: control plane "ollama-eks"/);
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
  });

  it('reports what is stuck at the deadline', async () => {
    const slow = newRig({ ...rig.konnect.world.timeline, networkGone: 3 * 3600 });
    await bringUp(slow);
    const error = await thrownBy(tearDown(clientOf(slow), NAMES));
    expect(String(error)).toMatch(
      /network "ollama-eks" \(.+\) is terminating after 40 min, not terminated; run the command again/,
    );
    expect(exitCodeOf(error)).toBe(ExitCode.timeout);
  });
});
