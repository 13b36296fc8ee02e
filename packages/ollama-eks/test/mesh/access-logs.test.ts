import { Token } from '../../src/framework';
import type { Application } from '../../src/gitops/application';
import { ACCESS_LOG_FIELDS } from '../../src/mesh/access-logs';
import type { AmbientMeshProps } from '../../src/mesh/ambient-mesh';
import { refusal } from '../refusal';
import { application, newMesh, valuesOf } from './mesh-fixture';

const shared = { trustDomain: 'cluster.local', hboneIdleTimeout: '15s' };
const settings = (props: Partial<AmbientMeshProps>) =>
  valuesOf(newMesh(props).applications, 'istiod')['meshConfig'] as Readonly<Record<string, unknown>>;
const collector = { service: 'otel-collector', namespace: 'telemetry' };

test('access logs are lines of JSON, or turned off', () => {
  const { accessLogFormat, ...rest } = settings({});
  expect(rest).toEqual({ ...shared, accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' });
  expect(JSON.parse(String(accessLogFormat))).toEqual(ACCESS_LOG_FIELDS);
  expect(settings({ accessLogs: false })).toEqual(shared);
});

test('access logs have no body, no query, and only headers that hold no key', () => {
  const operators = Object.values(ACCESS_LOG_FIELDS);
  expect(operators.filter((operator) => !/^%[A-Z_]+(\([A-Z:?-]+\))?%$/.test(operator))).toEqual([]);
  expect(operators.filter((operator) => /%(REQ|RESP|REQ_WITHOUT_QUERY|TRAILER)\(/.test(operator)).sort()).toEqual([
    '%REQ(:AUTHORITY)%',
    '%REQ(:METHOD)%',
    '%REQ(USER-AGENT)%',
    '%REQ(X-FORWARDED-FOR)%',
    '%REQ(X-REQUEST-ID)%',
    '%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  ]);
  expect(operators.join()).not.toMatch(/METADATA|FILTER_STATE|CEL|ENVIRONMENT|PEER_CERTIFICATE|JA3/);
});

test('access logs go to a collector, and gateways may reach it', () => {
  const { applications } = newMesh({ accessLogs: { ...collector, port: 14_317 } });
  expect(settings({ accessLogs: { ...collector, port: 14_317 } })).toEqual({
    ...shared,
    defaultProviders: { accessLogging: ['access-logs'] },
    extensionProviders: [
      {
        name: 'access-logs',
        envoyOtelAls: {
          service: 'telemetry/otel-collector.telemetry.svc.cluster.local',
          port: 14_317,
          // An empty text would be Istio's own, which has the query.
          logFormat: {
            text: '%REQ(:METHOD)% %REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)% %RESPONSE_CODE%',
            labels: ACCESS_LOG_FIELDS,
          },
        },
      },
    ],
  });
  expect(manifestsOf(applications)).toMatchObject([
    {
      metadata: { namespace: 'istio-ingress' },
      spec: {
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'telemetry' } } }],
            ports: [
              { port: 14_317, protocol: 'TCP' },
              { port: 15_008, protocol: 'TCP' },
            ],
          },
        ],
      },
    },
  ]);
  expect(newMesh().applications.map(({ name }) => name)).not.toContain('gateway-access-logs');
});

test.each<[object | string, string]>([
  [{ ...collector, service: 'collector.telemetry' }, 'accessLogs.service'],
  [{ ...collector, namespace: Token.asString({ resolve: () => 'telemetry' }) }, 'accessLogs.namespace'],
  [{ ...collector, port: 0 }, 'accessLogs.port'],
  [{ service: 'collector' }, 'accessLogs.namespace'],
  ['stdout', 'accessLogs'],
])('%j is refused', (accessLogs, property) => {
  expect(refusal(() => newMesh({ accessLogs: accessLogs as never })).property).toBe(property);
});

function manifestsOf(applications: readonly Application[]) {
  const { source } = application(applications, 'gateway-access-logs');
  return source.kind === 'manifests' ? source.manifests : [];
}
