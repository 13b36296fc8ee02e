import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import {
  ensureConfiguration,
  ensureControlPlane,
  ensureNetwork,
  ensurePrivateDns,
  ensureProxyUrl,
  ensureTransitGateway,
  findProviderAccount,
  waitForConfiguration,
  waitForNetwork,
  waitForPrivateDns,
  waitForTransitGateway,
  type ConfigurationSpec,
  type NetworkSpec,
} from '../../src/konnect';
import { FAULT_EFFECTS, text } from '../../../test/emulators/konnect';
import { clientOf, FINISH, hooksOf, newRig, START, thrownBy, type Rig } from './rig';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});
afterEach(() => {
  expect(rig.konnect.contract.misses).toEqual([]);
});

function networkSpec(overrides: Partial<NetworkSpec> = {}): NetworkSpec {
  return {
    name: 'ollama-eks',
    region: 'us-west-2',
    cidrBlock: '192.168.0.0/22',
    availabilityZones: ['usw2-az1', 'usw2-az2'],
    providerAccountId: text(rig.konnect.world.providerAccounts[0]?.['id']),
    ...overrides,
  };
}

async function readyNetwork() {
  const { object } = await ensureNetwork(clientOf(rig), networkSpec());
  return waitForNetwork(clientOf(rig), object);
}

async function configurationSpec(overrides: Partial<ConfigurationSpec> = {}): Promise<ConfigurationSpec> {
  const { id } = await ensureControlPlane(clientOf(rig), START.controlPlane);
  const network = overrides.networkId ?? (await readyNetwork()).id;
  return { controlPlaneId: id, controlPlaneName: 'ollama-eks', networkId: network, ...FINISH.gateway, ...overrides };
}

describe('a control plane', () => {
  it('is created, then reused, then updated', async () => {
    const client = clientOf(rig);
    const { id, outcome } = await ensureControlPlane(client, START.controlPlane);
    expect(outcome).toBe('created');
    expect(await ensureControlPlane(client, START.controlPlane)).toMatchObject({ id, outcome: 'reused' });
    const labelled = await ensureControlPlane(client, { ...START.controlPlane, labels: { env: 'dev' } });
    expect(labelled).toMatchObject({
      id,
      outcome: 'updated',
      object: { labels: { env: 'dev', 'managed-by': 'ollama-eks' } },
    });
  });

  it.each([
    ['a self-managed one', { cloud_gateway: false }, /config.cloud_gateway: have false, want true/],
    [
      'a group',
      { cloud_gateway: true, cluster_type: 'CLUSTER_TYPE_CONTROL_PLANE_GROUP' },
      /config.cluster_type: have "CLUSTER_TYPE_CONTROL_PLANE_GROUP"/,
    ],
  ])('is not taken over when it is %s', async (_, body, message) => {
    await clientOf(rig).send({
      doing: 'prepare',
      method: 'POST',
      host: 'region',
      path: '/v2/control-planes',
      body: { name: 'ollama-eks', ...body },
    });
    const error = await thrownBy(ensureControlPlane(clientOf(rig), START.controlPlane));
    expect(String(error)).toMatch(message);
    expect(exitCodeOf(error)).toBe(ExitCode.usage);
    expect(rig.konnect.writes).toHaveLength(1);
  });

  it('reports an exhausted quota', async () => {
    rig.konnect.world.behaviour.quotas.controlPlanes = 0;
    const error = await thrownBy(ensureControlPlane(clientOf(rig), START.controlPlane));
    expect(exitCodeOf(error)).toBe(ExitCode.quota);
  });

  it('stores the address of the gateway once', async () => {
    const { object } = await ensureControlPlane(clientOf(rig), START.controlPlane);
    const first = await ensureProxyUrl(clientOf(rig), object, 'https://gw.example.com');
    expect(first).toMatchObject({
      outcome: 'updated',
      object: { config: { proxy_urls: [{ host: 'gw.example.com', port: 443, protocol: 'https' }] } },
    });
    expect((await ensureProxyUrl(clientOf(rig), first.object, 'https://gw.example.com/')).outcome).toBe('reused');
    const other = await ensureProxyUrl(clientOf(rig), first.object, 'http://gw.example.com:8000');
    expect(other.object.config.proxy_urls).toHaveLength(2);
  });
});

