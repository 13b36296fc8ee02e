import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { App } from 'cdktf';
import {
  AmbientMesh,
  ArgoCdDelivery,
  HelmDelivery,
  InfrastructureStack,
  InternalExposure,
  KongNetwork,
  KongTransitExposure,
  ModuleStack,
  OLLAMA_IMAGE,
  Network,
  OllamaGpuCluster,
  PlatformStack,
  TransitGateway,
  VpcAttachment,
} from '../src/index';
import { refusal } from './refusal';

const app = () => new App({ outdir: join(tmpdir(), 'check-props'), stackTraces: false });
const MODELS = [{ name: 'llama3.1:8b', contextLength: 8192 }];

/** Creates a cluster as a program in JavaScript may. */
function cluster(props: object): OllamaGpuCluster {
  const infra = new InfrastructureStack(app(), 'infra', { region: 'us-west-2' });
  const minimal = { clusterName: 'ollama', gpu: { instanceType: 'g5.xlarge' }, models: MODELS };
  return new OllamaGpuCluster(infra, 'cluster', { ...minimal, ...props });
}

test.each([
  [{ kubernetesVersion: '1.20' }, 'kubernetesVersion', 'has the wrong type', 'pass the number to KubernetesVersion.of'],
  [{ gpu: undefined }, 'gpu', 'is required', 'pass an object with instanceType, or a list of them'],
  [{ gpu: 'g5.xlarge' }, 'gpu', 'has the wrong type', /or a list of them$/],
  [{ gpu: { instanceType: 5 } }, 'gpu.instanceType', 'has the wrong type', 'pass a string, or an object'],
  [{ gpu: {} }, 'gpu.instanceType', 'is required', /^pass a string/],
  [{ gpu: [{ instanceType: 'g5.xlarge' }, null] }, 'gpu[1]', 'has the wrong type', /^pass an object/],
  [
    { gpu: { instanceType: 'g5.xlarge', replica: 2 } },
    'gpu.replica',
    'is not a known property',
    'use replicas, or remove it',
  ],
  [{ gpu: { instanceType: 'g5.xlarge', replicas: '2' } }, 'gpu.replicas', 'has the wrong type', 'pass a number'],
  [
    { gpu: { instanceType: 'g5.xlarge', cache: { size: 1 } } },
    'gpu.cache.size',
    'is not a known property',
    /remove it$/,
  ],
  [{ models: 'x' }, 'models', 'has the wrong type', 'pass a list'],
  [{ models: [null] }, 'models[0]', 'has the wrong type', /^pass an object with name/],
  [{ models: [{ ...MODELS[0], context: 1 }] }, 'models[0].context', 'is not a known property', /remove it$/],
  [{ access: 'arn' }, 'access', 'has the wrong type', 'pass a list'],
  [{ access: [undefined] }, 'access[0]', 'is required', /principalArn/],
  [{ network: { vpcCidr: '10.0.0.0/16' } }, 'network', 'has the wrong type', /createNetwork for a new network$/],
  [{ network: { zones: ['us-west-2a'] } }, 'network', 'has the wrong type', /createNetwork/],
  [{ createNetwork: { zone: [] } }, 'createNetwork.zone', 'is not a known property', 'use zones, or remove it'],
  [{ createNetwork: { zones: 'us-west-2a' } }, 'createNetwork.zones', 'has the wrong type', 'pass a list'],
  [{ createNetwrok: {} }, 'createNetwrok', 'is not a known property', 'use createNetwork, or remove it'],
  [{ endpoint: 'public' }, 'endpoint', 'has the wrong type', /publicCidrs/],
  [{ guardrails: 5 }, 'guardrails', 'has the wrong type', /^pass an object with budget/],
  [
    { guardrails: { budget: { monthlyUsd: '500' } } },
    'guardrails.budget.monthlyUsd',
    'has the wrong type',
    'pass a number',
  ],
  [{ tags: { Team: 1 } }, 'tags.Team', 'has the wrong type', 'pass a string'],
  [{ clusterName: undefined }, 'clusterName', 'is required', 'pass a string'],
  [{ clusterName: 5 }, 'clusterName', 'has the wrong type', 'pass a string'],
  [{ image: 'ollama/ollama:0.32.15' }, 'image', 'has the wrong type', /^pass an object with repository, tag/],
  [{ image: { tag: '0.32.15' } }, 'image.repository', 'is required', 'pass a string'],
  [{ image: { ...OLLAMA_IMAGE, tag: 0.32 } }, 'image.tag', 'has the wrong type', 'pass a string'],
  [{ image: { ...OLLAMA_IMAGE, digset: 'x' } }, 'image.digset', 'is not a known property', 'use digest, or remove it'],
  [{ proverImage: { repository: 5, tag: '8.21.0' } }, 'proverImage.repository', 'has the wrong type', 'pass a string'],
  [{ system: 5 }, 'system', 'has the wrong type', /^pass an object/],
  [{ addOns: { vpcCNI: {} } }, 'addOns.vpcCNI', 'is not a known property', 'use vpcCni, or remove it'],
  [{ deletionProtection: 'false' }, 'deletionProtection', 'has the wrong type', 'pass true or false'],
])('a cluster with %j is refused at %s: %s', (props, property, problem, remedy) => {
  const error = refusal(() => cluster(props));
  expect(error).toMatchObject({ property, problem: expect.stringContaining(problem) });
  expect(error.remedy).toEqual(typeof remedy === 'string' ? remedy : expect.stringMatching(remedy));
  expect(error.allowed).not.toBe('');
});

