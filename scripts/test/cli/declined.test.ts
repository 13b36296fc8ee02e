import { ALL_COMMANDS } from '../support/declared-settings';
import { WITHOUT_RESULT } from '../support/json-lines';
import { canDecline } from '../support/published-schemas';
import { disownService } from './control-plane';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const NEWER = { CDKTF_CONTEXT_JSON: JSON.stringify({ kubernetesVersion: '1.36' }) };

let rig: CliRig;

beforeAll(async () => {
  rig = new CliRig();
  expect((await rig.run(['deploy', '--yes', '--team', 'team-a'])).code).toBe(0);
  await disownService(rig);
});
afterAll(() => rig.dispose());

test.each(ALL_COMMANDS.map(([name]) => name).filter((name) => !WITHOUT_RESULT.includes(name) && canDecline(name)))(
  '%s reports with --json that nothing was changed if the user declines',
  async (command) => {
    const before = rig.snapshot();
    const words = [...command.split(' '), ...(command === 'consumers remove' ? ['team-a'] : [])];
    const { code, out, err } = await rig.run([...words, '--json'], { answer: 'no', env: NEWER });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '{\n  "changed": false\n}\n',
      err: expect.stringMatching(/\?.* \[y\/N\] nothing was changed\n$/),
    });
    expect(rig.snapshot()).toEqual(before);
  },
);
