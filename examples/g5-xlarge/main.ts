/** An 8B model on one A10G: the cheapest complete installation. */
import {
  AmbientMesh,
  ArgoCdDelivery,
  DEPLOYER,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody by default. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(/[\s,]+/).filter(Boolean);

/** Git repository with `argocd/g5-xlarge`, and the release that is deployed. */
const repository = process.env.GITOPS_REPOSITORY ?? 'https://github.com/org/ollama-eks';
const revision = process.env.GITOPS_REVISION ?? 'v0.1.0';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-g5-xlarge' } });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-g5-xlarge',
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});
/** Allowed callers: the range of a VPN that ends in the VPC. With Kong, use `KongTransitExposure` instead. */
const exposure = new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/24'] });

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
const sources = [cluster, mesh, exposure];
if (app.node.tryGetContext('delivery') === 'helm') {
  new HelmDelivery(platform, 'helm', { sources });
} else {
  new ArgoCdDelivery(platform, 'argocd', { sources, repository, revision, path: 'argocd/g5-xlarge' });
}

app.synth();
