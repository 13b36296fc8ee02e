import { ollamaApplications, type WorkloadSpec } from '@org/ollama-eks';
import { workloadSpec } from '../../../test/workload/workload-fixture';
import { clusterChecks } from '../../src/audit/cluster-checks';
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
  world.tools.objects = ollamaApplications(workloadSpec(undefined, {}, spec)).flatMap(({ source }) =>
    source.kind === 'manifests' ? (source.manifests as readonly KubernetesObject[]) : [],
  );
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const context = { fetch, clock, signal: new AbortController().signal };
  const checks = clusterChecks(new Kubectl({ runner: world.tools }), context);
  expect(await checks.find(({ id }) => id === 'egress')?.run()).toMatchObject({ status: 'ok', detail });
});
