import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import {
  ensureControlPlane,
  ensureNetwork,
  ensureTransitGateway,
  waitForNetwork,
  waitForTransitGateway,
  type KonnectClient,
} from '../../src/konnect';
import { FAULT_EFFECTS, text, TIMELINE } from '../../../test/emulators/konnect';
import { bringUp, clientOf, FINISH, hooksOf, newRig, SHORT, START, thrownBy, type Rig } from './rig';

async function networkIn(rig: Rig, client: KonnectClient = clientOf(rig)) {
  const account = text(rig.konnect.world.providerAccounts[0]?.['id']);
  const { object } = await ensureNetwork(client, {
    name: START.networkName,
    region: START.region,
    cidrBlock: START.cidrBlock,
    availabilityZones: ['usw2-az1', 'usw2-az2'],
    providerAccountId: account,
  });
  return object;
}

async function attachmentIn(rig: Rig, client: KonnectClient = clientOf(rig)) {
  const network = await waitForNetwork(client, await networkIn(rig, client));
  const { object } = await ensureTransitGateway(client, { ...FINISH.attachment, networkId: network.id });
  return { networkId: network.id, object };
}

describe('waiting', () => {
  it('reports the step, the elapsed and expected time, and the awaited state', async () => {
    const rig = newRig(TIMELINE);
    const waits: unknown[] = [];
    await waitForNetwork(clientOf(rig), await networkIn(rig), { onProgress: (wait) => waits.push(wait) });
    expect(waits[2]).toEqual({
      step: 'network "ollama-eks"',
      elapsedSeconds: 60,
      expectedSeconds: 2100,
      waitsFor: 'initializing, waiting for ready',
    });
  });

  it.each([
    ['network', 'out of capacity', /network "ollama-eks" is offline \(ERROR: out of capacity\); delete it with/],
    [
      'transitGateway',
      'share not found',
      /attachment "ollama-eks" is error \(ERROR: share not found\); check that the RAM share/,
    ],
    [
      'dataPlaneGroup',
      'no instances',
      /configuration of control plane "ollama-eks" is failed \(ERROR: no instances\); run the command again/,
    ],
  ] as const)('fails with the reason when %s fails', async (kind, reason, message) => {
    const rig = newRig();
    rig.konnect.world.behaviour.failures[kind] = reason;
    const error = await thrownBy(bringUp(rig));
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(String(error)).toMatch(message);
  });

  it.each(['offline', 'terminating', 'terminated'])('fails at once when a network is %s', async (state) => {
    const rig = newRig();
    const { id, name } = await networkIn(rig);
    const entity = rig.konnect.world.networks.get(id);
    Object.assign(entity ?? {}, { state, enteredAt: rig.clock.now() });
    const start = rig.clock.now();
    const error = await thrownBy(waitForNetwork(clientOf(rig), { id, name }));
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(String(error)).toContain(`network "ollama-eks" is ${state}`);
    expect(rig.clock.now()).toBe(start);
  });

  it.each(['error', 'terminating', 'terminated'])('fails at once when an attachment is %s', async (state) => {
    const rig = newRig();
    const { networkId, object } = await attachmentIn(rig);
    const entity = rig.konnect.world.transitGateways.get(object.id);
    Object.assign(entity ?? {}, { state, enteredAt: rig.clock.now() });
    const error = await thrownBy(waitForTransitGateway(clientOf(rig), networkId, object));
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
    expect(String(error)).toContain(`transit gateway attachment "ollama-eks" is ${state}`);
  });

  it('continues in an unknown state, and reports it once', async () => {
    const rig = newRig(SHORT);
    rig.konnect.world.behaviour.unknownState = 'migrating';
    const network = await waitForNetwork(clientOf(rig), await networkIn(rig), hooksOf(rig));
    expect(network.state).toBe('ready');
    expect(rig.said.filter((line) => line.includes('in the unknown state migrating'))).toHaveLength(1);
  });

  it('reports a required action once, and keeps the deadline', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.acceptance = 'manual';
    const { networkId, object } = await attachmentIn(rig);
    const error = await thrownBy(
      waitForTransitGateway(clientOf(rig), networkId, object, { onNotice: (line) => rig.said.push(line) }),
    );
    expect(exitCodeOf(error)).toBe(ExitCode.timeout);
    expect(String(error)).toMatch(/pending-acceptance after 60 min.*accept tgw-attach-\w+ in AWS/);
    expect(rig.said.filter((line) => line.includes('aws ec2 accept-transit-gateway-vpc-attachment'))).toHaveLength(1);
  });

  it('continues when somebody else performs the action', async () => {
    const rig = newRig();
    rig.konnect.world.behaviour.acceptance = 'user-action';
    const client = clientOf(rig);
    const { networkId, object } = await attachmentIn(rig, client);
    const onNotice = (line: string): void => {
      rig.said.push(line);
      for (const gateway of rig.konnect.world.transitGateways.values()) gateway.acceptedAt = rig.clock.now() + 600_000;
    };
    expect((await waitForTransitGateway(client, networkId, object, { onNotice })).state).toBe('ready');
    expect(rig.said.filter((line) => line.includes('pending-user-action'))).toHaveLength(1);
  });

  it('ends at once when the token is no longer valid', async () => {
    const rig = newRig(TIMELINE);
    const network = await networkIn(rig);
    const start = rig.clock.now();
    const onProgress = (): void => {
      if (rig.clock.now() - start > 600_000) rig.konnect.tokens.clear();
    };
    const error = await thrownBy(waitForNetwork(clientOf(rig), network, { onProgress }));
    expect(exitCodeOf(error)).toBe(ExitCode.notAllowed);
    expect(String(error)).toMatch(/read network "ollama-eks".*set KONNECT_TOKEN/);
    expect(rig.clock.now() - start).toBeLessThan(700_000);
  });

  it('ends when the object no longer exists', async () => {
    const rig = newRig();
    const network = await networkIn(rig);
    rig.konnect.world.networks.clear();
    const error = await thrownBy(waitForNetwork(clientOf(rig), network));
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
  });

  it('continues through ten minutes of server errors', async () => {
    const rig = newRig(TIMELINE);
    const network = await networkIn(rig);
    const effect = { kind: 'drop', carriedOut: false } as const;
    rig.konnect.faults.add({ route: '/v2/cloud-gateways/networks/:networkId', effect, after: 5, times: 40 });
    expect((await waitForNetwork(clientOf(rig), network, hooksOf(rig))).state).toBe('ready');
    expect(rig.said.filter((line) => line.startsWith('still waiting, although'))).toHaveLength(1);
    expect(rig.konnect.faults.left).toBe(0);
  });

  it.each(['emptyAnswer', 'nullAnswer', 'otherObject'] as const)(
    'ends soon when the answer is wrong: %s',
    async (fault) => {
      const rig = newRig();
      const network = await networkIn(rig);
      const route = '/v2/cloud-gateways/networks/:networkId';
      rig.konnect.faults.add({ method: 'GET', route, times: Infinity, effect: FAULT_EFFECTS[fault] });
      const started = rig.clock.now();
      const error = await thrownBy(waitForNetwork(clientOf(rig), network, hooksOf(rig)));
      expect(exitCodeOf(error)).toBe(ExitCode.failedState);
      expect(String(error)).toContain('read network "ollama-eks": the answer is not that of Konnect');
      expect(rig.clock.now() - started).toBeLessThan(5 * 60_000);
    },
  );

  it('does not read again before the time that the server asks for', async () => {
    const rig = newRig();
    const network = await networkIn(rig);
    const route = '/v2/cloud-gateways/networks/:networkId';
    const answer = () => ({ status: 429, headers: { 'retry-after': '600' }, body: { message: 'slow down' } });
    rig.konnect.faults.add({ method: 'GET', route, effect: { kind: 'answer', answer } });
    await waitForNetwork(clientOf(rig), network, hooksOf(rig));
    const [refused, next] = rig.konnect.journal.filter(
      ({ method, route: asked }) => method === 'GET' && asked === route,
    );
    expect(((next?.at ?? 0) - (refused?.at ?? 0)) / 1000).toBeGreaterThanOrEqual(600);
  });

  it('is interrupted by Ctrl-C', async () => {
    const rig = newRig(TIMELINE);
    const network = await networkIn(rig);
    const aborting = new AbortController();
    const client = clientOf(rig, { signal: aborting.signal });
    const onProgress = (): void => aborting.abort(new Error('Ctrl-C'));
    expect(String(await thrownBy(waitForNetwork(client, network, { onProgress })))).toContain('Ctrl-C');
    expect((await ensureControlPlane(clientOf(rig), START.controlPlane)).outcome).toBe('created');
  });
});
