import { checkProps, FLAG, having, required, type Shape, shapeOf, TEXT } from '../check-props';
import { checkForm } from '../check-text';
import { DeliveryWarning } from '../delivery-warning';
import { Annotations, Construct, type ITerraformDependable } from '../framework';
import type { Application, IApplicationSource } from '../gitops/application';
import { StackFile } from '../stack-file';
import { CLUSTER_TAG } from '../workload/names';
import { partitionOf } from './aws/partition';
import { ServiceRole } from './aws/service-role';
import type { IOllamaGpuCluster } from './cluster-ref';
import type { NightSchedule } from './guardrails/night-schedule';
import type { ManagedPrometheus } from './telemetry/managed-prometheus';
import type { Scraper } from '../workload/scraper';
import { ModelServing } from './model-serving';
import { type ModelServingPlan, planModelServing } from './model-serving-plan';
import { MODEL_SERVING_SHAPE, POOL_CHECKS_SHAPE } from './model-serving-shape';
import type { INetwork } from './network/network-ref';
import { createNodeRole } from './node-role';
import type { GpuNodes } from './nodes/gpu-nodes';
import type { GpuPool } from './nodes/gpu-pool';
import type { NodesProps } from './nodes/node-group';
import type { OllamaGpuPoolsProps } from './ollama-gpu-pools-props';
import { addClusterOutputs } from './outputs';
import { summarize } from './summarize';
import type { ClusterSummary } from './summary';
import { SUMMARIES } from './summary-file';

/** What each prop must be, for callers without types. */
const SHAPE: Shape<OllamaGpuPoolsProps> = {
  ...MODEL_SERVING_SHAPE,
  cluster: required(
    having(['clusterName', 'region', 'kubernetesVersion', 'network', 'serviceCidr', 'ready'], 'an ExistingEksCluster'),
  ),
  nodeRoleArn: TEXT,
  installDevicePlugin: FLAG,
  guardrails: shapeOf(POOL_CHECKS_SHAPE),
};

/**
 * GPU nodes that serve the requested models, on a cluster that exists. It contributes what runs on them, the Ollama servers, as
 * Applications. Exposures, the mesh and `PlatformStack` use it as they use an `OllamaGpuCluster`.
 */
