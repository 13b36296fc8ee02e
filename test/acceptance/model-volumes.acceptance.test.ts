/** Effects of a changed prop on the volumes of the models, on a real API server. */
import { InfrastructureStack, OllamaGpuCluster, type Manifest, type OllamaGpuClusterProps } from '@org/ollama-eks';
import { Testing } from 'cdktf';
import { KUBE_NEEDS, kubeApiServer, suite } from './support';

type GpuPoolProps = Exclude<OllamaGpuClusterProps['gpu'], readonly unknown[]>;
interface Props extends Partial<Omit<OllamaGpuClusterProps, 'gpu'>> {
  readonly gpu?: Partial<GpuPoolProps>;
}

interface Claim {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

const KINDS = ['StorageClass', 'VolumeAttributesClass', 'PersistentVolumeClaim', 'Deployment', 'StatefulSet'];
const APPLY = ['apply', '--server-side', '--validate=strict', '--field-manager=argocd-controller', '-f', '-'];
const LARGE = { name: 'qwen3-coder:30b', contextLength: 8192 };
const SMALL = { name: 'llama3.2:3b', contextLength: 8192 };

const CHANGES: Readonly<Record<string, Props>> = {
  'a smaller model': { models: [SMALL] },
  'a further model': { models: [LARGE, SMALL] },
  'another tag': { tags: { Team: 'search' } },
  'models that cannot be pulled again': { modelPull: 'offline' },
  'volumes that are kept': { gpu: { cache: { retain: true } } },
};
const CHANGES_OF_BOUND: Readonly<Record<string, Props>> = {
  ...CHANGES,
  'another throughput': { gpu: { cache: { throughput: 500 } } },
  'a larger size': { gpu: { cache: { sizeGiB: 500 } } },
};

suite('volumes of models on kube-apiserver', KUBE_NEEDS, () => {
  const server = kubeApiServer();
  let pools = 0;

  const apply = async (objects: readonly Manifest[]) => {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { code, stderr } = await server.kubectl(APPLY, { input, exitCodes: [0, 1] });
    return { code, stderr };
  };
  const claimsOf = async (pool: string): Promise<readonly Claim[]> => {
    const args = ['get', 'pvc', '--namespace=ollama', `--selector=ollama-eks/pool=${pool}`, '-o', 'json'];
    return (JSON.parse((await server.kubectl(args)).stdout) as { items: Claim[] }).items;
  };
  /** Does what the volume controller does when a server uses its claim. */
  const bind = async ({ metadata, spec }: Claim) => {
    const patch = async (body: object, ...options: readonly string[]) =>
      server.kubectl([
        'patch',
        'pvc',
        metadata.name,
        '--namespace=ollama',
        '--type=merge',
        `--patch=${JSON.stringify(body)}`,
        ...options,
      ]);
    await patch({ spec: { volumeName: `pvc-${metadata.name}` } });
    const capacity = { storage: spec.resources.requests.storage };
    await patch({ status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity } }, '--subresource=status');
  };
  /** Applies the objects of a separate pool before and after a change; binds its claims in between, or not. */
  const change = async (replicas: number, bound: boolean, before: Props, after: Props) => {
    const name = `p${++pools}`;
    const objects = (props: Props) => render({ ...props, gpu: { replicas, ...props.gpu, name } });
    expect(await apply(objects(before))).toEqual({ code: 0, stderr: '' });
    const claims = await claimsOf(name);
    expect(claims).toHaveLength(replicas);
    if (bound) for (const claim of claims) await bind(claim);
    const answer = await apply(objects(after));
    const names = (all: readonly Claim[]) => all.map(({ metadata }) => metadata.name);
    return { ...answer, added: names(await claimsOf(name)).filter((claim) => !names(claims).includes(claim)) };
  };

  beforeAll(async () => {
    await server.kubectl(['create', 'namespace', 'ollama']);
  });

  describe.each([
    ['one server', 1],
    ['several servers', 2],
  ])('%s', (_, replicas) => {
    test.each(Object.entries(CHANGES_OF_BOUND))(
      'whose volumes are in use: %s is accepted, for the same volumes',
      async (__, after) => {
        expect(await change(replicas, true, {}, after)).toEqual({ code: 0, stderr: '', added: [] });
      },
    );

    test.each(Object.entries(CHANGES))('that never ran: %s is accepted, for the same volumes', async (__, after) => {
      expect(await change(replicas, false, {}, after)).toEqual({ code: 0, stderr: '', added: [] });
    });

    test.each<[string, Props]>([
      ['another key', { gpu: { cache: { kmsKeyArn: 'arn:aws:kms:us-west-2:111122223333:key/1' } } }],
      ['another zone', { gpu: { zone: 'us-west-2b' } }],
      ['fewer GPUs', { gpu: { instanceType: 'g5.2xlarge' } }],
    ])('whose volumes are in use: %s adds volumes, and leaves the old ones', async (__, after) => {
      const { code, stderr, added } = await change(replicas, true, {}, after);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(added).toHaveLength(replicas);
    });
  });

  test('what is refused is what the documentation says: less than a volume has, and any size of one that never was', async () => {
    const size = (sizeGiB: number): Props => ({ gpu: { cache: { sizeGiB } } });
    expect((await change(1, true, size(200), size(100))).stderr).toContain(
      'field can not be less than status.capacity',
    );
    expect((await change(1, false, size(100), size(200))).stderr).toContain('spec is immutable after creation');
  });
});

function render({ gpu, ...props }: Props): readonly Manifest[] {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  const { applications } = new OllamaGpuCluster(stack, 'cluster', {
    clusterName: 'ollama',
    models: [LARGE],
    gpu: { instanceType: 'g5.12xlarge', ...gpu },
    ...props,
  });
  return applications
    .flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []))
    .filter(({ kind }) => KINDS.includes(kind));
}
