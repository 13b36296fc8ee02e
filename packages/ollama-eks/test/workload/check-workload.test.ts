import { ollamaApplications } from '../../src/workload/applications';
import type { WorkloadPool, WorkloadSpec } from '../../src/workload/workload-spec';
import { refusal } from '../refusal';
import { CODER, SMALL, workloadPool, workloadSpec } from './workload-fixture';

const pool = (overrides: Partial<WorkloadPool>): Partial<WorkloadSpec> => ({ pools: [workloadPool(overrides)] });
const misfit = { ...workloadPool().fit, fits: false, reason: 'too large' };

describe('a workload is refused', () => {
  it.each<[string, Partial<WorkloadSpec>, string]>([
    ['without pools', { pools: [] }, 'pools'],
    ['with a pool that is no DNS label', pool({ name: 'GPU' }), 'pools'],
    ['with a pool whose name is too long', pool({ name: 'x'.repeat(31) }), 'pools'],
    ['with two pools of one name', { pools: [workloadPool(), workloadPool()] }, 'pools'],
    ['with less than no servers', pool({ replicas: -1 }), 'pools[0].replicas'],
    ['with half a server', pool({ replicas: 1.5 }), 'pools[0].replicas'],
    ['with nodes that nothing tells apart', pool({ nodeLabels: {} }), 'pools[0].nodeLabels'],
    ['with models that do not fit', pool({ fit: misfit }), 'pools[0].fit'],
    ['with no room on the disk', pool({ cache: { kind: 'instance-store', sizeGiB: 0 } }), 'pools[0].cache.sizeGiB'],
    ['with no time for a request', { requestTimeoutSeconds: 0 }, 'requestTimeoutSeconds'],
    ['with less than none waiting', { maxWaiting: -1 }, 'maxWaiting'],
    ['with no gateway', { gatewayReplicas: 0 }, 'gatewayReplicas'],
    ['with a header that is none', { sessionHeader: 'a b' }, 'sessionHeader'],
    ['with a VPC that is no range', { vpcCidr: '10.0.0.0' }, 'vpcCidr'],
    ['with Services that are no range', { serviceCidr: 'x' }, 'serviceCidr'],
    ['with an image that moves', { image: { repository: 'ollama/ollama', tag: 'latest' } }, 'image.tag'],
  ])('%s', (_, overrides, property) => {
    expect(refusal(() => ollamaApplications(workloadSpec(overrides))).property).toBe(property);
  });

  it('with pools of different models, between which requests would be lost', () => {
    const pools = [workloadPool(), workloadPool({ name: 'spare' }, [CODER, { ...SMALL, parallel: CODER.parallel }])];
    expect(refusal(() => ollamaApplications(workloadSpec({ pools }))).message).toContain(
      'pool "spare" serves other models than pool "gpu", and a request may go to either',
    );
  });
});

it('models that do not fit are served where that is allowed', () => {
  expect(() => ollamaApplications(workloadSpec(pool({ fit: misfit, allowCpu: true })))).not.toThrow();
});
