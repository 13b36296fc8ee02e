/** A 30B model for coding agents with 128k of context, and one for embeddings, both resident on one L40S. */
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

/** Git repository with `argocd/g6e-2xlarge`, and the release that is deployed. */
const repository = process.env.GITOPS_REPOSITORY ?? 'https://github.com/org/ollama-eks';
const revision = process.env.GITOPS_REVISION ?? 'v0.1.0';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g6e-2xlarge' } });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g6e-2xlarge',
  gpu: { instanceType: 'g6e.2xlarge' },
  models: [
    { name: 'glm-4.7-flash:q4_K_M', contextLength: 131_072, parallel: 2 },
    { name: 'nomic-embed-text', contextLength: 2048 },
  ],
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
  new ArgoCdDelivery(platform, 'argocd', { sources, repository, revision, path: 'argocd/g6e-2xlarge' });
}

app.synth();
