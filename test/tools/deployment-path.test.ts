import { creationTime } from '@org/ollama-eks/pure';
import { type Deployment, deploymentPath } from '@org/ollama-eks-tools/bench/deployment';
import { SEED } from '@org/ollama-eks-tools/bench/seed-deployment';

const pathOf = (change: Partial<Deployment> = {}) => deploymentPath({ ...SEED, ...change });
const secondsOf = (change: Partial<Deployment>): number => pathOf({ konnectFirst: true, ...change }).whole.seconds;

test("the seed's infrastructure waits for its nodes and their add-ons", () => {
  expect(pathOf().infrastructure.tasks).toEqual(['vpc', 'subnets', 'cluster', 'system-nodes', 'coredns']);
});

test('waves follow each other in the order of their numbers, and Konnect follows the last', () => {
  expect(pathOf().whole.tasks).toEqual([
    'infrastructure',
    'platform',
    ...[-2, -1, 0, 1, 2, 3, 4, 5, 6].map((wave) => `wave ${String(wave)}`),
    'Konnect network',
    'data plane group',
  ]);
});

test('a network of Konnect that is requested first runs in parallel with everything else', () => {
  const konnect = creationTime('konnect_network').seconds + creationTime('konnect_gateways').seconds;
  const applications = pathOf().whole.seconds - konnect;
  expect(secondsOf({})).toBe(Math.max(applications, konnect));
});

test('nodes that are requested after the mesh, and a load balancer of a controller, make their waves longer', () => {
  const infrastructure = { long: { seconds: 9000, needs: [] } };
  expect(secondsOf({ infrastructure, nodesFirst: false })).toBeGreaterThan(secondsOf({ infrastructure }));
  expect(secondsOf({ infrastructure, controllerBalancer: false })).toBeLessThan(secondsOf({ infrastructure }));
});
