import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVER_FAILURES } from '@org/ollama-eks/pure';
import { ALERTS, budgetAlert } from '../../packages/ollama-eks/src/observability/alerts';
import { withSection } from '@org/ollama-eks-tools/section';
import { SERVER_DIAGNOSES } from '../../scripts/src/diagnose/server-diagnoses';

const REPOSITORY = resolve(__dirname, '../..');
const PAGE = join(REPOSITORY, 'docs/troubleshooting.md');
const page = readFileSync(PAGE, 'utf8');

/** Folders of the checks, and the chapter of each command that runs them. */
const FOLDERS = ['checks', 'verify', 'doctor', 'diagnose', 'audit'];

/** Ids in the source: `id: 'tags'`, and the constant beginning of an id that has a name in it, such as `quota-…`. */
const ID = /\b(?:id: |check\()(?:'([a-z0-9-]+)'|`([a-z0-9-]+?)( |-)?\$\{)/g;

function idsOf(folder: string): readonly string[] {
  const directory = join(REPOSITORY, 'scripts/src', folder);
  return readdirSync(directory).flatMap((name) => {
    const source = readFileSync(join(directory, name), 'utf8');
    return [...source.matchAll(ID)].map(
      ([, whole, start, separator]) => whole ?? `${start ?? ''}${separator === '-' ? '-…' : ''}`,
    );
  });
}

const IDS = FOLDERS.flatMap(idsOf);

/** Ids that a row of a table begins with. */
const ROWS = [...page.slice(page.indexOf('## Checks')).matchAll(/^\| +(`[^|]+`) +\|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id),
);

test('the ids of the checks are found in their source', () => {
  expect(IDS.length).toBeGreaterThan(50);
  expect(IDS).toEqual(expect.arrayContaining(['tags', 'gpu', 'quota-…', 'tool-…', 'konnect-…', 'targets', 'kong-tls']));
});

test.each([...new Set(IDS)])('the check %s has a row', (id) => {
  expect(ROWS).toContain(id);
});

test('every row about a check is about one that exists', () => {
  const codes: readonly string[] = SERVER_FAILURES;
  expect(ROWS.filter((row) => !IDS.includes(row) && !codes.includes(row))).toEqual([]);
});

test("the codes of a server's log are those of its script, with the remedies of diagnose", () => {
  const rows = SERVER_FAILURES.map((code) => `| \`${code}\` | ${SERVER_DIAGNOSES[code]} |`);
  const table = ['| code | what to do |', '| --- | --- |', ...rows].join('\n');
  const expected = withSection(page, 'codes', table);
  if (process.env['UPDATE_TROUBLESHOOTING'] === '1') writeFileSync(PAGE, expected);
  expect(readFileSync(PAGE, 'utf8')).toBe(expected);
});

test('every alert has a row with its remedy', () => {
  const rows = [...ALERTS, budgetAlert(0)].map(({ alert, remedy }) => `| \`${alert}\` | ${remedy} |`);
  const table = ['| alert | what to do |', '| --- | --- |', ...rows].join('\n');
  const before = readFileSync(PAGE, 'utf8');
  const expected = withSection(before, 'alerts', table);
  if (process.env['UPDATE_TROUBLESHOOTING'] === '1') writeFileSync(PAGE, expected);
  expect(readFileSync(PAGE, 'utf8')).toBe(expected);
});

/** Checks that a text names: "checks `pods`, `models` and `mesh`". */
const namedChecks = (text: string) =>
  [...text.matchAll(/\bchecks? ((?:`[a-z-]+`(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/`(.+?)`/g)].map(([, id = '']) => id),
  );

test('what to do about an alert names checks of diagnose, and about a symptom any that exist', () => {
  const [alerts, symptoms] = [
    ALERTS.flatMap(({ remedy }) => namedChecks(remedy)),
    namedChecks(page.slice(0, page.indexOf('## Alerts'))),
  ];
  expect(Math.min(alerts.length, symptoms.length)).toBeGreaterThan(5);
  const diagnosed = idsOf('diagnose');
  expect(alerts.filter((id) => !diagnosed.includes(id))).toEqual([]);
  expect(symptoms.filter((id) => !IDS.includes(id))).toEqual([]);
});

/** Rows of the document that the project started from, by words of their answers here. */
test.each([
  'Pending',
  'Insufficient nvidia.com/gpu',
  'a model is not pulled',
  'status 401',
  'status 429',
  'model failed to load',
  'load balancer has no healthy target',
  'initializing',
  'pending-acceptance',
  'istio-system',
  'Argo CD is stuck',
  'forwarded port drops',
  'raw JSON',
  'InsufficientInstanceCapacity',
  '409',
])('the symptom %j is answered', (symptom) => {
  const row = page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(symptom));
  expect(
    row
      ?.split('|')
      .slice(2, 4)
      .map((cell) => cell.trim().length > 10),
  ).toEqual([true, true]);
});
