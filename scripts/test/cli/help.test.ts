import { COMMANDS } from '../../src/commands';
import { CliRig } from './rig';

/** Commands of this folder; the others have tests of their own. */
const OURS = [
  ['deploy'],
  ['destroy'],
  ['doctor'],
  ['status'],
  ['konnect'],
  ['konnect', 'up'],
  ['konnect', 'status'],
  ['konnect', 'down'],
  ['konnect', 'accounts'],
  ['kong'],
  ['kong', 'diff'],
  ['kong', 'sync'],
  ['kong', 'guard'],
  ['consumers'],
  ['consumers', 'list'],
  ['consumers', 'add'],
  ['consumers', 'rotate'],
  ['consumers', 'remove'],
  ['github'],
  ['github', 'setup'],
];

let rig: CliRig;
beforeAll(() => {
  rig = new CliRig();
});
afterAll(() => rig.dispose());

test.each(OURS)('help of %s %s', async (...words) => {
  const { code, out, calls } = await rig.run([...words.filter((word) => typeof word === 'string'), '--help']);
  expect({ code, calls }).toEqual({ code: 0, calls: [] });
  expect(out).toMatchSnapshot();
});

test('no command is registered twice', () => {
  expect(new Set(COMMANDS).size).toBe(COMMANDS.length);
});

test('a secret that is too short to be masked is refused by the name of its variable', async () => {
  const { code, err } = await rig.run(['konnect', 'status'], { env: { KONNECT_TOKEN: 'abc' } });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('KONNECT_TOKEN is not a secret') });
});

test.each([
  [['deploy', 'nowhere'], 'nowhere'],
  [['status'], 'synthesize first'],
  [['kong', 'guard'], 'either a plan or --environment'],
  [['consumers', 'add', 'Team A'], 'small letters'],
  [['konnect', 'accounts', '--days', '900'], 'choose a date until'],
  [['github', 'setup'], 'KONNECT_CONFIG_TOKEN'],
])('%j is refused with exit code 2', async (argv, message) => {
  const fresh = new CliRig();
  if (argv[0] === 'consumers' || argv[0] === 'konnect') {
    await fresh.konnect.fetch('https://us.api.konghq.com/v2/control-planes', {
      method: 'POST',
      headers: { authorization: 'Bearer kpat_SENTINEL0123456789' },
      body: JSON.stringify({ name: 'ollama-eks', cloud_gateway: true, cluster_type: 'CLUSTER_TYPE_CONTROL_PLANE' }),
    });
  }
  const { code, err } = await fresh.run(argv);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  fresh.dispose();
});
