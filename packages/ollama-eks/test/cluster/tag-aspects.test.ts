import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import { Aspects, Testing } from '../../src/framework';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { Template } from '../../src/testing';
import { MINIMAL } from './given';

test('the aspect of the documentation tags what launch templates create', () => {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, tags: { Team: 'ml' } });
  Aspects.of(stack).add({
    visit(construct) {
      if (!(construct instanceof LaunchTemplate)) return;
      for (const index of [0, 1, 2]) construct.addOverride(`tag_specifications.${index}.tags.CostCenter`, '4711');
    },
  });
  const templates = Object.values(Template.fromStack(stack).resources('aws_launch_template'));
  expect(templates).toHaveLength(2);
  for (const { tag_specifications: specifications } of templates) {
    const tags: unknown = expect.objectContaining({ CostCenter: '4711', Team: 'ml' });
    expect(specifications).toEqual(
      ['instance', 'volume', 'network-interface'].map((type) => ({ resource_type: type, tags })),
    );
  }
});
