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
    `${clusterName}; restore it, or create another cluster with another clusterName`;
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
