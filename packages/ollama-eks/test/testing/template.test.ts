import { type App, TerraformOutput, TerraformStack, Testing } from '../../src/framework';
import { aws } from '../../src/providers/aws';
import { type Properties, Template } from '../../src/testing';

function stackIn(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new aws.AwsProvider(stack, 'aws', { region: 'us-west-2' });
  return stack;
}

describe('Template', () => {
  test('gives resources, data sources, outputs and addresses', () => {
    const stack = stackIn(Testing.app(), 'stack');
    const vpc = new aws.Vpc(stack, 'vpc', { cidrBlock: '10.0.0.0/16' });
    new aws.DataAwsEksCluster(stack, 'existing', { name: 'blue' });
    new TerraformOutput(stack, 'vpc_id', { value: vpc.id });
    const template = Template.fromStack(stack);
    expect(template.resource('aws_vpc')).toMatchObject({ cidr_block: '10.0.0.0/16' });
    expect(template.resources('aws_subnet')).toEqual({});
    expect(template.dataSource('aws_eks_cluster')).toMatchObject({ name: 'blue' });
    expect(template.outputs()).toEqual({ vpc_id: { value: '${aws_vpc.vpc.id}' } });
    expect(template.checks()).toEqual({});
    expect(template.addresses()).toEqual(['aws_vpc.vpc', 'data.aws_eks_cluster.existing']);
  });

  test('gives check blocks', () => {
    const stack = stackIn(Testing.app(), 'stack');
    const assert: Properties = { condition: '${true}', error_message: 'never' };
    stack.addOverride('check.always', { assert });
    expect(Template.fromStack(stack).checks()).toEqual({ always: { assert } });
  });

  test('reports what it found instead of exactly one', () => {
    const stack = stackIn(Testing.app(), 'stack');
    new aws.Vpc(stack, 'blue', {});
    new aws.Vpc(stack, 'green', {});
    const template = Template.fromStack(stack);
    expect(() => template.resource('aws_vpc')).toThrow('expected exactly one aws_vpc, found blue, green');
    expect(() => template.resource('aws_subnet')).toThrow('expected exactly one aws_subnet, found none');
  });

  test('resolves references to another stack as in production', () => {
    const app = Testing.app();
    const vpc = new aws.Vpc(stackIn(app, 'network'), 'vpc', {});
    const stack = stackIn(app, 'service');
    new TerraformOutput(stack, 'vpc_id', { value: vpc.id });
    const { value } = Template.fromStack(stack).outputs().vpc_id ?? {};
    expect(value).toMatch(/^\$\{data\.terraform_remote_state\./);
  });

  test('fails where a provider is missing', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    new aws.Vpc(stack, 'vpc', {});
    expect(() => Template.fromStack(stack)).toThrow('Found resources without a matching provider construct');
  });
});
