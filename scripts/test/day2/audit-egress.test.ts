import { ollamaApplications, type WorkloadSpec } from '@org/ollama-eks';
import { workloadSpec } from '../../../test/workload/workload-fixture';
import { egress } from '../../src/audit/egress-check';
import type { Outcome } from '../../src/checks/findings';
import { Kubectl, type KubernetesObject } from '../../src/systems/kubectl';
import { World } from './world';

const INTERNET =
  'the internet (without 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16) on port 443';

const world = new World();

afterAll(() => world.remove());

test.each<[string, Partial<WorkloadSpec>, string]>([
  ['servers that pull', {}, `for pulls, servers can connect to ${INTERNET}; with modelPull: 'job' they have no egress`],
  ['Jobs that pull', { modelPull: 'job' }, `servers have no egress; Jobs that pull models can connect to ${INTERNET}`],
  ['no pulls', { modelPull: 'offline' }, 'servers have no egress'],
  [
    'a mirror in the VPC',
    { modelPull: 'job', registryCidrs: ['10.0.12.0/24'] },
    'servers have no egress; Jobs that pull models can connect to 10.0.12.0/24 on port 443',
  ],
])('the egress of %s is described as it is', async (_, spec, detail) => {
  expect(await judge(spec)).toMatchObject({ status: 'ok', detail });
});

test.each<[string, object, string, string]>([
  [
    'any address',
    { ports: [{ port: 443 }] },
    'ok',
    "for pulls, servers can connect to any address on port 443; with modelPull: 'job' they have no egress",
  ],
  [
    'all addresses of IPv6',
    { to: [{ ipBlock: { cidr: '::/0' } }], ports: [{ port: 22 }] },
    'fail',
    'NetworkPolicy added allows more egress than name resolution, the mesh, and HTTPS',
  ],
])('a policy that someone added for %s is seen', async (_, rule, status, detail) => {
  const added = {
    kind: 'NetworkPolicy',
    metadata: { name: 'added', namespace: 'ollama' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [rule] },
  };
  expect(await judge({ modelPull: 'job' }, added)).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

function judge(spec: Partial<WorkloadSpec>, ...added: readonly KubernetesObject[]): Promise<Outcome> {
  const objects = ollamaApplications(workloadSpec(undefined, {}, spec)).flatMap(({ source }) =>
    source.kind === 'manifests' ? (source.manifests as readonly KubernetesObject[]) : [],
  );
  world.tools.objects = [...objects, ...added];
  return egress(new Kubectl({ runner: world.tools }));
}
