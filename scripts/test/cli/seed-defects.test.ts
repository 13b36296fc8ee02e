// Defects of the scripts that the project started from, one test per row. Rows about Konnect's client are tested next to it.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig, TOKEN } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

const SOURCES = sourcesIn(join(__dirname, '../../src'));

let rig: CliRig;
beforeEach(() => {
  rig = new CliRig();
});
afterEach(() => rig.dispose());

const isDeck = ({ tool }: { tool: string }) => tool === 'deck';

describe('syncing', () => {
  it('row 1: never reads or deletes consumers', async () => {
    await rig.deploy();
    const [config] = rig.children.filter(isDeck);
    expect(config?.args).toContain('--skip-consumers');
    expect(
      rig.children.filter(isDeck).every(({ args }) => args.filter((word) => word.endsWith('.yaml')).length === 2),
    ).toBe(true);
  });

  it("row 2: passes address and control plane, instead of decK's defaults", async () => {
    await rig.deploy();
    for (const { args } of rig.children.filter(isDeck)) {
      expect(args.join(' ')).toContain(
        '--konnect-addr https://us.api.konghq.com --konnect-control-plane-name ollama-g5-12xlarge',
      );
    }
    const empty = await rig.run(['kong', 'sync'], { env: { KONNECT_CONTROL_PLANE_NAME: '' } });
    expect(empty.code).toBe(0); // empty is not set: the name of the cluster, not decK's default
    expect(rig.children.filter(isDeck).at(-1)?.args.join(' ')).toContain(
      '--konnect-control-plane-name ollama-g5-12xlarge',
    );
  });

  it('row 11: fails if its file is missing', async () => {
    await rig.deploy();
    expect(await rig.run(['kong', 'sync', '--file', 'nowhere.yaml'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nowhere.yaml'),
    });
  });

  it('row 12: reads the load balancer from the outputs, and refuses other values', async () => {
    await rig.deploy();
    const sync = rig.children.find((call) => isDeck(call) && call.args.includes('sync'));
    expect(sync?.env['DECK_OLLAMA_UPSTREAM_HOST']).toBe('ollama-0123456789abcdef.elb.us-west-2.amazonaws.com');
    for (const placeholder of ['<YOUR_NLB_DNS>', 'a.example.com"\n', '']) {
      const { code } = await rig.run(['kong', 'sync', '--max-deletes', '0'], {
        env: { DECK_OLLAMA_UPSTREAM_HOST: placeholder || ' ' },
      });
      expect(code).toBe(2);
    }
  });
});

describe('deploying', () => {
  it('rows 6, 7, 9: fails if a step fails', async () => {
    rig.konnect.world.behaviour.failures.transitGateway = 'cidr overlaps';
    const { code, err, out } = await rig.deploy();
    expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining('cidr overlaps') });
    expect(out).not.toContain('N/A');
  });

  it('row 7: names region and share, and warns if the share is not accepted', async () => {
    const { err } = await rig.deploy({
      tool: ({ args }) =>
        args[1] === 'get-resource-share-associations'
          ? {
              exitCode: 0,
              stdout: JSON.stringify({
                resourceShareAssociations: [{ associatedEntity: '123456789012', status: 'ASSOCIATING' }],
              }),
              stderr: '',
            }
          : undefined,
    });
    expect(err).toMatch(/warn +the RAM share with Kong's account 123456789012 is ASSOCIATING/);
    expect(rig.children.filter(({ tool }) => tool === 'aws').every(({ args }) => args.includes('--region'))).toBe(true);
  });

  it('rows 8, 10: is continued by the same command after temporary failures', async () => {
    rig.konnect.faults.add({ effect: { kind: 'drop', carriedOut: true }, after: 12, times: 2 });
    expect((await rig.deploy()).code).toBe(0);
    expect(rig.konnect.world.transitGateways.size).toBe(1);
    const before = rig.writes;
    expect((await rig.deploy()).code).toBe(0);
    expect(rig.writes).toBe(before);
  });

  it('row 13: neither commits nor pushes', async () => {
    await rig.deploy();
    expect(new Set(rig.children.map(({ tool }) => tool))).toEqual(
      new Set(['sh', 'aws', 'terraform', 'kubectl', 'deck']),
    );
    // `doctor` reads with Git; `init` names the commands that write, for a person.
    const commands = [...SOURCES.matchAll(/\.run\(\s*'git',\s*\[([^\]]*)\]/g)].map(([, args = '']) => args);
    expect(commands.length).toBe(SOURCES.match(/\.run\(\s*'git'/g)?.length);
    expect(commands.filter((args) => !/'ls-(files|remote)'/.test(args))).toEqual([]);
  });

  it('row 14: uses one name of the control plane in every command', async () => {
    await rig.deploy({ env: { KONNECT_CONTROL_PLANE_NAME: 'other' } });
    expect((await rig.run(['konnect', 'status'])).out).not.toContain('control plane');
    const down = await rig.run(['konnect', 'down', '--dry-run'], { env: { KONNECT_CONTROL_PLANE_NAME: 'other' } });
    expect(down.out).toContain('control plane "other"');
  });

  it('row 19: finds the proxy URL', async () => {
    expect((await rig.deploy()).out).toMatch(/^endpoint {2}https:\/\/ollama-g5-12xlarge\./);
  });

  it('row 23: parses .env without running it', async () => {
    const file = join(rig.directory, 'ran');
    writeFileSync(
      join(rig.directory, '.env'),
      `KONNECT_TOKEN=${TOKEN}\nKONNECT_NETWORK_NAME=$(touch ${file})\ntouch ${file}\n`,
    );
    const { out } = await rig.run(['deploy', '--dry-run'], { env: { KONNECT_TOKEN: undefined } });
    expect(out).toContain('ollama-g5-12xlarge');
    expect(readdirSync(rig.directory)).not.toContain('ran');
  });
});

describe('destroying', () => {
  it('row 15: deletes in the order that Konnect and AWS require, and waits', async () => {
    await rig.deploy();
    const [children, journal] = [rig.children.length, rig.konnect.journal.length];
    expect((await rig.destroy()).code).toBe(0);
    const writes = rig.konnect.journal.slice(journal).filter(({ wrote }) => wrote);
    expect(writes.map(({ method, route }) => `${method} ${route.split('/').slice(3).join('/')}`)).toEqual([
      'DELETE networks/:networkId/transit-gateways/:id',
      'PUT configurations',
      'DELETE networks/:networkId',
      'DELETE :id',
    ]);
    const destroyed = rig.children
      .slice(children)
      .filter(({ args }) => args.includes('destroy'))
      .map(({ args }) => /stacks\/(\w+)/.exec(args[0] ?? '')?.[1]);
    expect(destroyed).toEqual(['platform', 'infra']);
  });

  it('row 15: cleans up Konnect even after AWS is gone', async () => {
    await rig.deploy();
    for (const stack of ['platform', 'infra']) Reflect.deleteProperty(rig.tools.stacks, stack);
    expect((await rig.destroy()).code).toBe(0);
    expect(rig.konnect.snapshot()).toMatchObject({ controlPlanes: [], networks: [] });
  });

  it('row 16 and row 46 of AWS: accepts --yes in any position, and writes no escapes to a pipe', async () => {
    await rig.deploy();
    const { code, out, err } = await rig.run(['destroy', '--yes']);
    expect(code).toBe(0);
    expect(out + err).not.toContain('\u001b');
    expect((await rig.run(['--yes', 'destroy'])).code).toBe(0);
  });

  it('row 5 of AWS: leaves the Applications to Terraform, which waits for them', async () => {
    await rig.deploy();
    const before = rig.children.length;
    await rig.destroy();
    expect(rig.children.slice(before).filter(({ tool }) => tool === 'kubectl')).toEqual([]);
  });

  it('row 6 of AWS: searches volumes by the tag that the storage driver sets, and reports leftovers', async () => {
    await rig.deploy();
    rig.tools.aws.volumes.push({ VolumeId: 'vol-9', Size: 200, State: 'available', cluster: 'ollama-g5-12xlarge' });
    const { code, out } = await rig.destroy();
    expect({ code, out }).toEqual({ code: 6, out: expect.stringContaining('vol-9') });
    const search = rig.children.find(({ args }) => args[1] === 'describe-volumes');
    expect(search?.args).toContain('Name=tag:ollama-eks/cluster,Values=ollama-g5-12xlarge');
  });
});

test('row 4 of AWS: a deployment does not change the number of nodes', async () => {
  await rig.deploy();
  await rig.deploy();
  expect(rig.children.filter(({ args }) => args.includes('update-nodegroup-config'))).toEqual([]);
});

test('row 5: no property of an installation is hard-coded', async () => {
  const env = { KONNECT_NETWORK_NAME: 'net', KONG_GATEWAY_VERSION: '3.15', KONNECT_NETWORK_ZONES: 'usw2-az1,usw2-az3' };
  await rig.deploy({ env });
  expect(rig.konnect.snapshot()).toMatchObject({
    networks: [{ name: 'net', availability_zones: ['usw2-az1', 'usw2-az3'] }],
  });
});

test('row 22: no key, token, address or profile has a default', () => {
  expect(SOURCES).not.toMatch(/AWS_PROFILE|kpat_|spat_|\.elb\.[a-z0-9-]+\.amazonaws\.com/);
});

function sourcesIn(directory: string): string {
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .map((path) => (statSync(path).isDirectory() ? sourcesIn(path) : readFileSync(path, 'utf8')))
    .join('\n');
}
