/** Nothing that runs in the cluster, and no chart, is downloaded from a public host if both mirrors are set. */
import {
  AmbientMesh,
  ArgoCdDelivery,
  DOWNLOADS_FILE,
  type DownloadsFile,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  KongTransitExposure,
  type Mirrors,
  modelFigures,
  OllamaGpuCluster,
  PlatformStack,
} from '@org/ollama-eks';
import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedHosts } from './public-hosts';

const REGISTRY = '111122223333.dkr.ecr.us-west-2.amazonaws.com';
const MIRRORS = { charts: `oci://${REGISTRY}/charts`, images: `${REGISTRY}/mirror` } satisfies Mirrors;
const GIT = 'git.example.com';
const MODELS = 'models.example.com';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Synthesizes an installation with all charts and images that the library can deploy. */
function synthesize(
  delivery: 'argocd' | 'helm',
  mirrors: Mirrors | undefined,
  exposure: 'internal' | 'kong' = 'internal',
): string {
  const outdir = mkdtempSync(join(tmpdir(), 'mirrors-'));
  folders.push(outdir);
  const app = new App({ outdir });
  const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
  const cluster = new OllamaGpuCluster(infra, 'cluster', {
    clusterName: 'ollama',
    gpu: { instanceType: 'g5.xlarge', amiFamily: 'AL2023' },
    models: [{ name: `${MODELS}/library/qwen3:8b`, contextLength: 8192, figures: modelFigures('qwen3:8b') }],
    createNetwork: { nat: 'none' },
    registryCidrs: ['10.0.12.0/24'],
    modelPull: 'job',
  });
  const entrance =
    exposure === 'internal'
      ? new InternalExposure(infra, 'internal', { cluster, callerCidrs: ['10.8.0.0/16'] })
      : new KongTransitExposure(infra, 'kong', { cluster, kongCidr: '192.168.0.0/22' });
  const platform = new PlatformStack(app, 'platform', { cluster });
  const sources = [cluster, new AmbientMesh(platform, 'mesh', { cluster }), entrance];
  if (delivery === 'helm') {
    new HelmDelivery(platform, 'helm', { sources, mirrors });
  } else {
    const repository = `https://${GIT}/platform.git`;
    new ArgoCdDelivery(platform, 'argocd', {
      sources,
      repository,
      revision: 'v1.0.0',
      path: 'argocd',
      mirrors,
    });
  }
  app.synth();
  return outdir;
}

describe.each(['argocd', 'helm'] as const)('delivered by %s', (delivery) => {
  it.each(['internal', 'kong'] as const)('no file names a public host if both mirrors are set, with %s', (exposure) => {
    const folder = synthesize(delivery, MIRRORS, exposure);
    expect(namedHosts(folder, [GIT, REGISTRY])).toEqual([]);
  });

  it('all that is downloaded is listed, with its mirror', () => {
    const text = readFileSync(join(synthesize(delivery, MIRRORS), 'stacks/platform', DOWNLOADS_FILE), 'utf8');
    const { formatVersion, deliveries } = JSON.parse(text) as DownloadsFile;
    const [{ charts, images } = { charts: [], images: [] }] = deliveries;
    expect([formatVersion, deliveries.length]).toEqual([1, 1]);
    const { charts: repository, images: location } = MIRRORS;
    expect(charts.map(({ name, mirror }) => `${mirror}/${name}`)).toEqual(
      [
        ...(delivery === 'argocd' ? ['argo-cd', 'argocd-apps'] : []),
        ...[
          'aws-load-balancer-controller',
          'base',
          'cni',
          'gateway-api-crds',
          'istiod',
          'nvidia-device-plugin',
          'ztunnel',
        ],
      ].map((name) => `${repository}/${name}`),
    );
    expect(images.map(({ mirror = '' }) => mirror.replace(/:[^:]+$/, '')).sort()).toEqual(
      [
        ...(delivery === 'argocd' ? ['argoproj/argocd', 'docker/library/redis'] : []),
        ...['curlimages/curl', 'eks/aws-load-balancer-controller'],
        ...['istio/install-cni', 'istio/pilot', 'istio/proxyv2', 'istio/ztunnel'],
        ...['nvidia/k8s-device-plugin', 'ollama/ollama'],
      ]
        .map((path) => `${location}/${path}`)
        .sort(),
    );
  });

  it('files name the hosts of all charts and images without mirrors, so that the test above can fail', () => {
    const hosts = new Set(namedHosts(synthesize(delivery, undefined), [GIT]).map(({ host }) => host));
    expect([...hosts].sort()).toEqual(
      [
        'aws.github.io',
        'blob.istio.io',
        'charts.christianhuth.de',
        'docker.io',
        'nvidia.github.io',
        ...(delivery === 'argocd' ? ['argoproj.github.io'] : []),
      ].sort(),
    );
  });
});
