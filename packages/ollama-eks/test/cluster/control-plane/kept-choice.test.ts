import { Network } from '../../../src/cluster/network/network';
import { OllamaGpuCluster } from '../../../src/cluster/ollama-gpu-cluster';
import { aws } from '../../../src/providers/aws';
import { Template } from '../../../src/testing';
import { clusterWith, idHas, infrastructure, MINIMAL, templateWith } from '../given';

test('the key of Secrets is compared with the original one before anything that uses it changes', () => {
  const { stack } = clusterWith();
  const secretsKeyArn = new aws.KmsKey(stack, 'given', {}).arn;
  new OllamaGpuCluster(stack, 'second', { ...MINIMAL, clusterName: 'second', outputs: false, secretsKeyArn });
  const template = Template.fromStack(stack);
  const choices = template.resources('terraform_data');
  const message = (clusterName: string) =>
    'secretsKeyArn: the key that encrypts the Secrets of a cluster cannot be changed; ' +
    'allowed: ${(self.output.chosen == "nothing") ? "no value" : self.output.chosen}, as at the creation of ' +
    `${clusterName}; restore it, or replace the cluster, which loses everything that runs in it: set another clusterName, and allowReplacement: true`;
  const lifecycle = (condition: string, clusterName: string) => ({
    ignore_changes: ['input'],
    postcondition: [{ condition, error_message: message(clusterName) }],
  });
  expect(idHas(choices, 'cluster_control-plane_chosen-secrets-key')).toMatchObject({
    input: { chosen: 'nothing' },
    triggers_replace: { clusterName: 'ollama' },
    lifecycle: lifecycle('${(self.output.chosen == "nothing")}', 'ollama'),
  });
  expect(idHas(choices, 'second_control-plane_chosen-secrets-key')).toMatchObject({
    input: { chosen: '${aws_kms_key.given.arn}' },
    triggers_replace: { clusterName: 'second' },
    lifecycle: lifecycle(
      '${(self.output.chosen == "nothing") ? false : (self.output.chosen == aws_kms_key.given.arn)}',
      'second',
    ),
  });
  const [address] = Object.keys(choices).filter((id) => id.startsWith('cluster_control-plane_chosen-secrets-key'));
  const policy = idHas(template.resources('aws_iam_role_policy'), 'cluster_control-plane_role');
  expect(policy.depends_on).toEqual([`terraform_data.${address ?? ''}`]);
  const cluster = idHas(template.resources('aws_eks_cluster'), 'cluster_control-plane');
  expect(cluster.depends_on).toContainEqual(expect.stringMatching(/^aws_iam_role_policy\./));
});

test('the VPC is compared with the original one before the cluster changes, whose subnets are ignored', () => {
  const stack = infrastructure();
  const privateSubnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
  const network = Network.fromAttributes(stack, 'network', {
    vpcId: 'vpc-1',
    vpcCidr: '10.0.0.0/16',
    privateSubnetIds,
  });
  new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, network });
  const template = Template.fromStack(stack);
  expect(idHas(template.resources('terraform_data'), 'chosen-vpc')).toMatchObject({
    input: { chosen: 'vpc-1' },
    lifecycle: {
      postcondition: [{ error_message: expect.stringContaining('network: the VPC of a cluster cannot be changed') }],
    },
  });
  expect(template.resource('aws_eks_cluster').depends_on).toContainEqual(expect.stringContaining('chosen-vpc'));
  expect(idHas(templateWith().resources('terraform_data'), 'chosen-vpc')).toMatchObject({
    input: { chosen: 'nothing' },
  });
});

describe('what can only be replaced', () => {
  test.each([
    [
      'chosen-cidr',
      '10.0.0.0/16',
      /^createNetwork\.cidr: the range of a VPC cannot .* of ollama; restore it, or replace the/,
    ],
    [
      'chosen-service-cidr',
      '172.20.0.0/16',
      /^serviceCidr: the range of Services .* of ollama; restore it, or replace the/,
    ],
    [
      'chosen-name',
      'ollama',
      /^clusterName: a change replaces the cluster, .*, as at creation; .* allowReplacement: true to lose/,
    ],
    [
      'chosen-region',
      'us-west-2',
      /^region: a change creates everything again .*; restore it, or destroy the stack before/,
    ],
  ])('%s is compared with the original one', (id, chosen, message) => {
    expect(idHas(templateWith().resources('terraform_data'), id)).toMatchObject({
      input: { chosen },
      lifecycle: { ignore_changes: ['input'], postcondition: [{ error_message: expect.stringMatching(message) }] },
    });
  });

  test('another name is recorded if a replacement is allowed, and then everything that lasts as long as the cluster', () => {
    const choices = templateWith({ clusterName: 'other', allowReplacement: true }).resources('terraform_data');
    expect(idHas(choices, 'chosen-name')).toEqual({ input: { chosen: 'other' } });
    const lasting = Object.values(choices).filter(({ triggers_replace: trigger }) => trigger !== undefined);
    expect(lasting.map(({ triggers_replace: trigger }) => trigger)).toEqual(Array(4).fill({ clusterName: 'other' }));
    expect(idHas(choices, 'chosen-region').lifecycle).toBeDefined();
  });

  test('the range of a network of its own is kept, whatever its name, unless a replacement is allowed', () => {
    const keptWith = (props: object) => {
      const stack = infrastructure();
      new Network(stack, 'network', { networkName: 'shared', ...props });
      return idHas(Template.fromStack(stack).resources('terraform_data'), 'chosen-cidr');
    };
    expect(keptWith({})).toMatchObject({
      input: { chosen: '10.0.0.0/16' },
      lifecycle: {
        postcondition: [{ error_message: expect.stringMatching(/^network\.cidr: .* set allowReplacement: true to/) }],
      },
    });
    expect(keptWith({})).not.toHaveProperty('triggers_replace');
    expect(keptWith({ allowReplacement: true })).toEqual({ input: { chosen: '10.0.0.0/16' } });
  });
});