export class OllamaGpuPools extends Construct implements IOllamaGpuCluster, IApplicationSource {
  public readonly clusterName: string;
  public readonly region: string;
  public readonly kubernetesVersion: string;
  public readonly network: INetwork;
  public readonly serviceCidr: string;
  public readonly clusterSecurityGroupId: string;
  public readonly requestTimeoutSeconds: number;
  public readonly maxWaiting: number;
  public readonly sessionHeader?: string;
  public readonly scraper?: Scraper;
  public readonly tags: Readonly<Record<string, string>>;
  public readonly ready: readonly ITerraformDependable[];
  /** The resolved pools, in order of preference. */
  public readonly pools: readonly GpuPool[];
  /** Nodes of the pools, in the order of `pools`. */
  public readonly gpuNodes: readonly GpuNodes[];
  /** Role of the nodes; undefined if `nodeRoleArn` names an existing one. */
  public readonly nodeRole?: ServiceRole;
  /** Undefined without a schedule. */
  public readonly nightSchedule?: NightSchedule;
  /** Undefined unless `observability.metrics` is `amp`. */
  public readonly managedPrometheus?: ManagedPrometheus;
  /** Summary of what the pools do and cost, without the cluster and without exposures. */
  public readonly summary: ClusterSummary;
  private readonly planned: readonly Application[];
  private readonly deliveryWarning = new DeliveryWarning(this);

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: OllamaGpuPoolsProps,
  ) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { cluster, nodeRoleArn } = props;
    const plan = planModelServing(this, props, cluster);
    this.clusterName = cluster.clusterName;
    this.region = cluster.region;
    this.kubernetesVersion = cluster.kubernetesVersion;
    this.network = cluster.network;
    this.serviceCidr = cluster.serviceCidr;
    this.clusterSecurityGroupId = cluster.clusterSecurityGroupId;
    this.ready = cluster.ready;
    this.requestTimeoutSeconds = plan.requestTimeoutSeconds;
    this.maxWaiting = plan.maxWaiting;
    this.sessionHeader = props.sessionHeader;
    this.tags = plan.tags;

    const role =
      nodeRoleArn === undefined
        ? this.createRole(plan)
        : { roleArn: checkRoleArn(nodeRoleArn, this.region), grants: [] };
    if (role instanceof ServiceRole) this.nodeRole = role;
    const serving = new ModelServing(this, {
      props,
      plan,
      cluster,
      nodes: this.nodesProps(plan, role),
      installDevicePlugin: props.installDevicePlugin ?? true,
      // The cluster's driver does not know our tags, and without them nobody finds a volume that is left over.
      volumeTags: { [CLUSTER_TAG]: this.clusterName },
    });
    this.pools = serving.pools;
    this.planned = serving.applications;
    this.scraper = serving.scraper;
    this.gpuNodes = serving.gpuNodes;
    this.nightSchedule = serving.nightSchedule;
    this.managedPrometheus = serving.managedPrometheus;
    this.node.defaultChild = this.gpuNodes[0]?.nodeGroup.resource;
    this.summary = this.summarize();
    if (plan.outputs) this.addOutputs();
  }

  /** Applications of the Ollama servers and what they require. */
  public get applications(): readonly Application[] {
    return this.deliveryWarning.read(this.planned);
  }

  private createRole({ ownTags }: ModelServingPlan): ServiceRole {
    const { clusterName } = this;
    return createNodeRole(this, { clusterName, forCni: true, tags: ownTags, provider: this.props.provider });
  }

  /** Returns all dependencies of node groups: they are created after, and deleted before, what their nodes need. */
  private nodesProps(
    { tags }: ModelServingPlan,
    { roleArn, grants }: Pick<ServiceRole, 'roleArn' | 'grants'>,
  ): NodesProps {
    const { cluster, provider } = this.props;
    return {
      clusterName: this.clusterName,
      installation: this.clusterName,
      kubernetesVersion: this.kubernetesVersion,
      nodeRoleArn: roleArn,
      securityGroupIds: cluster.nodeSecurityGroupIds,
      dependsOn: [...grants, ...cluster.ready],
      tags,
      provider,
    };
  }

  private summarize(): ClusterSummary {
    const { clusterName, region, kubernetesVersion, requestTimeoutSeconds, pools } = this;
    const { observability } = this.props;
    const summary = summarize({ clusterName, region, kubernetesVersion, requestTimeoutSeconds, pools, observability });
    StackFile.add(this, SUMMARIES, summary);
    summary.warnings.forEach((warning) => Annotations.of(this).addWarning(warning));
    return summary;
  }

  private addOutputs(): void {
    const { clusterName, region, network } = this;
    addClusterOutputs(this, this.props.outputPrefix ?? '', {
      clusterName,
      region,
      vpcId: network.vpcId,
      vpcCidr: network.vpcCidr,
      gpuNodeGroupNames: Object.fromEntries(
        this.gpuNodes.map(({ pool, nodeGroup }) => [pool.name, nodeGroup.nodeGroupName]),
      ),
    });
  }
}

function checkRoleArn(arn: string, region: string): string {
  const beginning = `arn:${partitionOf(region)}:iam::`;
  return checkForm('nodeRoleArn', arn, {
    pattern: new RegExp(`^${beginning}\\d{12}:role/[\\w+=,.@/-]+$`),
    allowed: `the ARN of an IAM role, such as ${beginning}111122223333:role/nodes`,
    remedy: 'use the ARN of the role, not of its instance profile',
    tokens: true,
  });
}
