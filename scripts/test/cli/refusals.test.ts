import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig } from './rig';

let rig: CliRig;
beforeAll(() => {
  rig = new CliRig();
});
afterAll(() => rig.dispose());

test('refuses a secret that is too short to be masked, and names its variable', async () => {
  const { code, err } = await rig.run(['konnect', 'status'], { env: { KONNECT_TOKEN: 'abc' } });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('KONNECT_TOKEN is not a secret') });
});

test('prints its version', async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  expect(await rig.run(['--version'])).toMatchObject({ code: 0, out: `${version}\n` });
});

/** Refused before any other system is called, even without a token. */
test.each([
  [['deploy', 'nowhere'], 'nowhere'],
  [['deploy', '--dry-run', '--team', 'BAD!'], 'lowercase letters'],
  [['deploy', '--dry-run', '--kong-cidr', 'foo'], '= "foo": is not an IPv4 range'],
  [['deploy', '--dry-run', '--kong-cidr', '010.0.0.0/22'], '= "010.0.0.0/22": is not an IPv4 range'],
  [['deploy', '--dry-run', '--region', 'mars'], '= "mars": must be an AWS region'],
  [['status'], 'first: npm run synth'],
  [['kong', 'guard'], 'either a plan or --environment'],
  [
    ['kong', 'guard', 'cdktf.json', '--max-deletes', '-1'],
    '--max-deletes = "-1": must be a whole number of at least 0',
  ],
  [['kong', 'guard', '.'], 'is a folder; specify a file'],
  [['kong', 'guard', 'none.json'], 'none.json does not exist'],
  [['consumers', 'add', 'Team A'], 'lowercase letters'],
  [['consumers', 'rotate', 'Team A'], 'lowercase letters'],
  [['consumers', 'remove', 'Team A'], 'lowercase letters'],
  [['konnect', 'accounts', '--days', 'x'], 'must be a whole number from 1 to 365'],
  [['konnect', 'accounts', '--days', '900'], '1 to 365'],
  [['models', 'inspect', 'qwen3:8b', '--instance', 'g99.large'], 'g99.large'],
  [['github', 'setup'], 'KONNECT_CONFIG_TOKEN'],
  [['client', 'claude'], 'set it with --proxy-url'],
  [['client', 'claude'], 'or set KONNECT_TOKEN'],
])('%j is refused with exit code 2', async (argv, message) => {
  const { code, err, calls } = await rig.run(argv, { env: { KONNECT_TOKEN: undefined } });
  expect({ code, err, calls }).toEqual({ code: 2, err: expect.stringContaining(message), calls: [] });
});

test('consumers needs a cluster if no project names one', async () => {
  const { code, err } = await rig.run(['consumers', 'list']);
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining('the name of the control plane is not known'),
  });
});

test('the status of a named control plane asks for what is missing: the name of the network', async () => {
  const { code, err } = await rig.run(['konnect', 'status', '--control-plane', 'llm']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('the name of the network is not known') });
  expect(err).toContain('--network, KONNECT_NETWORK_NAME');
});

test.each([
  ['cdktf.json', '{ "app": '],
  ['cdktf.out/manifest.json', '{'],
])('names a broken %s, and ends with exit code 2', async (name, text) => {
  const fresh = new CliRig();
  mkdirSync(join(fresh.directory, 'cdktf.out'), { recursive: true });
  writeFileSync(join(fresh.directory, name), text);
  const { code, err } = await fresh.run(['status']);
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining(`${join(fresh.directory, name)} is not JSON`),
  });
  if (name === 'cdktf.json') expect(await fresh.run(['deploy', '--dry-run'])).toMatchObject({ code: 2, err });
  fresh.dispose();
});
