import type { PlannedChange } from '@org/ollama-eks/pure';
import { describePlan, summarizePlan } from '../../src/systems/terraform-plan';

const REPLACED = ['create', 'delete'];

function resource(type: string, change: Partial<PlannedChange['change']>): PlannedChange {
  return { address: `${type}.it`, type, name: 'it', change: { actions: REPLACED, ...change } };
}

const nodes = (pool: string) =>
  resource('aws_eks_node_group', { before: { labels: { 'ollama-eks/pool': pool } }, replace_paths: [['subnet_ids']] });

const words = (...changes: readonly PlannedChange[]) =>
  describePlan('infra', summarizePlan({ resource_changes: changes }))
    .split('\n')
    .slice(1)
    .map((line) => line.trim());

const CASES: readonly (readonly [string, PlannedChange, string])[] = [
  [
    'an address of outgoing connections',
    resource('aws_eip', { before: { public_ip: '203.0.113.7' } }),
    'NAT address 203.0.113.7 changes: allow-lists outside that contain it break',
  ],
  ['system nodes', nodes('system'), 'system nodes roll, nothing is interrupted'],
  [
    'nodes of a pool',
    nodes('spare'),
    'nodes of pool spare roll: each server ends its requests, and its models are loaded again on a new node',
  ],
  [
    'the control plane',
    resource('aws_eks_cluster', {
      actions: ['update'],
      before: { name: 'o', version: '1.34' },
      after: { version: '1.35' },
    }),
    'the control plane of o is upgraded, and EKS cannot downgrade it',
  ],
  [
    'a chart',
    resource('helm_release', {
      actions: ['update'],
      before: { name: 'istiod', repository: 'https://charts.example.com', version: '1.30.5' },
      after: { name: 'istiod', repository: 'https://charts.example.com', version: '1.31.1' },
    }),
    'istiod goes from version 1.30.5 to 1.31.1, and its pods may restart',
  ],
  [
    'fewer callers of the Kubernetes API',
    resource('aws_eks_cluster', {
      actions: ['update'],
      before: {
        name: 'ollama',
        vpc_config: [{ endpoint_public_access: true, public_access_cidrs: ['203.0.113.0/24'] }],
      },
      after: { name: 'ollama', vpc_config: [{ endpoint_public_access: false }] },
    }),
    'addresses that could call the Kubernetes API of ollama no longer can: check that yours still does',
  ],
  [
    'the settings of a chart',
    resource('helm_release', {
      actions: ['update'],
      before: { name: 'istiod', repository: 'https://charts.example.com', values: ['a: 1'] },
      after: { name: 'istiod', repository: 'https://charts.example.com', values: ['a: 2'] },
    }),
    'settings of istiod change, and its pods may restart',
  ],
  [
    'anything else',
    resource('aws_lb', { before: { name: 'nlb' } }),
    'loses network load balancer and its DNS name: nlb',
  ],
];

test.each(CASES)('a plan names what happens to %s', (_, change, sentence) => {
  expect(words(change)).toContain(sentence);
});

test('zones that move are named once, as the cause', () => {
  const [first] = words(nodes('system'), nodes('gpu'));
  expect(first).toBe('zones were added, removed or put in front: both node groups roll');
  expect(words(nodes('system'), nodes('gpu'), nodes('spare'))[0]).toMatch(/: all 3 node groups roll$/);
  expect(words(nodes('gpu')).join()).not.toContain('zones');
});
