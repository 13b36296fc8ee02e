/** Checks the synthesized time-outs of all hops between the caller and the server against the request timeout. */
import { parse } from 'yaml';
import { kongConfig } from '../../src/exposure/kong-config';
import { KongTransitExposure } from '../../src/exposure/kong-transit-exposure';
import { timeBudget } from '../../src/exposure/time-budget';
import type { HttpRoute } from '../../src/exposure/gateway-types';
import type { Application, Manifest } from '../../src/gitops/application';
import { Template } from '../../src/testing/template';
import { refusal } from '../refusal';
import { clusterOf, exposureStack } from './support/exposed-stack';

/** Seconds for which load balancers were seen to send new connections to a deregistered target. */
const SEEN_AFTER_DEREGISTRATION = 120;

describe.each([60, 900, 3600])('a request timeout of %i s', (requestTimeoutSeconds) => {
  const stack = exposureStack();
  const exposure = new KongTransitExposure(stack, 'kong', {
    cluster: clusterOf({ requestTimeoutSeconds }),
    kongCidr: '192.168.0.0/22',
  });
  const template = Template.fromStack(stack);
  const pod = deploymentOverlay(exposure.applications);

  const hops: [string, number][] = [
    ...(kongConfig(exposure.kongFacts).services ?? [])
      .filter(({ name }) => name === 'ollama')
      .flatMap<[string, number]>(({ read_timeout, write_timeout }) => [
        ['Kong waiting for an answer', read_timeout / 1000],
        ['Kong sending a prompt', write_timeout / 1000],
      ]),
    ['silence at the load balancer', Number(template.resource('aws_lb_listener')['tcp_idle_timeout_seconds'])],
    [
      'a target that leaves the load balancer',
      Number(template.resource('aws_lb_target_group')['deregistration_delay']),
    ],
    ...routeTimeouts(exposure.applications),
    ['a gateway pod that goes', pod.terminationGracePeriodSeconds],
  ];

  it.each(hops)('is kept by %s', (_, seconds) => {
    expect(seconds).toBeGreaterThanOrEqual(requestTimeoutSeconds);
  });

  it('is checked on every hop', () => {
    expect(hops.map(([name]) => name)).toEqual([
      'Kong waiting for an answer',
      'Kong sending a prompt',
      'silence at the load balancer',
      'a target that leaves the load balancer',
      'the rule inference',
      'the rule read',
      'a gateway pod that goes',
    ]);
  });

  it('a terminating pod outlasts both the notice of the load balancer and the longest request', () => {
    const drain = pod.env['MINIMUM_DRAIN_DURATION'];
    expect(pod.env['EXIT_ON_ZERO_ACTIVE_CONNECTIONS']).toBe('true');
    expect(pod.terminationGracePeriodSeconds).toBe(requestTimeoutSeconds + Number.parseInt(drain ?? '', 10));
    // Envoy accepts new connections until then, and closes its listeners
    expect(pod.annotations).toEqual({ 'proxy.istio.io/config': `drainDuration: ${drain}` });
    const health = template.resource('aws_lb_target_group')['health_check'] as Record<string, number>;
    const untilUnhealthy = (health['interval'] ?? 0) * (health['unhealthy_threshold'] ?? 0);
    expect(Number.parseInt(drain ?? '', 10)).toBeGreaterThanOrEqual(untilUnhealthy + SEEN_AFTER_DEREGISTRATION);
  });

  it('a target that becomes unready, such as a draining one, keeps its connections', () => {
    expect(template.resource('aws_lb_target_group')).toMatchObject({
      connection_termination: false,
      target_health_state: [{ enable_unhealthy_connection_termination: false }],
    });
  });
});

it.each([0, -1, 0.5, 3601, 6000, Number.NaN])(
  'a request timeout of %d s is refused, because a hop does not support it',
  (seconds) => {
    expect(refusal(() => timeBudget(seconds)).property).toBe('cluster.requestTimeoutSeconds');
  },
);

/** Returns the rules for models and lists; health has its own time-out. */
function routeTimeouts(applications: readonly Application[]): [string, number][] {
  return manifests<HttpRoute>(applications, 'HTTPRoute').flatMap(({ spec }) =>
    spec.rules
      .filter(({ name }) => !['health', 'models-head'].includes(name))
      .map<[string, number]>(({ name, timeouts }) => [`the rule ${name}`, Number(timeouts.request.replace(/s$/, ''))]),
  );
}

function deploymentOverlay(applications: readonly Application[]) {
  const [options] = manifests<Manifest & { readonly data: Record<string, string> }>(applications, 'ConfigMap');
  const overlay = parse(options?.data['deployment'] ?? '') as {
    spec: {
      template: {
        metadata: { annotations: Record<string, string> };
        spec: { terminationGracePeriodSeconds: number; containers: { env: { name: string; value: string }[] }[] };
      };
    };
  };
  const { metadata, spec } = overlay.spec.template;
  const { terminationGracePeriodSeconds, containers } = spec;
  const env = Object.fromEntries((containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
  return { annotations: metadata.annotations, terminationGracePeriodSeconds, env };
}

function manifests<T extends Manifest>(applications: readonly Application[], kind: string): T[] {
  return applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter((manifest): manifest is T => manifest.kind === kind);
}
