import { creationTime } from '../../src/catalogue/creation-times';
import { creationTasks, criticalPath } from '../../src/changes/critical-path';

test('the critical path is the longest chain, not the one with the most tasks', () => {
  const tasks = {
    network: { seconds: 20, needs: [] },
    cluster: { seconds: 600, needs: ['network'] },
    role: { seconds: 3, needs: [] },
    policy: { seconds: 3, needs: ['role'] },
    nodes: { seconds: 120, needs: ['policy', 'cluster', 'not-created-here'] },
    balancer: { seconds: 174, needs: ['network'] },
  };
  expect(criticalPath(tasks)).toEqual({ seconds: 740, tasks: ['network', 'cluster', 'nodes'] });
  expect(criticalPath({})).toEqual({ seconds: 0, tasks: [] });
});

test('tasks that need each other are refused', () => {
  expect(() => criticalPath({ a: { seconds: 1, needs: ['b'] }, b: { seconds: 1, needs: ['a'] } })).toThrow(
    'a needs itself',
  );
});

test('a resource needs what it references and what it depends on, and no data source', () => {
  const tasks = creationTasks({
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_iam_role_policy: { rights: {} },
    aws_eks_cluster: {
      'control-plane_1': {
        depends_on: ['aws_iam_role_policy.rights', 'data.aws_partition.here'],
        vpc_config: { id: '${aws_vpc.main.id}' },
        tags: { self: 'aws_eks_cluster.control-plane_1' },
      },
    },
  });
  expect(tasks['aws_eks_cluster.control-plane_1']).toEqual({
    seconds: creationTime('aws_eks_cluster').seconds,
    needs: ['aws_iam_role_policy.rights', 'aws_vpc.main'],
  });
  expect(criticalPath(tasks).tasks).toEqual(['aws_vpc.main', 'aws_eks_cluster.control-plane_1']);
});
