/** What a plan says to a change of the Kubernetes version, asked of EKS by the real provider. EKS answers on loopback. */
import { InfrastructureStack, KubernetesVersion, OllamaGpuCluster } from '@org/ollama-eks';
import { Testing } from 'cdktf';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, terraform, workDir, type Engine } from './support';
import { LoopbackServer } from './support/loopback-server';
import { NO_ACCOUNT } from './support/no-account';

const CLUSTER = 'ollama';
/** What EKS installs with Kubernetes 1.35. */
const DEFAULT_COREDNS = 'v1.13.2-eksbuild.31';

/** The rest of what EKS says of a cluster; the provider requires it. */
const DESCRIPTION = {
  name: CLUSTER,
  status: 'ACTIVE',
  createdAt: 1_764_000_000,
  resourcesVpcConfig: { subnetIds: [], securityGroupIds: [], publicAccessCidrs: [] },
  kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: '172.20.0.0/16' },
  tags: {},
};

interface StackJson {
  readonly data: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

interface Account {
  /** Kubernetes version that runs; none if there is no cluster yet. */
  readonly running?: string;
  /** Version of the add-on CoreDNS that the program sets. */
  readonly coreDns?: string;
}

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} and an upgrade to Kubernetes 1.35`, [engine, 'real-providers'], () => {
    const dir = workDir();
    const eks = new LoopbackServer();

    const plan = async ({ running, coreDns }: Account, exitCode: 0 | 1 = 0): Promise<string> => {
      eks.respond = (request, response) => response.end(JSON.stringify(answer(request.url ?? '', running)));
      writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(dataSources(eks.port, coreDns)));
      const { stderr } = await terraform(dir, ['plan'], { engine, exitCodes: [exitCode] });
      return stderr.replaceAll(/[\s│╷╵]+/g, ' ');
    };

    beforeAll(async () => {
      await eks.start();
      writeFileSync(join(dir, 'cdk.tf.json'), JSON.stringify(dataSources(eks.port)));
      await terraform(dir, ['init'], { engine });
    });
    afterAll(() => eks.stop());

    test('is planned if nothing runs yet, or the version before it', async () => {
      await plan({});
      await plan({ running: '1.34', coreDns: DEFAULT_COREDNS });
    });

    test.each(['1.33', '1.36'])('is refused if %s runs', async (running) => {
      expect(await plan({ running }, 1)).toContain(
        `kubernetesVersion = "1.35": the cluster runs ${running}, and EKS neither skips a minor version nor downgrades`,
      );
    });

    test('is refused if it leaves an add-on behind, which may otherwise stay where it is', async () => {
      const coreDns = 'v1.9.3-eksbuild.40';
      expect(await plan({ running: '1.34', coreDns }, 1)).toContain(
        `addOns.coreDns.version = "${coreDns}": is behind ${DEFAULT_COREDNS}, which EKS installs with Kubernetes 1.35`,
      );
      await plan({ running: '1.35', coreDns });
    });
  });
});

/** The check's data sources, and a provider that asks the loopback server. */
function dataSources(port: number, coreDns?: string): object {
  const stack = new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2' });
  new OllamaGpuCluster(stack, 'cluster', {
    clusterName: CLUSTER,
    kubernetesVersion: KubernetesVersion.V1_35,
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
    addOns: coreDns === undefined ? {} : { coreDns: { version: coreDns } },
  });
  stack.prepareStack();
  const { data } = JSON.parse(Testing.synth(stack, true)) as StackJson;
  const { aws_eks_clusters, aws_eks_cluster, aws_eks_addon_version } = data;
  return {
    data: { aws_eks_clusters, aws_eks_cluster, aws_eks_addon_version },
    provider: {
      aws: { ...NO_ACCOUNT, endpoints: [{ eks: `http://127.0.0.1:${port}` }] },
    },
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100' } } },
  };
}

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
function answer(path: string, running: string | undefined): object {
  const clusters = running === undefined ? [] : [CLUSTER, 'another'];
  if (path.startsWith('/addons/')) {
    const compatibilities = [{ clusterVersion: '1.35', defaultVersion: true }];
    return { addons: [{ addonVersions: [{ addonVersion: DEFAULT_COREDNS, compatibilities }] }] };
  }
  if (path === `/clusters/${CLUSTER}`) return { cluster: { ...DESCRIPTION, version: running } };
  return { clusters };
}
