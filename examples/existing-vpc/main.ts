/** An 8B model on one A10G, in a VPC of yours. */
import {
  AmbientMesh,
  DEPLOYER,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  Network,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

const region = 'us-west-2';
const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region, tags: { Project: 'ollama-existing-vpc' } });

/** Each zone must have one private subnet with the tag `kubernetes.io/role/internal-elb`. */
const network = Network.fromLookup(infra, 'network', {
  vpcId: process.env.VPC_ID ?? 'vpc-0123456789abcdef0',
  vpcCidr: process.env.VPC_CIDR ?? '10.20.0.0/16',
  zones: [`${region}a`, `${region}b`],
});
const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-existing-vpc',
  network,
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
});
const exposure = new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/24'] });

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
new HelmDelivery(platform, 'helm', { sources: [cluster, mesh, exposure] });

app.synth();
