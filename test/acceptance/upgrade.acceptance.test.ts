/** Two upgrades of Kubernetes, planned and applied by real programs: what rolls, in which order, and that nothing else changes. */
import { InfrastructureStack, KubernetesVersion, OllamaGpuCluster } from '@org/ollama-eks';
import { planEffects, type TerraformPlan } from '@org/ollama-eks/pure';
import { App } from 'cdktf';
import { join } from 'node:path';
import { suite, terraform, workDir, type Engine } from './support';
import { changes, outOfOrder } from './support/events';
import { dropAccountChecks, StackJson } from './support/stack-json';

/** Add-ons that agents on every node need before its kubelet is upgraded; the others wait for upgraded system nodes, and not for GPU nodes. */
const BEFORE_NODES: readonly unknown[] = ['kube-proxy', 'vpc-cni', 'eks-pod-identity-agent'];

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} and upgrades of Kubernetes, with a stand-in for AWS`, [engine, 'stub-providers'], () => {
    const outdir = workDir();
    const dir = join(outdir, 'stacks/infra');
    const options = { engine, providers: 'stub-providers' } as const;

    /** Writes the program's stack at a version of Kubernetes. */
    function write(kubernetesVersion: KubernetesVersion): void {
      const app = new App({ outdir, stackTraces: false });
      const stack = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
      const models = [{ name: 'llama3.1:8b', contextLength: 8192 }];
      const gpu = { instanceType: 'g5.xlarge' };
      new OllamaGpuCluster(stack, 'cluster', { clusterName: 'ollama', gpu, models, kubernetesVersion });
      app.synth();
      dropAccountChecks(dir);
    }

    const plan = async () => {
      await terraform(dir, ['plan', '-out=tfplan'], options);
      const { stdout } = await terraform(dir, ['show', '-json', 'tfplan'], options);
      return JSON.parse(stdout.slice(stdout.indexOf('{'))) as TerraformPlan;
    };
    const apply = async () => changes((await terraform(dir, ['apply', '-json', 'tfplan'], options)).stdout);

    beforeAll(async () => {
      write(KubernetesVersion.V1_34);
      await terraform(dir, ['init'], options);
      await plan();
      await apply();
    });

    test.each([
      ['1.34', KubernetesVersion.V1_35],
      ['1.35', KubernetesVersion.V1_36],
    ])('from %s to %s', async (_, version) => {
      write(version);
      const planned = await plan();
      expect(planEffects(planned).map(({ action, effect, subject, name }) => [action, effect, subject, name])).toEqual([
        ['update', 'rolls nodes', 'gpu-nodes', 'gpu'],
        ['update', 'rolls nodes', 'system-nodes', 'system'],
        ['update', 'upgrades', 'control-plane', 'ollama'],
      ]);
      const all = await apply();
      const json = new StackJson(dir);
      const controlPlane = json.addresses('aws_eks_cluster');
      const agents = json.addresses('aws_eks_addon', ({ addon_name }) => BEFORE_NODES.includes(addon_name));
      const nodes = json.addresses('aws_eks_node_group');
      const systemNodes = json.addresses(
        'aws_eks_node_group',
        ({ node_group_name_prefix: prefix }) => prefix === 'system-',
      );
      const others = json.addresses('aws_eks_addon', ({ addon_name }) => !BEFORE_NODES.includes(addon_name));
      expect([controlPlane, agents, nodes, systemNodes].map(({ length }) => length)).toEqual([1, 3, 2, 1]);
      expect(outOfOrder(all, controlPlane, [...agents, ...nodes, ...others])).toEqual([]);
      expect(outOfOrder(all, agents, nodes)).toEqual([]);
      expect(outOfOrder(all, systemNodes, others)).toEqual([]);
      await terraform(dir, ['plan', '-detailed-exitcode'], options); // exits with code 2 if anything would change
    });
  });
});
