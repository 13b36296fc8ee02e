/** The 30B coding model on one L40S: a third of the price of four A10G, and no layers split over PCIe. */
import { DEPLOYER, InfrastructureStack, OllamaGpuCluster } from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(',');

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g6e-2xlarge' } });

new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g6e-2xlarge',
  gpu: { instanceType: 'g6e.2xlarge' },
  models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});

app.synth();