describe('a provider account', () => {
  it('is the only one', async () => {
    expect((await findProviderAccount(clientOf(rig))).provider_account_id).toBe('123456789012');
  });

  it('must be chosen if there are several', async () => {
    rig.konnect.world.behaviour.pageSize = 1;
    rig.konnect.world.addProviderAccount('210987654321');
    const error = await thrownBy(findProviderAccount(clientOf(rig)));
    expect(String(error)).toMatch(/2 AWS provider accounts: 123456789012 \(.+\), 210987654321 \(.+\); choose one/);
    expect(exitCodeOf(error)).toBe(ExitCode.usage);
    expect((await findProviderAccount(clientOf(rig), '210987654321')).provider_account_id).toBe('210987654321');
    expect(String(await thrownBy(findProviderAccount(clientOf(rig), '111122223333')))).toContain('does not belong to');
  });

  it('may be missing', async () => {
    rig.konnect.world.providerAccounts.length = 0;
    expect(String(await thrownBy(findProviderAccount(clientOf(rig))))).toContain('ask Kong');
  });
});

describe('a network', () => {
  it('is reused, whatever the order of its zones', async () => {
    await ensureNetwork(clientOf(rig), networkSpec());
    const again = await ensureNetwork(clientOf(rig), networkSpec({ availabilityZones: ['usw2-az2', 'usw2-az1'] }));
    expect(again.outcome).toBe('reused');
    expect(rig.konnect.writes).toHaveLength(1);
  });

  it.each([
    [{ cidrBlock: '10.8.0.0/22' }, /cidr_block: have "192.168.0.0\/22", want "10.8.0.0\/22"/],
    [{ region: 'us-east-2' }, /region: have "us-west-2", want "us-east-2"/],
    [{ availabilityZones: ['usw2-az1'] }, /availability_zones: have \["usw2-az1","usw2-az2"\], want \["usw2-az1"\]/],
    [{ providerAccountId: 'other' }, /cloud_gateway_provider_account_id/],
  ])('cannot be changed: %j', async (change, message) => {
    await ensureNetwork(clientOf(rig), networkSpec());
    const error = await thrownBy(ensureNetwork(clientOf(rig), networkSpec(change)));
    expect(String(error)).toMatch(message);
    expect(exitCodeOf(error)).toBe(ExitCode.usage);
    expect(rig.konnect.writes).toHaveLength(1);
  });

  it('does not loop when the quota is exhausted', async () => {
    rig.konnect.world.behaviour.quotas.networks = 0;
    const error = await thrownBy(ensureNetwork(clientOf(rig), networkSpec()));
    expect(exitCodeOf(error)).toBe(ExitCode.quota);
    expect(String(error)).toMatch(/create network "ollama-eks".*Max allowed: 0.*raise the quota/);
    expect(rig.konnect.journal.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it.each([true, false])(
    'is created while one of its name is being deleted (which occupies the name: %p)',
    async (holds) => {
      rig.konnect.world.behaviour.terminatingHoldsName = holds;
      const { id } = await ensureNetwork(clientOf(rig), networkSpec());
      for (const network of rig.konnect.world.networks.values()) network.state = 'terminating';
      const again = await ensureNetwork(clientOf(rig), networkSpec(), hooksOf(rig));
      expect(again.outcome).toBe('created');
      expect(again.id).not.toBe(id);
      expect(rig.said.some((line) => line.includes('earlier network'))).toBe(holds);
    },
  );

  it('is not created twice when the answer is lost', async () => {
    rig.konnect.faults.add({ method: 'POST', effect: { kind: 'drop', carriedOut: true } });
    expect((await ensureNetwork(clientOf(rig), networkSpec())).outcome).toBe('created');
    expect(rig.konnect.world.networks.size).toBe(1);
  });

  it('is refused if several have its name', async () => {
    for (const id of ['first', 'second']) {
      rig.konnect.world.networks.set(id, { ...rig.konnect.world.newEntity({ ...body(), name: 'ollama-eks' }) });
    }
    expect(String(await thrownBy(ensureNetwork(clientOf(rig), networkSpec())))).toMatch(
      /network "ollama-eks" exists 2 times \(.+, .+\)/,
    );
  });

  function body() {
    const { region, cidrBlock: cidr_block, availabilityZones: availability_zones, providerAccountId } = networkSpec();
    return { region, cidr_block, availability_zones, cloud_gateway_provider_account_id: providerAccountId };
  }
});

describe('a configuration', () => {
  it('is created, reused and updated, and its group stays the same', async () => {
    const spec = await configurationSpec();
    const controlPlane = { id: spec.controlPlaneId, name: spec.controlPlaneName };
    expect((await ensureConfiguration(clientOf(rig), spec)).outcome).toBe('created');
    const { dataplane_groups: before } = await waitForConfiguration(clientOf(rig), controlPlane);
    expect((await ensureConfiguration(clientOf(rig), { ...spec, environment: [] })).outcome).toBe('reused');
    const updated = await ensureConfiguration(clientOf(rig), { ...spec, version: '3.15', baseRps: 200 });
    expect(updated).toMatchObject({ outcome: 'updated', object: { version: '3.15' } });
    expect(updated.object.dataplane_groups.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  it.each([
    ['private access', { apiAccess: 'private' }],
    ['variables', { environment: [{ name: 'KONG_LOG_LEVEL', value: 'debug' }] }],
  ] as const)('is updated for %s', async (_, change) => {
    const spec = await configurationSpec();
    await ensureConfiguration(clientOf(rig), spec);
    await waitForConfiguration(clientOf(rig), { id: spec.controlPlaneId, name: 'ollama-eks' });
    expect((await ensureConfiguration(clientOf(rig), { ...spec, ...change })).outcome).toBe('updated');
    await waitForConfiguration(clientOf(rig), { id: spec.controlPlaneId, name: 'ollama-eks' });
    expect((await ensureConfiguration(clientOf(rig), { ...spec, ...change })).outcome).toBe('reused');
  });

  it('waits while an earlier change is in progress', async () => {
    const spec = await configurationSpec();
    await ensureConfiguration(clientOf(rig), spec);
    const updated = await ensureConfiguration(clientOf(rig), { ...spec, version: '3.15' }, hooksOf(rig));
    expect(updated.object.version).toBe('3.15');
    expect(rig.said.some((line) => line.includes('have not finished provisioning'))).toBe(true);
  });

  it('keeps gateways in other regions', async () => {
    const spec = await configurationSpec();
    const ohio = await ensureNetwork(
      clientOf(rig),
      networkSpec({
        name: 'ohio',
        region: 'us-east-2',
        availabilityZones: ['use2-az1', 'use2-az2'],
        cidrBlock: '10.9.0.0/22',
      }),
    );
    await waitForNetwork(clientOf(rig), ohio.object);
    await ensureConfiguration(clientOf(rig), { ...spec, networkId: ohio.id, region: 'us-east-2' });
    await waitForConfiguration(clientOf(rig), { id: spec.controlPlaneId, name: 'ollama-eks' });
    const both = await ensureConfiguration(clientOf(rig), spec);
    expect(both.object.dataplane_group_config.map(({ region }) => region).sort()).toEqual(['us-east-2', 'us-west-2']);
  });

  it('does not move gateways to another network', async () => {
    const spec = await configurationSpec();
    await ensureConfiguration(clientOf(rig), spec);
    const error = await thrownBy(
      ensureConfiguration(clientOf(rig), { ...spec, networkId: '0b1c2d3e-4f50-4617-8283-94a5b6c7d8e9' }),
    );
    expect(String(error)).toMatch(/data plane group in us-west-2 .*\(cloud_gateway_network_id: have /);
  });

  it('accepts "identical" as success only if the configuration is identical', async () => {
    const spec = await configurationSpec();
    await ensureConfiguration(clientOf(rig), spec);
    await waitForConfiguration(clientOf(rig), { id: spec.controlPlaneId, name: 'ollama-eks' });
    rig.konnect.faults.add({ method: 'PUT', effect: FAULT_EFFECTS.identical });
    const error = await thrownBy(ensureConfiguration(clientOf(rig), { ...spec, baseRps: 500 }));
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
  });
});

describe('a transit gateway attachment', () => {
  const spec = (networkId: string) => ({ ...FINISH.attachment, networkId });

  it('updates CIDRs in place', async () => {
    const { id } = await readyNetwork();
    const { object } = await ensureTransitGateway(clientOf(rig), spec(id));
    await waitForTransitGateway(clientOf(rig), id, object);
    const changed = { ...spec(id), cidrBlocks: ['10.0.0.0/16', '10.1.0.0/16'] };
    expect(await ensureTransitGateway(clientOf(rig), changed)).toMatchObject({
      id: object.id,
      outcome: 'updated',
      object: { cidr_blocks: changed.cidrBlocks },
    });
    expect(
      (await ensureTransitGateway(clientOf(rig), { ...changed, cidrBlocks: [...changed.cidrBlocks].reverse() }))
        .outcome,
    ).toBe('reused');
  });

  it.each([
    [{ transitGatewayId: 'tgw-other' }, /transit_gateway_id: have "tgw-0123456789abcdef0", want "tgw-other"/],
    [{ ramShareArn: 'arn:other' }, /ram_share_arn/],
    [
      { dnsConfig: [{ remote_dns_server_ip_addresses: ['10.0.0.2'], domain_proxy_list: ['corp.example.com'] }] },
      /dns_config/,
    ],
  ])('cannot be changed otherwise: %j', async (change, message) => {
    const { id } = await readyNetwork();
    await ensureTransitGateway(clientOf(rig), spec(id));
    expect(String(await thrownBy(ensureTransitGateway(clientOf(rig), { ...spec(id), ...change })))).toMatch(message);
  });

  it('waits for the network, but not after a permanent refusal', async () => {
    const { object } = await ensureNetwork(clientOf(rig), networkSpec());
    const created = await ensureTransitGateway(clientOf(rig), spec(object.id), hooksOf(rig));
    expect(created.outcome).toBe('created');
    expect(rig.said.some((line) => line.includes('Network is not ready'))).toBe(true);
    const start = rig.clock.now();
    const overlapping = { ...spec(object.id), name: 'second', ramShareArn: 'arn:second' };
    const error = await thrownBy(ensureTransitGateway(clientOf(rig), overlapping));
    expect(String(error)).toMatch(
      /create transit gateway attachment "second".*overlaps with cidr blocks from an existing attachment/,
    );
    expect([exitCodeOf(error), rig.clock.now() - start]).toEqual([ExitCode.usage, 0]);
  });

  it('is created while one of its name is being deleted', async () => {
    const { id } = await readyNetwork();
    await ensureTransitGateway(clientOf(rig), spec(id));
    for (const gateway of rig.konnect.world.transitGateways.values()) gateway.state = 'terminating';
    expect((await ensureTransitGateway(clientOf(rig), spec(id))).outcome).toBe('created');
  });
});

describe('private DNS', () => {
  const zone = { kind: 'aws-private-hosted-zone-attachment', hosted_zone_id: 'Z0123456789ABCDEFGHIJ' } as const;
  const resolver = (address: string) => ({
    kind: 'aws-outbound-resolver' as const,
    dns_config: { 'corp.example.com': { remote_dns_server_ip_addresses: [address] } },
  });

  it('is created once and becomes ready', async () => {
    const { id } = await readyNetwork();
    const spec = { name: 'internal', networkId: id, config: zone };
    const { object, outcome } = await ensurePrivateDns(clientOf(rig), spec);
    expect(outcome).toBe('created');
    expect((await waitForPrivateDns(clientOf(rig), id, object)).state).toBe('ready');
    expect((await ensurePrivateDns(clientOf(rig), spec)).outcome).toBe('reused');
    const other = { ...spec, config: { ...zone, hosted_zone_id: 'Z9' } };
    expect(String(await thrownBy(ensurePrivateDns(clientOf(rig), other)))).toMatch(/hosted_zone_id: have "Z0/);
    expect(String(await thrownBy(ensurePrivateDns(clientOf(rig), { ...spec, config: resolver('10.0.0.2') })))).toMatch(
      /kind: have/,
    );
  });

  it('updates resolvers in place', async () => {
    const { id } = await readyNetwork();
    await ensurePrivateDns(clientOf(rig), { name: 'corp', networkId: id, config: resolver('10.0.0.2') });
    const updated = await ensurePrivateDns(clientOf(rig), {
      name: 'corp',
      networkId: id,
      config: resolver('10.0.0.3'),
    });
    expect(updated).toMatchObject({
      outcome: 'updated',
      object: { private_dns_attachment_config: resolver('10.0.0.3') },
    });
  });

  it('fails with the reason', async () => {
    const { id } = await readyNetwork();
    rig.konnect.world.behaviour.failures.privateDns = 'zone not found';
    const { object } = await ensurePrivateDns(clientOf(rig), { name: 'internal', networkId: id, config: zone });
    const error = await thrownBy(waitForPrivateDns(clientOf(rig), id, object));
    expect(String(error)).toMatch(/private DNS "internal" is error \(ERROR: zone not found\)/);
    expect(exitCodeOf(error)).toBe(ExitCode.failedState);
  });
});
