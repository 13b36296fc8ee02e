import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CURL_IMAGE, OLLAMA_IMAGE, type Pin, PINS } from '@org/ollama-eks';
import { REPOSITORY } from '@org/ollama-eks-tools/examples';
import { ageOf, compareVersions } from '@org/ollama-eks-tools/pins/age';
import { chartVersions, newestVersion } from '@org/ollama-eks-tools/pins/newest';
import { reportOf } from '@org/ollama-eks-tools/pins/report';

const PIN: Pin = {
  name: 'one',
  version: '1.31.1',
  verified: '2026-11-23',
  newestSeen: '1.32.0',
  endOfSupport: '2027-03-27',
  accepts: 'anything',
  source: { title: 'a page', date: '2026-11-23' },
};

test.each(Object.values<Pin>(PINS))(
  '$name $version has dates, a source, and nothing newer than what was seen',
  (pin) => {
    for (const date of [pin.verified, pin.source.date, ...(pin.endOfSupport === undefined ? [] : [pin.endOfSupport])]) {
      expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
    }
    expect(compareVersions(pin.newestSeen, pin.version)).toBeGreaterThanOrEqual(0);
    expect(pin.source.url).toMatch(/^https:/);
  },
);

test('what is deployed has the pinned versions', () => {
  expect(OLLAMA_IMAGE.tag).toBe(PINS.ollama.version);
  expect(CURL_IMAGE.tag).toBe(PINS.curl.version);
});

test.each(['ci.yml', 'kong-sync.yml', 'nightly.yml'])('%s uses the pinned decK', (file) => {
  const workflow = readFileSync(join(REPOSITORY, '.github/workflows', file), 'utf8');
  expect(new Set(workflow.match(/(?<=deck-version: )\S+/g))).toEqual(new Set([PINS.decK.version]));
});

test.each([
  ['2026-11-28', 5, 119, 'supported'],
  ['2026-12-27', 34, 90, 'ends soon'],
  ['2027-03-27', 124, 0, 'ends soon'],
  ['2027-03-28', 125, -1, 'out of support'],
])('on %s a pin is %i days old, has %i days of support, and is %s', (date, days, supportDays, state) => {
  expect(ageOf(PIN, new Date(date))).toMatchObject({ days, supportDays, state, newest: '1.32.0', isBehind: true });
});

test.each([
  ['2026-12-26', 0, []],
  [
    '2026-12-27',
    0,
    [{ level: 'warning', text: 'one 1.31.1 is supported until 2027-03-27; the newest version is 1.32.4' }],
  ],
  [
    '2027-03-28',
    1,
    [{ level: 'error', text: 'one 1.31.1 has been out of support since 2027-03-27; the newest version is 1.32.4' }],
  ],
])('the report of %s ends with exit code %i and warns %j', (date, exitCode, warnings) => {
  const other = { ...PIN, name: 'two', endOfSupport: undefined };
  const report = reportOf([PIN, other], new Date(date), ['1.32.4']);
  expect(report).toMatchObject({ exitCode, warnings });
  expect(report.table.split('\n')).toHaveLength(3);
});

test('all pins are supported on the day on which the last one was verified, with 90 days to come', () => {
  const last = Object.values<Pin>(PINS).reduce((newest, { verified }) => (verified > newest ? verified : newest), '');
  expect(reportOf(Object.values<Pin>(PINS), new Date(last))).toMatchObject({ exitCode: 0, warnings: [] });
});

test('a pin that is out of support fails the nightly run', () => {
  const workflow = parse(readFileSync(join(REPOSITORY, '.github/workflows/nightly.yml'), 'utf8')) as {
    readonly jobs: { readonly pins: { readonly steps: readonly Record<string, unknown>[] } };
  };
  const steps = workflow.jobs.pins.steps.filter(({ run }) => String(run).includes('npm run pins'));
  expect(steps).toEqual([{ run: 'npm run pins' }]);
});

test('a registry that lists the pinned version as its newest is believed, and support without an end goes on', () => {
  expect(ageOf({ ...PIN, endOfSupport: undefined }, new Date('2040-01-01'), '1.31.1')).toMatchObject({
    isBehind: false,
    newest: '1.31.1',
    state: 'supported',
  });
});

test.each([
  ['1.31.10', '1.31.9', 1],
  ['1.31', '1.31.0', 0],
  ['2.0.0-rc.1', '2.0.0', -1],
  ['0.9.9', '0.10.0', -1],
])('%s compared with %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

const INDEX = `apiVersion: v1
entries:
  argo-cd:
  - apiVersion: v2
    dependencies:
    - name: redis-ha
      version: 99.0.0
    version: 10.1.1
  - apiVersion: v2
    version: "10.9.0"
  - version: 10.10.0-rc.1
  argocd-apps:
  - version: 2.0.5
generated: "2026-11-23"
`;

test('versions of a chart are read from the index of its repository, without those of its dependencies', () => {
  expect(chartVersions(INDEX, 'argo-cd')).toEqual(['10.1.1', '10.9.0', '10.10.0-rc.1']);
  expect(chartVersions(INDEX, 'argocd-apps')).toEqual(['2.0.5']);
  expect(chartVersions(INDEX, 'argo')).toEqual([]);
});

describe('newest version', () => {
  const answering =
    (body: string, status = 200) =>
    () =>
      Promise.resolve(new Response(body, { status }));
  const CHART = { kind: 'helm', repository: 'https://charts.example.com', chart: 'argo-cd' } as const;

  test('of a chart leaves out candidates', async () => {
    expect(await newestVersion(CHART, answering(INDEX))).toBe('10.9.0');
  });

  test('of a repository leaves out prereleases, and need not be the last one', async () => {
    const releases = [
      { tag_name: 'v1.33.0-alpha', prerelease: true },
      { tag_name: 'v1.31.4', prerelease: false },
      { tag_name: '1.32.0', prerelease: false },
    ];
    const github = { kind: 'github', repository: 'istio/istio' } as const;
    expect(await newestVersion(github, answering(JSON.stringify(releases)))).toBe('1.32.0');
  });

  test('is an error if the registry does not answer, or lists nothing', async () => {
    await expect(newestVersion(CHART, answering('', 503))).rejects.toThrow('index.yaml answers 503');
    await expect(newestVersion({ ...CHART, chart: 'none' }, answering(INDEX))).rejects.toThrow('no release is listed');
  });
});

test('renovate finds every pin that has a registry', () => {
  interface Manager {
    readonly managerFilePatterns: readonly string[];
    readonly matchStrings: readonly string[];
  }
  const { customManagers } = JSON.parse(readFileSync(join(REPOSITORY, 'renovate.json'), 'utf8')) as {
    readonly customManagers: readonly Manager[];
  };
  const source = readFileSync(join(REPOSITORY, 'packages/ollama-eks/src/catalogue/pins.ts'), 'utf8');
  const found = customManagers
    .filter(({ managerFilePatterns }) => managerFilePatterns.some((pattern) => pattern.includes('pins')))
    .flatMap(({ matchStrings }) => matchStrings.flatMap((match) => [...source.matchAll(new RegExp(match, 'g'))]))
    .map(({ groups = {} }) => `${groups['depName'] ?? ''} ${groups['currentValue'] ?? ''}`);
  const wanted = Object.values<Pin>(PINS).flatMap(({ releases, version }) =>
    releases === undefined ? [] : [`${releases.kind === 'helm' ? releases.chart : releases.repository} ${version}`],
  );
  expect(found.sort()).toEqual(wanted.sort());
});
