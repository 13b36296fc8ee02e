import fc from 'fast-check';
import { parse } from 'yaml';
import { gatewayManifests } from '../../src/exposure/gateway-manifests';
import { timeBudget } from '../../src/exposure/time-budget';
import { pressureRules, requestCap } from '../../src/workload/pressure';
import { serverEnvironment } from '../../src/workload/server-environment';
import { CODER, workloadPool, workloadSpec } from './workload-fixture';

describe('pressure', () => {
  it.each([
    // replicas, parallel, maxWaiting, gateway pods → total, per pod
    [1, 2, 8, 2, 10, 5],
    [1, 2, 8, 1, 10, 10],
    [1, 2, 8, 3, 10, 3],
    [1, 4, 0, 2, 4, 4],
    [1, 1, 0, 2, 1, 1],
    [3, 2, 8, 2, 30, 15],
    [2, 4, 1, 4, 10, 8],
  ])(
    '%d servers of %d slots with %d waiting, through %d gateway pods: %d requests, %d each',
    (replicas, parallel, maxWaiting, gatewayReplicas, total, perGatewayPod) => {
      const pool = workloadPool({ replicas }, [{ ...CODER, contextLength: 4096, parallel }]);
      expect(requestCap(workloadSpec({ pools: [pool], maxWaiting, gatewayReplicas }))).toMatchObject({
        total,
        perGatewayPod,
      });
    },
  );

  it('adds up all pools', () => {
    const spare = workloadPool({ name: 'spare', replicas: 2 });
    expect(requestCap(workloadSpec({ pools: [workloadPool(), spare], maxWaiting: 3 })).total).toBe(15);
  });

  it('counts spare pools if there are no others', () => {
    const spare = workloadPool({ name: 'spare', replicas: 0 });
    expect(requestCap(workloadSpec({ pools: [workloadPool(), spare] })).total).toBe(10);
    expect(requestCap(workloadSpec({ pools: [spare] })).total).toBe(10);
  });

  it('sizes the queue of a server for all requests that can be sent to it', () => {
    const [options] = gatewayManifests({ targetGroupName: 'group', secretName: 'secret', budget: timeBudget(900) });
    const overlays = (options as unknown as { data: Record<string, string> }).data;
    const { maxReplicas } = (parse(overlays['horizontalPodAutoscaler'] ?? '') as { spec: { maxReplicas: number } })
      .spec;
    const pool = workloadPool();
    const server = fc.record({ replicas: fc.nat(8), parallel: fc.integer({ min: 1, max: 256 }) });
    const servers = fc.array(server, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(servers, fc.nat(1000), fc.option(fc.integer({ min: 1, max: 10 })), (pools, maxWaiting, replicas) => {
        const spec = workloadSpec({
          pools: pools.map(({ replicas: count, parallel }) => ({
            ...pool,
            replicas: count,
            fit: { ...pool.fit, models: pool.fit.models.map((fit) => ({ ...fit, model: { ...fit.model, parallel } })) },
          })),
          maxWaiting,
          gatewayReplicas: replicas ?? undefined,
        });
        const queue = serverEnvironment(spec, pool).find(({ name }) => name === 'OLLAMA_MAX_QUEUE')?.value;
        const limits = pressureRules(spec).map(
          ({ spec: { trafficPolicy } }) => trafficPolicy.connectionPool?.http.http2MaxRequests,
        );
        const perPod = limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
        // Each gateway pod is being replaced, and the old ones still work; the sidecar and the prover ask, too.
        expect(Number(queue)).toBeGreaterThanOrEqual(2 * Math.max(maxReplicas, replicas ?? 0) * perPod + 2);
      }),
    );
  });

  const ruleOf = (rules: ReturnType<typeof pressureRules>, name: string) =>
    rules.find(({ metadata }) => metadata.name === name)?.spec.trafficPolicy;

  it('is limited on the Service that the gateway calls', () => {
    expect(pressureRules(workloadSpec())[0]).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'ollama', namespace: 'ollama' },
      spec: {
        host: 'ollama.ollama.svc.cluster.local',
        trafficPolicy: {
          connectionPool: { http: { http1MaxPendingRequests: 5, http2MaxRequests: 5 } },
          loadBalancer: { simple: 'LEAST_REQUEST', localityLbSetting: { enabled: false } },
          outlierDetection: {
            splitExternalLocalOriginErrors: true,
            consecutiveLocalOriginFailures: 1,
            consecutiveGatewayErrors: 0,
            consecutive5xxErrors: 0,
            interval: '5s',
            baseEjectionTime: '30s',
            maxEjectionPercent: 100,
            minHealthPercent: 1,
          },
        },
      },
    });
  });

  it('is not limited on the Service for lists and health', () => {
    const rules = pressureRules(workloadSpec());
    expect(ruleOf(rules, 'ollama-reads')).toEqual({
      loadBalancer: { simple: 'LEAST_REQUEST', localityLbSetting: { enabled: false } },
      outlierDetection: ruleOf(rules, 'ollama')?.outlierDetection,
    });
  });

  it('has no Service for sessions if there is one server', () => {
    expect(ruleOf(pressureRules(workloadSpec()), 'ollama-sessions')).toBeUndefined();
  });

  it.each([
    [undefined, 'X-Claude-Code-Session-Id'],
    ['session-id', 'session-id'],
  ])('keeps sessions on their server by the header %s, and sends others to the least busy server', (header, hashed) => {
    const rules = pressureRules(workloadSpec({ sessionHeader: header }, { replicas: 2 }));
    const { connectionPool, loadBalancer } = ruleOf(rules, 'ollama') ?? {};
    expect(loadBalancer).toMatchObject({ simple: 'LEAST_REQUEST' });
    expect(ruleOf(rules, 'ollama-sessions')).toMatchObject({
      connectionPool,
      loadBalancer: { consistentHash: { httpHeaderName: hashed }, localityLbSetting: { enabled: false } },
    });
  });
});
