import type { KubernetesObject } from '../../src/systems/kubectl';
import { serverPod, World } from './world';

const LABELS = { 'app.kubernetes.io/name': 'ollama', 'ollama-eks/pool': 'gpu' };

/** A node group and a Deployment that follow their desired sizes, one step per check. */
export class Site {
  public readonly world = new World();
  public desired = 1;
  public minimum = 0;
  public issues: { code: string; message: string }[] = [];
  public activities: object[] = [];
  /** What happens at each check; replaced by tests. */
  public step = () => this.follow();
  public readonly deployment = {
    kind: 'Deployment',
    metadata: { name: 'ollama', namespace: 'ollama', labels: LABELS },
    spec: {} as { replicas?: number },
  };
  private readonly node = {
    kind: 'Node',
    metadata: { name: 'node-1', labels: { 'ollama-eks/pool': 'gpu' } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };

  public constructor() {
    const { tools } = this.world;
    this.world.synthesized();
    tools.objects = [this.deployment, this.node, serverPod()] as KubernetesObject[];
    tools.aws.set('eks list-nodegroups', () => ({ nodegroups: ['system', 'gpu-abc'] }));
    tools.aws.set('eks describe-nodegroup', (args) => ({
      nodegroup: args.includes('system')
        ? {
            nodegroupName: 'system',
            status: 'ACTIVE',
            labels: { 'ollama-eks/pool': 'system' },
            scalingConfig: { minSize: 2, maxSize: 3, desiredSize: 2 },
          }
        : {
            nodegroupName: 'gpu-abc',
            status: 'ACTIVE',
            instanceTypes: ['g5.12xlarge'],
            labels: { 'ollama-eks/pool': 'gpu' },
            scalingConfig: { minSize: this.minimum, maxSize: 2, desiredSize: this.desired },
            resources: { autoScalingGroups: [{ name: 'eks-gpu' }] },
            health: { issues: this.issues },
          },
    }));
    tools.aws.set('eks update-nodegroup-config', (args) => {
      this.desired = Number(/desiredSize=(\d+)/.exec(args.join(' '))?.[1]);
      return {};
    });
    tools.aws.set('autoscaling describe-scaling-activities', () => ({ Activities: this.activities }));
    this.world.onWait = () => this.step();
  }

  /** The pod follows the Deployment, the node the group. */
  public follow(): void {
    const { tools } = this.world;
    const pods = this.deployment.spec.replicas === 0 ? [] : [serverPod('ollama-0', this.desired > 0)];
    const nodes = this.desired === 0 ? [] : [this.node];
    tools.objects = [this.deployment, ...nodes, ...pods] as KubernetesObject[];
  }
}
