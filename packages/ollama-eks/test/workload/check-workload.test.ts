import { ollamaApplications } from '../../src/workload/applications';
import type { WorkloadPool, WorkloadSpec } from '../../src/workload/workload-spec';
import { refusal } from '../refusal';
import { CODER, SMALL, workloadPool, workloadSpec } from './workload-fixture';

const pool = (overrides: Partial<WorkloadPool>): Partial<WorkloadSpec> => ({ pools: [workloadPool(overrides)] });
const misfit = { ...workloadPool().fit, fits: false, reason: 'too large' };

describe('a workload is refused', () => {
  it.each<[string, Partial<WorkloadSpec>, string]>([
    ['without pools', { pools: [] }, 'pools'],
    ['with a pool name that is not a DNS label', pool({ name: 'GPU' }), 'pools'],
    ['with a pool whose name is too long', pool({ name: 'x'.repeat(31) }), 'pools'],
    ['with two pools of one name', { pools: [workloadPool(), workloadPool()] }, 'pools'],
    ['with a negative number of servers', pool({ replicas: -1 }), 'pools[0].replicas'],
    ['with half a server', pool({ replicas: 1.5 }), 'pools[0].replicas'],
    ['with nodes without labels', pool({ nodeLabels: {} }), 'pools[0].nodeLabels'],
    ['with models that do not fit', pool({ fit: misfit }), 'pools[0].fit'],
    ['without space on the disk', pool({ cache: { kind: 'instance-store', sizeGiB: 0 } }), 'pools[0].cache.sizeGiB'],
    ['without time for a request', { requestTimeoutSeconds: 0 }, 'requestTimeoutSeconds'],
    ['with a negative number of waiting requests', { maxWaiting: -1 }, 'maxWaiting'],
    ['without a gateway pod', { gatewayReplicas: 0 }, 'gatewayReplicas'],
    ['with an invalid header name', { sessionHeader: 'a b' }, 'sessionHeader'],
    ['with an invalid range of the VPC', { vpcCidr: '10.0.0.0' }, 'vpcCidr'],
    ['with an invalid range of Services', { serviceCidr: 'x' }, 'serviceCidr'],
    ['with an invalid range of a registry', { registryCidrs: ['10.0.0.0/8', 'x'] }, 'registryCidrs[1]'],
    ['without any range of a registry', { registryCidrs: [] }, 'registryCidrs'],
    ['with a registry that is not used', { registryCidrs: ['10.0.0.0/8'], modelPull: 'offline' }, 'registryCidrs'],
    [
      'with Jobs that cannot reach the disk',
      { ...pool({ cache: { kind: 'instance-store', sizeGiB: 200 } }), modelPull: 'job' },
      'pools[0].cache.kind',
    ],
    ['with a floating image tag', { image: { repository: 'ollama/ollama', tag: 'latest' } }, 'image.tag'],
  ])('%s', (_, overrides, property) => {
    expect(refusal(() => ollamaApplications(workloadSpec(overrides))).property).toBe(property);
  });

  it('with pools of different models, since any pool may get a request', () => {
    const pools = [workloadPool(), workloadPool({ name: 'spare' }, [CODER, { ...SMALL, parallel: CODER.parallel }])];
    expect(refusal(() => ollamaApplications(workloadSpec({ pools }))).message).toContain(
      'pool "spare" must serve the same models as pool "gpu", because a request may go to either',
    );
  });
});

it('models that do not fit are served if allowCpu is set', () => {
  expect(() => ollamaApplications(workloadSpec(pool({ fit: misfit, allowCpu: true })))).not.toThrow();
});
