/** A module for estates in HCL: EKS clusters with GPU nodes, in a VPC of yours. */
import { ModuleStack, Network, OllamaGpuCluster } from '@org/ollama-eks';
import { App, TerraformVariable } from 'cdktf';

const app = new App();
const stack = new ModuleStack(app, 'gpu-cluster', { region: 'us-west-2', providers: ['aws'] });

const clusterName = new TerraformVariable(stack, 'cluster_name', {
  type: 'string',
  description: 'Name of the EKS cluster',
  nullable: false,
});
clusterName.addValidation({
  condition: '${can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", var.cluster_name))}',
  errorMessage: 'cluster_name must have 1 to 100 letters, digits, - and _, and begin with a letter or digit.',
});
const vpcId = new TerraformVariable(stack, 'vpc_id', {
  type: 'string',
  description: 'Id of a VPC with the range 10.20.0.0/16',
  nullable: false,
});
vpcId.addValidation({
  condition: '${can(regex("^vpc-[0-9a-f]+$", var.vpc_id))}',
  errorMessage: 'vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0.',
});
const subnetIds = new TerraformVariable(stack, 'private_subnet_ids', {
  type: 'list(string)',
  description: 'Ids of two private subnets of the VPC, in two zones; the GPU nodes are in the first',
  nullable: false,
});
subnetIds.addValidation({
  condition: '${length(distinct(var.private_subnet_ids)) == 2}',
  errorMessage: 'private_subnet_ids must have the ids of two subnets.',
});
const adminArn = new TerraformVariable(stack, 'admin_role_arn', {
  type: 'string',
  description: 'ARN of the IAM role that may use the Kubernetes API',
  nullable: false,
});
adminArn.addValidation({
  condition: '${can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", var.admin_role_arn))}',
  errorMessage: 'admin_role_arn must be the ARN of an IAM role.',
});

new OllamaGpuCluster(stack, 'cluster', {
  clusterName: clusterName.stringValue,
  network: Network.fromAttributes(stack, 'network', {
    vpcId: vpcId.stringValue,
    vpcCidr: '10.20.0.0/16',
    privateSubnetIds: [0, 1].map((index) => `\${${subnetIds.fqn}[${String(index)}]}`),
  }),
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'qwen3:8b', contextLength: 16_384 }],
  access: [{ name: 'admin', principalArn: adminArn.stringValue }],
});

app.synth();
