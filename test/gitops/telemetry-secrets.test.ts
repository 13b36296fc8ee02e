/** Neither Git nor Terraform's state holds a secret of telemetry: passwords of Grafana, receivers of alerts, tokens of scrapes. */
import type { Application, ChartSource } from '@org/ollama-eks';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chartDefaults } from '../contracts/support/chart-values';
import { installations } from '../support/installations';

/** Keys whose values programs treat as secrets. Those that name a Secret, or switch one off, hold none. */
const SECRET_KEY = /pass(word|wd)|secret|token|credential|api_?key|private_?key|bearer|_url$|authorization/i;
const NAMES_A_SECRET =
  /(^|\.)(existingSecret|passwordKey|userKey|automountServiceAccountToken|secretFieldSelector|tlsSecretName|bearerTokenFile)$/i;
/** An address with a password in it. */
const URL_WITH_PASSWORD = /\w+:\/\/[^/\s:@]+:[^/\s@]+@/;

/** Returns the paths of values that could be secrets. */
function secretsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, path === '' ? key : `${path}.${key}`));
  }
  if (typeof value !== 'string' || value === '' || NAMES_A_SECRET.test(path)) return [];
  const [key = ''] = path.split('.').slice(-1);
  return URL_WITH_PASSWORD.test(value) || SECRET_KEY.test(key) ? [path] : [];
}

const installed = installations().find(({ scraper }) => scraper !== undefined && 'installed' in scraper);
const stack = chartOf(installed?.applications ?? [], 'ollama-monitoring');

test('values of the charts of Prometheus, Alertmanager and Grafana have no secret', () => {
  expect(secretsIn(stack.values)).toEqual([]);
});

test.each<[string, object]>([
  ['a password of Grafana', { grafana: { adminPassword: 'sentinel' } }],
  ['a receiver of alerts', { alertmanager: { config: { receivers: [{ slack_configs: [{ api_url: 'sentinel' }] }] } } }],
  ['a token of a scrape', { prometheusSpec: { additionalScrapeConfigs: [{ bearer_token: 'sentinel' }] } }],
  ['a password in an address', { remoteWrite: [{ url: 'https://user:sentinel@metrics.example.com' }] }],
  ['a key in the environment', { env: { GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: 'sentinel' } }],
])('%s would be found', (_, values) => {
  expect(secretsIn({ ...stack.values, ...values })).toHaveLength(1);
});

/** Without the variable, the chart of Grafana generates a password, another one at every sync. */
test('Grafana has no administrator, and nobody can sign in', () => {
  expect(stack.values).toHaveProperty('grafana.env', { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true' });
  expect(stack.values).toHaveProperty(['grafana', 'grafana.ini', 'auth', 'disable_login_form'], true);
  expect(stack.values).toHaveProperty(['grafana', 'grafana.ini', 'auth.anonymous', 'org_role'], 'Viewer');
});

const defaults = chartDefaults('kube-prometheus-stack', stack.version);
if (defaults !== undefined) {
  test('the defaults of the chart, which apply in addition, have no secret either', () => {
    expect(secretsIn(defaults)).toEqual([]);
  });
}

test('no installation and no committed tree has an object of the kind Secret', () => {
  const kinds = installations().flatMap(({ applications }) =>
    applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests.map(({ kind }) => kind) : [])),
  );
  expect(kinds).toContain('ConfigMap');
  expect(kinds).not.toContain('Secret');
  const tree = resolve(__dirname, '../../argocd');
  const files = readdirSync(tree, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.yaml'),
  );
  expect(files.length).toBeGreaterThan(100);
  const secrets = files.filter(({ name, parentPath }) =>
    /^kind: Secret$/m.test(readFileSync(join(parentPath, name), 'utf8')),
  );
  expect(secrets.map(({ name }) => name)).toEqual([]);
});

function chartOf(applications: readonly Application[], name: string): ChartSource {
  const source = applications.find((application) => application.name === name)?.source;
  if (source?.kind !== 'chart') throw new Error(`no chart ${name}`);
  return source;
}
