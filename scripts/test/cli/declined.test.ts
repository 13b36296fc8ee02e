import { entitiesIn, send } from './control-plane';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const NEWER = { CDKTF_CONTEXT_JSON: JSON.stringify({ kubernetesVersion: '1.36' }) };

let rig: CliRig;

beforeAll(async () => {
  rig = new CliRig();
  expect((await rig.run(['deploy', '--yes', '--team', 'team-a'])).code).toBe(0);
  const [service] = entitiesIn(rig, 'services');
  const [{ id = '' } = {}] = rig.konnect.world.controlPlanes.values();
  const path = `/v2/control-planes/${id}/core-entities/services/${String(service?.['id'])}`;
  await send(rig, 'PUT', path, { ...service, tags: ['theirs'] });
});
afterAll(() => rig.dispose());

test.each([['deploy'], ['upgrade'], ['destroy'], ['konnect down'], ['kong adopt'], ['consumers remove team-a']])(
  '%s reports with --json that nothing was changed if the user declines',
  async (command) => {
    const before = rig.snapshot();
    const { code, out, err } = await rig.run([...command.split(' '), '--json'], { answer: 'no', env: NEWER });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '{\n  "changed": false\n}\n',
      err: expect.stringMatching(/\?.* \[y\/N\] nothing was changed\n$/),
    });
    expect(rig.snapshot()).toEqual(before);
  },
);
