/** An 8B model on one A10G, added to an EKS cluster that has its own Argo CD. */
import {
  AmbientMesh,
  ArgoCdDelivery,
  ExistingEksCluster,
  InfrastructureStack,
  InternalExposure,
  Network,
  OllamaGpuPools,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

const region = 'us-west-2';
/** Git repository with `argocd/existing-cluster`, and the release that is deployed. */
const repository = process.env.GITOPS_REPOSITORY ?? 'https://github.com/org/ollama-eks';
const revision = process.env.GITOPS_REVISION ?? 'v0.1.0';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region });

const network = Network.fromLookup(infra, 'network', {
  vpcId: process.env.VPC_ID ?? 'vpc-0123456789abcdef0',
  vpcCidr: process.env.VPC_CIDR ?? '10.20.0.0/16',
  zones: [`${region}a`, `${region}b`],
});
const existing = new ExistingEksCluster(infra, 'cluster', { clusterName: 'platform', network });
const ollama = new OllamaGpuPools(infra, 'ollama', {
  cluster: existing,
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
});
const exposure = new InternalExposure(infra, 'internal', { cluster: ollama, callerCidrs: ['10.8.0.0/24'] });

const platform = new PlatformStack(app, 'platform', { cluster: ollama });
const mesh = new AmbientMesh(platform, 'mesh', { cluster: ollama });
const sources = [ollama, mesh, exposure];
new ArgoCdDelivery(platform, 'argocd', {
  sources,
  repository,
  revision,
  path: 'argocd/existing-cluster',
  existing: true,
});

app.synth();
