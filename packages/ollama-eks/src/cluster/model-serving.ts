import { ValidationError } from '../errors';
import { Construct, TerraformStack } from '../framework';
import type { Application } from '../gitops/application';
import { scraperOf } from '../observability/collector';
import { observabilityApplications } from '../observability/observability';
import type { RuleInput } from '../observability/rule-groups';
import { ollamaApplications } from '../workload/applications';
import type { Scraper } from '../workload/scraper';
import type { IEksCluster } from './cluster-ref';
import { NightSchedule } from './guardrails/night-schedule';
import { PoolChecks, type PoolChecksProps } from './guardrails/pool-checks';
import type { ModelServingPlan } from './model-serving-plan';
import type { ModelServingProps } from './model-serving-props';
import { GpuNodes, knownZones } from './nodes/gpu-nodes';
import type { GpuPool } from './nodes/gpu-pool';
import { planGpuPools } from './nodes/gpu-pool-plan';
import type { NodesProps } from './nodes/node-group';
import { ManagedPrometheus } from './telemetry/managed-prometheus';

/**
 * Id of the ModelServing in its parent. CDKTF leaves it out of addresses, so nodes have the same ones as in a construct without it.
 * @see https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/private/unique.ts
 */
export const MODEL_SERVING = 'Default';

/** Properties of a ModelServing. */
export interface ModelServingConstructProps {
  /** What the user asked for. */
  readonly props: ModelServingProps & { readonly guardrails?: PoolChecksProps };
  readonly plan: ModelServingPlan;
  readonly cluster: IEksCluster;
  /** What the nodes of all pools share. */
  readonly nodes: NodesProps;
  /** Whether to install NVIDIA's device plugin where nodes need it. */
  readonly installDevicePlugin: boolean;
  /** Tags that model volumes get; none where the CSI driver adds them. */
  readonly volumeTags?: Readonly<Record<string, string>>;
  /** Price of all system nodes in USD per hour. @default 0 - they belong to somebody else */
  readonly systemNodesPerHour?: number;
  /** Monthly budget in USD. @default - none */
  readonly monthlyUsd?: number;
}

/** GPU nodes of a cluster, with their checks and schedule, and the Ollama servers on them as Applications. */
export class ModelServing extends Construct {
  /** The resolved pools, in order of preference. */
  public readonly pools: readonly GpuPool[];
  /** In the order of `pools`. */
  public readonly gpuNodes: readonly GpuNodes[];
  /** Undefined without a schedule. */
  public readonly nightSchedule?: NightSchedule;
  public readonly applications: readonly Application[];
  /** Undefined without observability. */
  public readonly scraper?: Scraper;
  /** Undefined unless AWS collects the metrics. */
  public readonly managedPrometheus?: ManagedPrometheus;

  public constructor(
    scope: Construct,
    private readonly props: ModelServingConstructProps,
  ) {
    super(scope, MODEL_SERVING);
    this.checkOnlyOne();
    const { observability } = props.props;
    this.scraper = observability === undefined ? undefined : scraperOf(observability, props.cluster.network.vpcCidr);
    this.pools = planPools(props);
    this.applications = [...planApplications(this.pools, props, this.scraper), ...planObservability(this.pools, props)];
    this.gpuNodes = this.createNodes();
    this.nightSchedule = this.createSchedule();
    this.managedPrometheus = this.createManagedPrometheus();
  }

  /** Namespaces and objects of the servers have fixed names, so only one of each can exist in a cluster. */
  private checkOnlyOne(): void {
    const { cluster, props } = this.props;
    const twin = TerraformStack.of(this)
      .node.findAll()
      .find((other) => {
        if (!(other instanceof ModelServing) || other === this) return false;
        const { cluster: its, props: itsProps } = other.props;
        const isSameName = its.clusterName === cluster.clusterName && its.region === cluster.region;
        return isSameName && itsProps.provider === props.provider;
      });
    if (twin === undefined) return;
    throw new ValidationError(
      {
        property: 'cluster',
        value: cluster.clusterName,
        problem: `already has GPU pools, those of ${twin.node.scope?.node.path}`,
        allowed: 'one OllamaGpuCluster or OllamaGpuPools per cluster',
        remedy: 'add the pools to its `gpu`, which may be a list',
      },
      this.node.scope,
    );
  }

