/** A 30B coding model on four A10G: two servers with two GPUs each, and a second instance type on standby. */
import {
  AmbientMesh,
  ArgoCdDelivery,
  DEPLOYER,
  HelmDelivery,
  InfrastructureStack,
  KongTransitExposure,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody by default. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(/[\s,]+/).filter(Boolean);

/** Git repository with `argocd/g5-12xlarge`, and the release that is deployed. */
const repository = process.env.GITOPS_REPOSITORY ?? 'https://github.com/org/ollama-eks';
const revision = process.env.GITOPS_REVISION ?? 'v0.1.0';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g5-12xlarge' } });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g5-12xlarge',
  createNetwork: { zones: ['us-west-2a', 'us-west-2b', 'us-west-2c'] },
  gpu: [
    { name: 'gpu', instanceType: 'g5.12xlarge', replicas: 2 },
    // in another zone; costs nothing until it is scaled up because the first one has no capacity
    { name: 'gpu-2', instanceType: 'g6.12xlarge', zone: 'us-west-2b' },
  ],
  models: [{ name: 'qwen3-coder:30b', contextLength: 65_536, parallel: 2 }],
  observability: { metrics: 'prometheus' },
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});
const exposure = new KongTransitExposure(infra, 'kong', { cluster, kongCidr: '192.168.0.0/22' });

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
const sources = [cluster, mesh, exposure];
if (app.node.tryGetContext('delivery') === 'helm') {
  new HelmDelivery(platform, 'helm', { sources });
} else {
  new ArgoCdDelivery(platform, 'argocd', { sources, repository, revision, path: 'argocd/g5-12xlarge' });
}

app.synth();
