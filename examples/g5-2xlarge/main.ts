/** A 20B model with a long context on one A10G. */
import { DEPLOYER, InfrastructureStack, OllamaGpuCluster } from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(',');

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g5-2xlarge' } });

new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g5-2xlarge',
  gpu: { instanceType: 'g5.2xlarge' },
  models: [{ name: 'gpt-oss:20b', contextLength: 65_536, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});

app.synth();
