/** Amazon EKS best practices: https://docs.aws.amazon.com/eks/latest/best-practices/introduction.html */
import { checkProps } from '../check-props';
import { DeliveryWarning } from '../delivery-warning';
import { Annotations, Construct, type ITerraformDependable } from '../framework';
import type { Application, IApplicationSource } from '../gitops/application';
import { aws } from '../providers/aws';
import type { EksCluster } from '../providers/aws-types';
import { StackFile } from '../stack-file';
import type { Scraper } from '../workload/scraper';
import { AwsAccount } from './aws/aws-account';
import { checkClusterName } from './aws/cluster-name';
import type { ServiceRole } from './aws/service-role';
import { ImportedCluster } from './cluster-attributes';
import { type ClusterPlan, planCluster } from './cluster-plan';
import type { IOllamaGpuCluster } from './cluster-ref';
import { CLUSTER_SHAPE } from './cluster-shape';
import { summarize } from './summarize';
import { AccessEntry } from './control-plane/access-entry';
import { hasStrictPodInterfaces } from './control-plane/add-on-configuration';
import { chosenAddOns, NodeAddOns, SystemAddOns } from './control-plane/add-ons';
import { ControlPlane } from './control-plane/control-plane';
import { serviceCidr } from './control-plane/service-cidr';
import { Guardrails } from './guardrails/guardrails';
import type { NightSchedule } from './guardrails/night-schedule';
import type { ManagedPrometheus } from './telemetry/managed-prometheus';
import { ModelServing } from './model-serving';
import { CREATE_NETWORK, Network } from './network/network';
import type { INetwork } from './network/network-ref';
import { createNodeRole } from './node-role';
import type { GpuNodes } from './nodes/gpu-nodes';
import type { GpuPool } from './nodes/gpu-pool';
import type { NodesProps } from './nodes/node-group';
import { SystemNodes } from './nodes/system-nodes';
import type {
  OllamaGpuClusterAttributes,
  OllamaGpuClusterLookup,
  OllamaGpuClusterProps,
} from './ollama-gpu-cluster-props';
import { addClusterOutputs } from './outputs';
import type { ClusterSummary } from './summary';
import { SUMMARIES } from './summary-file';
import { supportWarning } from './support-warning';

/**
 * An EKS cluster with GPU nodes that serve the requested models: network, control plane, nodes, add-ons, guardrails. It
 * contributes what runs on it, the Ollama servers, as Applications.
 */
export class OllamaGpuCluster extends Construct implements IOllamaGpuCluster, IApplicationSource {
  /** Returns an existing cluster, described by its attributes. */
  public static fromAttributes(
    scope: Construct,
    id: string,
    attributes: OllamaGpuClusterAttributes,
  ): IOllamaGpuCluster {
    return new ImportedCluster(scope, id, attributes);
  }

