/** What commands print with `--json` in an installation: the rig holds it to their schemas. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INSTALLATION_LINES } from '../support/json-lines';
import { unprintedResults } from '../support/published-schemas';
import { disownService } from './control-plane';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

const CONTEXT = (kubernetesVersion: string) => ({ CDKTF_CONTEXT_JSON: JSON.stringify({ kubernetesVersion }) });

let rig: CliRig;
beforeAll(async () => {
  rig = new CliRig();
  await rig.deploy({ env: CONTEXT('1.35') });
  await disownService(rig);
  const write = (name: string, text: string): void => {
    const file = join(rig.directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('.github/workflows/kong-sync.yml', '');
  const changes = { creating: [], updating: [], deleting: [] };
  write('plan.json', JSON.stringify({ changes, summary: { creating: 0, updating: 0, deleting: 0 }, errors: [] }));
  write('state.yaml', '_format_version: "3.0"\n_info:\n  select_tags: [ollama-eks-config]\n');
});
afterAll(() => rig.dispose());

test.each(INSTALLATION_LINES)('$line', async ({ line, properties }) => {
  const env = {
    ...CONTEXT(line.startsWith('upgrade') ? '1.36' : '1.35'),
    ...(line.startsWith('github') && { KONNECT_CONFIG_TOKEN: 'spat_SENTINEL_configuration' }),
  };
  const { code, out, err } = await rig.run([...line.split(' '), '--json'], { env });
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  const found = Object.keys(JSON.parse(out) as object).sort();
  expect(found.join()).toBe(properties ?? found.join());
});

test('together they print every kind of result that a schema allows', () => {
  expect(unprintedResults(INSTALLATION_LINES.map(({ line }) => line.split(' ')))).toEqual([]);
});
