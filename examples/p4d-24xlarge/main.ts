/** A 405B model on eight A100. The node is not started with the cluster: P types lack more often than not. */
import { DEPLOYER, InfrastructureStack, OllamaGpuCluster } from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(',');

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-p4d-24xlarge' } });

new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-p4d-24xlarge',
  gpu: { instanceType: 'p4d.24xlarge' },
  models: [{ name: 'llama3.1:405b', contextLength: 32_768, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});

app.synth();
