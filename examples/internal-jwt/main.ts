/** An 8B model on one A10G, for callers with a token of the company's sign-in. */
import {
  AmbientMesh,
  DEPLOYER,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';

/** Issuer of the tokens, as in their claim `iss`, and its public keys, which istiod fetches. */
const issuer = process.env.OIDC_ISSUER ?? 'https://login.example.com/';
const jwksUri = process.env.OIDC_JWKS_URI ?? 'https://login.example.com/.well-known/jwks.json';

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2', tags: { Project: 'ollama-internal-jwt' } });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: 'ollama-internal-jwt',
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 32_768, parallel: 2 }],
  access: [{ principalArn: DEPLOYER }],
});
/** Members of two teams may call, from the range of a VPN that ends in the VPC. */
const exposure = new InternalExposure(infra, 'internal', {
  cluster,
  callerCidrs: ['10.8.0.0/24'],
  jwt: { issuer, audiences: ['ollama'], jwksUri, team: { claim: 'groups', teams: ['ml', 'search'] } },
});

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
new HelmDelivery(platform, 'helm', { sources: [cluster, mesh, exposure] });

app.synth();
