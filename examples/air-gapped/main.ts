/** An 8B model on one A10G in a VPC without internet access: charts, images and models come from registries of yours. */
import {
  AmbientMesh,
  DEPLOYER,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  modelFigures,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

/** Registry of charts and images, in the account and region of the cluster or shared with its nodes. */
const registry = process.env.MIRROR_REGISTRY ?? '111122223333.dkr.ecr.us-west-2.amazonaws.com';
/** Registry of models, and its addresses, which the VPC must have a route to. */
const modelRegistry = process.env.MODEL_REGISTRY ?? 'models.example.com';
const modelRegistryCidr = process.env.MODEL_REGISTRY_CIDR ?? '10.20.0.0/24';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-air-gapped' } });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-air-gapped',
  createNetwork: { nat: 'none' },
  gpu: { instanceType: 'g5.xlarge' },
  models: [
    {
      name: `${modelRegistry}/library/llama3.1:8b`,
      figures: modelFigures('llama3.1:8b'),
      contextLength: 32_768,
      parallel: 2,
    },
  ],
  // A Job pulls the models, so the servers have no egress at all.
  modelPull: 'job',
  registryCidrs: [modelRegistryCidr],
  access: [{ principalArn: DEPLOYER }],
});
/** Allowed callers: the range of the network that the VPC is connected to. */
const exposure = new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/24'] });

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
// Without Git: Argo CD would need a repository, and a token of the registry that is renewed, inside the VPC.
new HelmDelivery(platform, 'helm', {
  sources: [cluster, mesh, exposure],
  mirrors: { charts: `oci://${registry}/charts`, images: `${registry}/mirror` },
});

app.synth();
