/** What commands print with `--json`, which the rig holds to their schemas, and which no other test reads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

let rig: CliRig;
beforeAll(async () => {
  rig = new CliRig();
  await rig.deploy();
  const workflow = join(rig.directory, '.github/workflows/kong-sync.yml');
  mkdirSync(dirname(workflow), { recursive: true });
  writeFileSync(workflow, '');
});
afterAll(() => rig.dispose());

// in this order: what one command creates, another one removes
test.each([
  ['konnect up --dry-run', 'cluster,minutes,sequentialMinutes,steps'],
  ['konnect up --yes', 'cluster,url'],
  ['konnect accounts --dry-run', 'wouldCreate'],
  ['konnect accounts', 'accounts'],
  ['konnect down --dry-run', 'delete,keep'],
  ['kong adopt', 'adopt'],
  ['kong sync --dry-run', 'breaksStreaming,counts,refusals'],
  ['kong sync', 'changes,counts'],
  ['consumers add team-a --dry-run', 'add'],
  ['consumers add team-a', 'key,team'],
  ['consumers add team-b --output team-b.key', 'output,team'],
  ['consumers rotate team-a --dry-run', 'keys,team'],
  ['consumers rotate team-a', 'key,team'],
  ['consumers rotate team-a --finish', 'deleted,team'],
  ['consumers limit team-a --per-minute 30 --dry-run', 'limits,team,wanted'],
  ['consumers limit team-a --per-minute 30', 'limits,team'],
  ['consumers limit team-a --reset', 'limits,team'],
  ['consumers remove team-a --dry-run', 'remove'],
  ['consumers remove team-a --yes', 'removed'],
  ['github setup --dry-run', 'repository,secrets,variables'],
  ['github setup', 'changed,repository,started'],
])('%s', async (line, keys) => {
  const env = { KONNECT_CONFIG_TOKEN: 'spat_SENTINEL_configuration' };
  const { code, out, err } = await rig.run([...line.split(' '), '--json'], line.startsWith('github') ? { env } : {});
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  expect(
    Object.keys(JSON.parse(out) as object)
      .sort()
      .join(),
  ).toBe(keys);
});
