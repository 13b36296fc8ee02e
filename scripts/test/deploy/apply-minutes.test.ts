import { creationTime } from '@org/ollama-eks/pure';
import { applyMinutes, stackMinutes } from '../../src/deploy/apply-minutes';
import type { Stack } from '../../src/project/project';

const stack = (kind: Stack['kind'], resources: Stack['resources']): Stack => ({
  name: kind,
  directory: kind,
  kind,
  needs: [],
  clusters: [],
  outputs: {},
  warnings: [],
  resources,
});

const CLUSTER = stack('infrastructure', {
  aws_eks_cluster: { main: {} },
  aws_lb: { beside: {} },
  aws_eks_node_group: { nodes: { cluster_name: '${aws_eks_cluster.main.name}' } },
});
const OTHER = stack('infrastructure', { aws_lb: { alone: {} } });
const PLATFORM = stack('platform', { helm_release: { argocd: {} } });

test('a stack takes as long as the longest chain of its resources', () => {
  const chain = creationTime('aws_eks_cluster').seconds + creationTime('aws_eks_node_group').seconds;
  expect(stackMinutes(CLUSTER)).toBe(1 + Math.ceil(chain / 60));
  expect(stackMinutes(stack('infrastructure', {}))).toBe(1);
});

test('stacks of a kind are applied sequentially', () => {
  const stacks = [CLUSTER, OTHER, PLATFORM];
  expect(applyMinutes({ stacks }, 'infrastructure')).toBe(stackMinutes(CLUSTER) + stackMinutes(OTHER));
  expect(applyMinutes({ stacks }, 'platform')).toBe(stackMinutes(PLATFORM));
});