  private createNodes(): readonly GpuNodes[] {
    const { props, cluster, nodes } = this.props;
    const { network, clusterSecurityGroupId } = cluster;
    const { quotaCheck, offeringCheck } = props.guardrails ?? {};
    const { pools } = this;
    const checks = new PoolChecks(this, 'guardrails', { quotaCheck, offeringCheck, pools, provider: props.provider });
    return pools.map(
      (pool) =>
        new GpuNodes(this, `gpu-nodes-${pool.name}`, {
          ...nodes,
          pool,
          network,
          clusterSecurityGroupId,
          checksIn: (zone) => checks.checksOf(pool, zone),
        }),
    );
  }

  private createManagedPrometheus(): ManagedPrometheus | undefined {
    const { props, plan, cluster } = this.props;
    const { observability, provider } = props;
    if (observability?.metrics !== 'amp') return undefined;
    return new ManagedPrometheus(this, 'managed-prometheus', {
      props: observability,
      cluster,
      rules: rulesOf(this.pools, this.props),
      tags: plan.ownTags,
      provider,
    });
  }

  private createSchedule(): NightSchedule | undefined {
    const { props, plan, cluster } = this.props;
    if (props.nightSchedule === undefined) return undefined;
    const { clusterName, region } = cluster;
    return new NightSchedule(this, 'night-schedule', {
      ...props.nightSchedule,
      clusterName,
      region,
      gpuNodes: this.gpuNodes,
      tags: plan.ownTags,
      provider: props.provider,
    });
  }
}

/** What the rules of metrics are about. */
function rulesOf(
  pools: readonly GpuPool[],
  { systemNodesPerHour = 0, monthlyUsd }: ModelServingConstructProps,
): RuleInput {
  return { pools, systemNodesPerHour, monthlyUsd };
}

function planPools({ props, cluster, volumeTags }: ModelServingConstructProps): readonly GpuPool[] {
  const { region, kubernetesVersion, network } = cluster;
  return planGpuPools(props.gpu, {
    models: props.models,
    kvCacheType: props.kvCacheType,
    region,
    kubernetesVersion,
    zones: knownZones(network),
    zoneCount: network.zoneCount,
    networkNamesZones: network.zones !== undefined,
    volumeTags,
    telemetry: props.observability !== undefined,
  });
}

function planApplications(
  pools: readonly GpuPool[],
  { props, plan, cluster, installDevicePlugin }: ModelServingConstructProps,
  scraper: Scraper | undefined,
): readonly Application[] {
  const { modelPull, registryCidrs, image, proverImage, sessionHeader } = props;
  const { requestTimeoutSeconds, maxWaiting } = plan;
  return ollamaApplications({
    pools,
    requestTimeoutSeconds,
    maxWaiting,
    vpcCidr: cluster.network.vpcCidr,
    serviceCidr: cluster.serviceCidr,
    modelPull,
    registryCidrs,
    sessionHeader,
    scraper,
    image,
    proverImage,
    installDevicePlugin,
  });
}

function planObservability(pools: readonly GpuPool[], construct: ModelServingConstructProps): readonly Application[] {
  const { props, cluster, volumeTags } = construct;
  const { observability } = props;
  if (observability === undefined) return [];
  return observabilityApplications({
    ...rulesOf(pools, construct),
    props: observability,
    pools,
    vpcCidr: cluster.network.vpcCidr,
    serviceCidr: cluster.serviceCidr,
    volumeTags,
  });
}
