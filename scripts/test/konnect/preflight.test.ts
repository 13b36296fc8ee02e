import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import {
  findProxyUrl,
  preflight,
  requirePassed,
  startKonnect,
  type Configuration,
  type ControlPlane,
} from '../../src/konnect';
import { clientOf, newRig, START, thrownBy, type Rig } from './rig';

describe('preflight', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = newRig();
  });
  afterEach(() => {
    expect(rig.konnect.contract.misses).toEqual([]);
    expect(rig.konnect.writes).toEqual([]);
  });
  const check = (overrides = {}) => preflight(clientOf(rig), { ...START, ...overrides });

  it('finds the account and zones without writing anything', async () => {
    const report = await check();
    expect(report.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'token ok',
      'owner ok',
      'provider-account ok',
      'region ok',
      'version ok',
      'zones ok',
      'cidr ok',
      'quota ok',
    ]);
    expect(requirePassed(report)).toMatchObject({
      providerAccount: { provider_account_id: '123456789012' },
      availabilityZones: ['usw2-az1', 'usw2-az2'],
    });
  });

  it.each([
    [{ region: 'mars-north-1' }, 'region', ExitCode.usage, /"mars-north-1"; allowed: us-east-1/],
    [
      { availabilityZones: ['use1-az1', 'usw2-az1'] },
      'zones',
      ExitCode.usage,
      /AZ ID use1-az1 of us-west-2; allowed: usw2-az1/,
    ],
    [{ version: '3.9' }, 'version', ExitCode.usage, /Kong Gateway "3.9" is not offered; allowed: .*3.14/],
    [{ cidrBlock: '10.0.4.0/22' }, 'cidr', ExitCode.usage, /overlaps 10.0.0.0\/16 of your own networks/],
    [{ availabilityZones: ['usw2-az1'] }, 'cidr', ExitCode.usage, /kongZoneCount = 1: .*allowed: 2, 3, 4, 5/],
    [{ cidrBlock: '010.0.0.0/22' }, 'cidr', ExitCode.usage, /is not an IPv4 range/],
    [{ providerAccount: '111122223333' }, 'provider-account', ExitCode.usage, /does not belong to/],
  ])('says what is wrong with %j', async (overrides, id, exitCode, message) => {
    const report = await check(overrides);
    expect(report.checks.filter(({ status }) => status === 'fail').map((failure) => failure.id)).toEqual([id]);
    const error = await thrownBy(Promise.resolve().then(() => requirePassed(report)));
    expect([exitCodeOf(error), String(error)]).toEqual([exitCode, expect.stringMatching(message)]);
  });

  it('reports an exhausted quota before anything is created', async () => {
    rig.konnect.world.behaviour.quotas.networks = 0;
    const error = await thrownBy(startKonnect(clientOf(rig), START));
    expect(exitCodeOf(error)).toBe(ExitCode.quota);
    expect(String(error)).toContain(
      'networks in use: 0 of 0, none left for "ollama-eks"; delete a network, or request',
    );
  });

  it('stops if the token is invalid', async () => {
    const report = await preflight(clientOf(rig, { token: 'kpat_wrong' }), START);
    expect(report.checks).toHaveLength(1);
    expect(exitCodeOf(await thrownBy(Promise.resolve().then(() => requirePassed(report))))).toBe(ExitCode.notAllowed);
  });

  it('reports every problem of a range and every remedy, separately', async () => {
    const { checks } = await check({ cidrBlock: '10.0.0.0/24' });
    expect(checks.find(({ id }) => id === 'cidr')).toMatchObject({
      error: {
        problem:
          'kongCidr = "10.0.0.0/24": has the wrong size for a Kong network in 2 zones; ' +
          'kongCidr = "10.0.0.0/24": overlaps 10.0.0.0/16 of your own networks',
        allowed: '/16 to /23; a range that is not in use',
        remedy: 'choose a /23; choose another range for the Kong network, or for the VPC',
      },
    });
  });

  it('reports all failures at once', async () => {
    const report = await check({ version: '3.9', cidrBlock: '10.0.4.0/22' });
    expect(() => requirePassed(report)).toThrow(/version: .*\ncidr: /);
  });
});

describe('zones', () => {
  it('of an existing network are kept', async () => {
    const rig = newRig();
    await startKonnect(clientOf(rig), { ...START, availabilityZones: ['usw2-az3', 'usw2-az4'] });
    expect(requirePassed(await preflight(clientOf(rig), START)).availabilityZones).toEqual(['usw2-az3', 'usw2-az4']);
  });
});

describe('the address of the gateway', () => {
  const controlPlane = {
    id: 'c',
    name: 'ollama-eks',
    config: {
      control_plane_endpoint: 'https://0a1b2c3d4e.us.cp0.konghq.com',
      cluster_type: '',
      cloud_gateway: true,
      proxy_urls: [],
    },
  } satisfies ControlPlane;
  const written = {
    ...controlPlane,
    config: { ...controlPlane.config, proxy_urls: [{ host: 'llm.example.com', port: 443, protocol: 'https' }] },
  };
  const group = (network: string, hostnames: string[]) => ({
    id: network,
    state: 'ready',
    provider: 'aws',
    region: 'r',
    cloud_gateway_network_id: network,
    hostnames,
  });
  const configuration = (...groups: ReturnType<typeof group>[]): Configuration => ({
    id: 'x', control_plane_id: 'c', control_plane_geo: 'us', dataplane_group_config: [], dataplane_groups: groups,
  }); // prettier-ignore
  const yes = () => Promise.resolve(true);
  const no = () => Promise.resolve(false);

  it('is the one that Konnect reports, preferably for our own network', async () => {
    const both = configuration(group('other', ['other.example.com']), group('ours', ['ours.example.com']));
    expect(await findProxyUrl(written, both, 'ours', no)).toEqual({
      url: 'https://ours.example.com',
      source: 'hostname',
    });
  });

  it('is otherwise the one in the control plane', async () => {
    expect(await findProxyUrl(written, configuration(group('ours', [])), 'ours', no)).toEqual({
      url: 'https://llm.example.com',
      source: 'control-plane',
    });
  });

  it('is otherwise derived, if the derived address answers', async () => {
    expect(await findProxyUrl(controlPlane, undefined, 'ours', yes)).toEqual({
      url: 'https://0a1b2c3d4e.gateways.konggateway.com',
      source: 'derived',
    });
    expect(await findProxyUrl(controlPlane, undefined, 'ours', no)).toBeUndefined();
  });
});