  /** Returns an existing cluster, looked up by its name when Terraform plans. */
  public static fromLookup(scope: Construct, id: string, lookup: OllamaGpuClusterLookup): IOllamaGpuCluster {
    const { provider, ...known } = lookup;
    const name = checkClusterName('clusterName', known.clusterName);
    const found = new aws.DataAwsEksCluster(scope, `${id}-lookup`, { name, provider });
    const clusterSecurityGroupId = found.vpcConfig.get(0).clusterSecurityGroupId;
    return new ImportedCluster(scope, id, { ...known, clusterSecurityGroupId });
  }

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
  /** The resolved GPU pools, in order of preference: input of the workload. */
  public readonly pools: readonly GpuPool[];
  /** Summary of what the cluster is, does and costs, without its exposures. `SUMMARY_FILE` contains their costs too. */
  public readonly summary: ClusterSummary;
  /** The EKS cluster. */
  public readonly resource: EksCluster;
  /** Control plane with its role, the key of its Secrets, and its log group. */
  public readonly controlPlane: ControlPlane;
  /** Add-ons without which no node becomes ready. */
  public readonly nodeAddOns: NodeAddOns;
  /** Add-ons that need a node to run on. */
  public readonly systemAddOns: SystemAddOns;
  /** In the order of `access`. */
  public readonly accessEntries: readonly AccessEntry[];
  public readonly guardrails: Guardrails;
  /** The network that the cluster created; undefined with `network`. */
  public readonly createdNetwork?: Network;
  /** Role of all nodes. */
  public readonly nodeRole: ServiceRole;
  /** Undefined without a schedule. */
  public readonly nightSchedule?: NightSchedule;
  /** Undefined unless `observability.metrics` is `amp`. */
  public readonly managedPrometheus?: ManagedPrometheus;
  public readonly systemNodes: SystemNodes;
  /** Nodes of the GPU pools, in the order of `pools`. */
  public readonly gpuNodes: readonly GpuNodes[];
  public readonly ready: readonly ITerraformDependable[];
  private readonly planned: readonly Application[];
  private readonly deliveryWarning = new DeliveryWarning(this);

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: OllamaGpuClusterProps,
  ) {
    super(scope, id);
    checkProps(props, CLUSTER_SHAPE);
    const plan = planCluster(this, props);
    const { clusterName, region, ownTags } = plan;
    const { provider } = props;
    this.clusterName = clusterName;
    this.region = region;
    this.kubernetesVersion = plan.kubernetesVersion.version;
    this.requestTimeoutSeconds = plan.requestTimeoutSeconds;
    this.maxWaiting = plan.maxWaiting;
    this.sessionHeader = props.sessionHeader;
    this.tags = plan.tags;

    const network = props.network ?? (this.createdNetwork = this.createNetwork(plan));
    this.network = network;
    this.serviceCidr = serviceCidr(props.serviceCidr, network.vpcCidr);
    this.controlPlane = this.createControlPlane(plan);
    this.resource = this.controlPlane.cluster;
    this.node.defaultChild = this.resource;
    this.clusterSecurityGroupId = this.resource.vpcConfig.clusterSecurityGroupId;
    this.ready = [this.resource];
    this.accessEntries = this.createAccess(plan);
    this.guardrails = new Guardrails(this, 'guardrails', {
      ...props.guardrails,
      clusterName,
      region,
      cluster: this.resource,
      kubernetesVersion: plan.kubernetesVersion,
      addOns: chosenAddOns(props.addOns),
      tags: ownTags,
      provider,
    });
    const addOns = this.addOnProps(plan);
    this.nodeAddOns = new NodeAddOns(this, 'node-add-ons', addOns);
    this.nodeRole = createNodeRole(this, { clusterName, forCni: false, tags: ownTags, provider });
    const nodes = this.nodesProps(plan, this.nodeAddOns.ready);
    this.systemNodes = new SystemNodes(this, 'system-nodes', { ...nodes, pool: plan.system, network });
    const serving = new ModelServing(this, {
      props,
      plan,
      cluster: this,
      nodes,
      installDevicePlugin: true,
      systemNodesPerHour: plan.system.size * (plan.system.instance.pricePerHour ?? 0),
      monthlyUsd: props.guardrails?.budget?.monthlyUsd,
    });
    this.pools = serving.pools;
    this.gpuNodes = serving.gpuNodes;
    this.planned = serving.applications;
    this.scraper = serving.scraper;
    this.nightSchedule = serving.nightSchedule;
    this.managedPrometheus = serving.managedPrometheus;
    this.systemAddOns = new SystemAddOns(this, 'system-add-ons', {
      ...addOns,
      volumeKeyArns: volumeKeys(this.pools),
      dependsOn: [this.systemNodes.nodeGroup.resource],
    });

    this.summary = this.summarize(plan);
    if (plan.outputs) this.addOutputs();
  }

  /** Applications of the Ollama servers and what they require. */
  public get applications(): readonly Application[] {
    return this.deliveryWarning.read(this.planned);
  }

  private createNetwork({ clusterName, region, ownTags }: ClusterPlan): Network {
    const { createNetwork, provider } = this.props;
    const networkProps = { ...createNetwork, networkName: clusterName, region, tags: ownTags, provider };
    return new Network(this, 'network', networkProps, CREATE_NETWORK);
  }

  private createControlPlane(plan: ClusterPlan): ControlPlane {
    const { secretsKeyArn, deletionProtection = false, allowReplacement = false, provider } = this.props;
    return new ControlPlane(this, 'control-plane', {
      ...plan,
      tags: plan.ownTags,
      network: this.network,
      chosenVpcId: this.props.network?.vpcId,
      serviceCidr: this.serviceCidr,
      allowReplacement,
      secretsKeyArn,
      deletionProtection,
      provider,
    });
  }

  private createAccess({ access, ownTags }: ClusterPlan): readonly AccessEntry[] {
    const { provider } = this.props;
    return [...access].map(
      ([name, entry]) =>
        new AccessEntry(this, `access-${name}`, { clusterName: this.resource.name, entry, tags: ownTags, provider }),
    );
  }

  private addOnProps({ clusterName, kubernetesVersion, ownTags, tags }: ClusterPlan) {
    const { addOns = {}, provider } = this.props;
    return {
      clusterName: this.resource.name,
      // Not the attribute of the cluster: the roles of add-ons would wait for it, and the add-ons for them.
      clusterArn: AwsAccount.of(this, provider).eksClusterArn(this.region, clusterName),
      installation: clusterName,
      kubernetesVersion,
      options: addOns,
      tags: ownTags,
      volumeTags: tags,
      provider,
    };
  }

  /** Returns all dependencies of node groups: they are created after, and deleted before, what their nodes need. */
  private nodesProps({ clusterName, tags }: ClusterPlan, nodeAddOns: readonly ITerraformDependable[]): NodesProps {
    const { nodeRole } = this;
    const { provider } = this.props;
    return {
      clusterName: this.resource.name,
      installation: clusterName,
      kubernetesVersion: this.kubernetesVersion,
      nodeRoleArn: nodeRole.roleArn,
      dependsOn: [...nodeRole.grants, ...nodeAddOns],
      tags,
      provider,
    };
  }

  private summarize(plan: ClusterPlan): ClusterSummary {
    const { network, props, pools } = this;
    const summary = summarize({
      ...plan,
      kubernetesVersion: this.kubernetesVersion,
      pools,
      observability: props.observability,
      created: {
        ...plan,
        natGateways: network instanceof Network ? network.natGatewayCount : 0,
        interfaceEndpoints: network instanceof Network ? network.interfaceEndpointCount : 0,
        kmsKeys: this.controlPlane.secretsKey === undefined ? 0 : 1,
        access: [...plan.access.values()],
        hasBudget: props.guardrails?.budget !== undefined,
        hasStrictPodInterfaces: hasStrictPodInterfaces(props.addOns?.vpcCni?.configuration),
        hasNoInternet: props.createNetwork?.nat === 'none',
      },
    });
    StackFile.add(this, SUMMARIES, summary);
    const support = supportWarning(plan.kubernetesVersion, new Date());
    [...summary.warnings, ...(support === undefined ? [] : [support])].forEach((warning) =>
      Annotations.of(this).addWarning(warning),
    );
    return summary;
  }

  private addOutputs(): void {
    const { clusterName, region, network, systemNodes, gpuNodes, accessEntries } = this;
    addClusterOutputs(
      this,
      this.props.outputPrefix ?? '',
      {
        clusterName,
        region,
        vpcId: network.vpcId,
        vpcCidr: network.vpcCidr,
        gpuNodeGroupNames: Object.fromEntries(
          gpuNodes.map(({ pool, nodeGroup }) => [pool.name, nodeGroup.nodeGroupName]),
        ),
        systemNodeGroupName: systemNodes.nodeGroup.nodeGroupName,
      },
      [this.resource, ...accessEntries.flatMap(({ ready }) => ready)],
    );
  }
}

/** Returns the KMS keys that encrypt model volumes. */
function volumeKeys(pools: readonly GpuPool[]): readonly string[] {
  const keys = pools.map(({ cache }) => (cache.kind === 'ebs' ? cache.kmsKeyId : undefined));
  return [...new Set(keys)].filter((key) => key !== undefined);
}
