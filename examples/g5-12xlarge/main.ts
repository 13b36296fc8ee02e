/** A 30B coding model on four A10G: two servers of two GPUs each, and a second instance type that stands by. */
import { DEPLOYER, InfrastructureStack, OllamaGpuCluster } from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(',');

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g5-12xlarge' } });

new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g5-12xlarge',
  gpu: [
    { instanceType: 'g5.12xlarge', replicas: 2 },
    // in another zone, at no cost until it is scaled up because the first has no capacity
    { instanceType: 'g6.12xlarge' },
  ],
  models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});

app.synth();