test.each([[undefined], [null], ['x'], [[]]])('props that are %j are refused', (props) => {
  const infra = new InfrastructureStack(app(), 'infra', { region: 'us-west-2' });
  expect(refusal(() => new OllamaGpuCluster(infra, 'cluster', props as never))).toMatchObject({ property: 'props' });
});

describe('every other construct', () => {
  const given = cluster({});
  const platform = new PlatformStack(app(), 'platform', { cluster: { clusterName: 'x', region: 'us-west-2' } });
  const create: Readonly<Record<string, (id: string, props: object) => unknown>> = {
    AmbientMesh: (id, props) => new AmbientMesh(platform, id, { cluster: given, ...props }),
    ArgoCdDelivery: (id, props) =>
      new ArgoCdDelivery(platform, id, {
        ...{ sources: [], repository: 'https://github.com/acme/platform', revision: 'v1', path: 'argocd/x' },
        ...props,
      }),
    HelmDelivery: (id, props) => new HelmDelivery(platform, id, { sources: [], ...props }),
    InfrastructureStack: (id, props) => new InfrastructureStack(app(), id, { region: 'us-west-2', ...props }),
    InternalExposure: (id, props) => new InternalExposure(given, id, { cluster: given, callerCidrs: [], ...props }),
    KongNetwork: (id, props) => new KongNetwork(given, id, { kongCidr: '192.168.0.0/22', ...props } as never),
    KongTransitExposure: (id, props) =>
      new KongTransitExposure(given, id, { cluster: given, kongCidr: '192.168.0.0/22', ...props }),
    ModuleStack: (id, props) => new ModuleStack(app(), id, { region: 'us-west-2', ...props }),
    Network: (id, props) => new Network(given, id, { networkName: 'x', ...props }),
    PlatformStack: (id, props) =>
      new PlatformStack(app(), id, { cluster: { clusterName: 'x', region: 'us-west-2' }, ...props }),
    TransitGateway: (id, props) => new TransitGateway(given, id, { name: 'x', ...props }),
    VpcAttachment: (id, props) => new VpcAttachment(given, id, { name: 'x', ...props } as never),
  };

  test.each([
    ['AmbientMesh', { versoin: '1.0' }, 'versoin', 'use version, or remove it'],
    ['AmbientMesh', { highAvailability: 'yes' }, 'highAvailability', 'pass true or false'],
    ['AmbientMesh', { cluster: undefined }, 'cluster', /^pass one of these/],
    ['ArgoCdDelivery', { repositry: 'x' }, 'repositry', 'use repository, or remove it'],
    ['ArgoCdDelivery', { revision: 1 }, 'revision', 'pass a string'],
    ['ArgoCdDelivery', { sources: undefined }, 'sources', 'pass a list'],
    ['HelmDelivery', { source: [] }, 'source', 'use sources, or remove it'],
    ['HelmDelivery', { sources: [undefined] }, 'sources[0]', 'pass an object'],
    ['HelmDelivery', { mirrors: null }, 'mirrors', 'pass an object with charts, images'],
    ['HelmDelivery', { mirrors: { images: [] } }, 'mirrors.images', 'pass a string, or an object'],
    ['HelmDelivery', { mirrors: { charts: { '*': ['oci://x.io'] } } }, 'mirrors.charts.*', 'pass a string'],
    ['HelmDelivery', { mirrors: { images: { 'docker.io': ['x.io'] } } }, 'mirrors.images.docker.io', 'pass a string'],
    ['InfrastructureStack', { region: 5 }, 'region', 'pass a string'],
    ['InfrastructureStack', { tag: {} }, 'tag', 'use tags, or remove it'],
    ['InternalExposure', { callerCidr: [] }, 'callerCidr', 'use callerCidrs, or remove it'],
    ['InternalExposure', { callerCidrs: '10.0.0.0/8' }, 'callerCidrs', 'pass a list'],
    ['InternalExposure', { certificate: 'x' }, 'certificate', 'pass an object with secretName'],
    ['KongNetwork', { routeTableId: 'x' }, 'routeTableId', 'use kongRouteTableId, or remove it'],
    ['KongNetwork', {}, 'name', 'pass a string'],
    ['KongTransitExposure', { kongCIDR: 'x' }, 'kongCIDR', 'use kongCidr, or remove it'],
    ['KongTransitExposure', { kongZoneCount: '2' }, 'kongZoneCount', 'pass a number'],
    ['KongTransitExposure', { callerCidrs: [] }, 'callerCidrs', /remove it$/],
    ['ModuleStack', { providers: 'aws' }, 'providers', 'pass a list'],
    ['Network', { zone: [] }, 'network.zone', 'use zones, or remove it'],
    ['Network', { nat: false }, 'network.nat', 'pass a string'],
    ['PlatformStack', { backend: {} }, 'backend', 'pass a function'],
    ['TransitGateway', { asn: 64512 }, 'asn', /remove it$/],
    ['TransitGateway', { amazonSideAsn: '64512' }, 'amazonSideAsn', 'pass a number'],
    ['VpcAttachment', {}, 'transitGateway', 'pass an object'],
  ])('%s with %j is refused at %s', (name, props, property, remedy) => {
    const error = refusal(() => create[name]?.(`${name}-${property}`, props));
    expect(error.property).toBe(property);
    expect(error.remedy).toEqual(typeof remedy === 'string' ? remedy : expect.stringMatching(remedy));
  });
});
