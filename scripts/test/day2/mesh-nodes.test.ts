import { meshFaults } from '../../src/checks/mesh-nodes';
import type { Pod } from '../../src/pools/server-pods';
import { serverPod } from './world';

const HOUR = 3_600_000;
const server = (phase: string, annotations = {}): Pod => {
  const pod = serverPod('ollama-0', false);
  return { ...pod, metadata: { ...pod.metadata, annotations }, status: { ...pod.status, phase } };
};
const meshPod = (name: string, labels: Record<string, string>, ready: boolean): Pod => ({
  kind: 'Pod',
  metadata: { name, namespace: 'istio-system', labels, creationTimestamp: new Date(0).toISOString() },
  spec: { nodeName: 'node-1' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const ztunnel = (ready: boolean) => meshPod('ztunnel-x', { app: 'ztunnel' }, ready);
const agent = (ready: boolean) => meshPod('istio-cni-node-x', { 'k8s-app': 'istio-cni-node' }, ready);
const captured = server('Running', { 'ambient.istio.io/redirection': 'enabled' });

test.each<[string, Pod[], Pod, string, RegExp]>([
  ['a ztunnel', [ztunnel(false), agent(true)], captured, 'ztunnel does not become ready on node-1', /pod ztunnel-x$/],
  ['istio-cni', [ztunnel(false), agent(false)], captured, 'istio-cni is not ready on node-1', /pod istio-cni-node-x$/],
  ['a server', [ztunnel(true), agent(true)], server('Running'), 'ollama-0 started before istio-cni', /pod ollama-0$/],
  [
    'a pending server',
    [ztunnel(true), agent(true)],
    server('Pending'),
    'istio-cni on node-1 does not add ollama-0',
    /pod istio-cni-node-x; .* pod ollama-0$/,
  ],
])('names %s that stays out of the mesh, and the remedy', (_, pods, pod, problem, remedy) => {
  const faults = meshFaults(pods, [pod], HOUR);
  expect(faults).toEqual([{ problem: expect.stringContaining(problem), remedy: expect.stringMatching(remedy) }]);
});

test('finds no fault in a sound mesh, or while a node starts', () => {
  expect(meshFaults([ztunnel(true), agent(true)], [captured], HOUR)).toEqual([]);
  expect(meshFaults([ztunnel(false), agent(false)], [captured], 1000)).toEqual([]);
});
