import type { KubernetesVersion } from '../../catalogue/kubernetes-version';
import { checkOneOf } from '../../check-text';
import { Construct, Fn, Op, type TerraformProvider, TerraformStack, Token } from '../../framework';
import { aws, type EksCluster } from '../../providers/aws';
import type { GpuPool } from '../nodes/gpu-pool';
import type { PlanCheck } from '../nodes/node-group';
import { Budget, type BudgetProps } from './budget';
import { type ChosenAddOn, UpgradeCheck } from './upgrade-check';
import { vcpuQuotas } from './vcpu-quota';

/** Protection from costly surprises. The checks run at plan, before anything is created. */
export interface GuardrailsProps {
  /** Budget with notifications. The tag `ollama-eks/cluster` must be activated as a cost allocation tag. @default - none */
  readonly budget?: BudgetProps;
  /**
   * Whether a plan fails if the account's vCPU quota is too small for the GPU nodes at their maximum. Spot nodes of P types
   * after P5 are not checked: their quota is not known.
   * @default true
   */
  readonly quotaCheck?: boolean;
  /** Whether a plan fails if the zone of a GPU pool does not offer its instance type. @default true */
  readonly offeringCheck?: boolean;
  /**
   * Whether a plan warns of a Kubernetes version that is out of standard support: by the dates of the `catalogue`, by the
   * answer of EKS (`eks`, which requires eks:DescribeClusterVersions), or not at all (`none`).
   * @default - 'catalogue' if it has a date for the version, otherwise 'eks'
   */
  readonly versionCheck?: 'catalogue' | 'eks' | 'none';
  /**
   * Whether a plan fails if `kubernetesVersion` is neither the version that runs nor the next one, since EKS upgrades one minor
   * version at a time and does not downgrade, or if the upgrade would leave an add-on of `addOns` behind the version that EKS
   * installs with the new one. Requires eks:ListClusters, eks:DescribeCluster and eks:DescribeAddonVersions.
   * @default true
   */
  readonly upgradeCheck?: boolean;
}

/** Properties of Guardrails. */
export interface GuardrailsConstructProps extends GuardrailsProps {
  readonly clusterName: string;
  readonly region: string;
  readonly cluster: EksCluster;
  readonly kubernetesVersion: KubernetesVersion;
  readonly addOns: readonly ChosenAddOn[];
  readonly pools: readonly GpuPool[];
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

const VERSION_CHECKS = ['catalogue', 'eks', 'none'] as const;

/** The budget of a cluster, and its checks at plan. */
export class Guardrails extends Construct {
  /** Undefined without a budget. */
  public readonly budget?: Budget;
  private readonly quotas = new Map<string, PlanCheck>();

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: GuardrailsConstructProps,
  ) {
    super(scope, id);
    const { budget, clusterName, region, tags, provider } = props;
    if (props.versionCheck !== undefined) checkOneOf('guardrails.versionCheck', props.versionCheck, VERSION_CHECKS);
    if (budget !== undefined)
      this.budget = new Budget(this, 'budget', { ...budget, clusterName, region, tags, provider });
    if (props.quotaCheck ?? true) this.checkQuotas();
    this.checkVersion();
    if (props.upgradeCheck ?? true) new UpgradeCheck(this, 'upgrade', props);
  }

  /** Returns the checks that must pass before the nodes of a pool are created. `zone` may be a token. */
  public checksOf(pool: GpuPool, zone: string | undefined): readonly PlanCheck[] {
    const quota = this.quotas.get(pool.name);
    return [
      ...(quota === undefined ? [] : [quota]),
      ...(zone === undefined || this.props.offeringCheck === false ? [] : [this.offeringCheck(pool, zone)]),
    ];
  }

  private offeringCheck({ name, instance }: GpuPool, zone: string): PlanCheck {
    const offered = new aws.DataAwsEc2InstanceTypeOfferings(this, `offering-${name}`, {
      locationType: 'availability-zone',
      filter: [{ name: 'instance-type', values: [instance.name] }],
      provider: this.props.provider,
    });
    const zones = Fn.join(', ', Token.asList(Fn.sort(offered.locations)));
    return {
      condition: Token.asAny(Fn.contains(offered.locations, zone)),
      errorMessage:
        `${instance.name} is not offered in the zone of GPU pool ${name}, only in: ${zones}. ` +
        'Set one of these as the zone of the pool (and of the network).',
    };
  }

  private checkQuotas(): void {
    for (const { code, name, vcpus, pools } of vcpuQuotas(this.props.pools)) {
      const quota = new aws.DataAwsServicequotasServiceQuota(this, `quota-${code.toLowerCase()}`, {
        serviceCode: 'ec2',
        quotaCode: code,
        provider: this.props.provider,
      });
      const check = {
        condition: Op.gte(quota.value, vcpus),
        errorMessage:
          `GPU nodes (${pools.join(', ')}) need ${vcpus} vCPUs, more than the quota "${name}" (${code}) ` +
          'of this account and region. Request an increase in Service Quotas, or lower maxSize.',
      };
      pools.forEach((pool) => this.quotas.set(pool, check));
    }
  }

  private checkVersion(): void {
    const { versionCheck, kubernetesVersion } = this.props;
    const { endOfStandardSupport } = kubernetesVersion;
    if (versionCheck === 'none') return;
    if (versionCheck === 'eks' || endOfStandardSupport === undefined) this.checkVersionByEks();
    else this.checkVersionByDate(endOfStandardSupport);
  }

  private checkVersionByDate(endOfStandardSupport: string): void {
    const { version } = this.props.kubernetesVersion;
    this.warnUnless(
      // Terraform requires a reference to an object in every assertion, and the running version is what matters.
      `timecmp(plantimestamp(), "${endOfStandardSupport}T23:59:59Z") <= 0 || ${this.clusterVersion} != "${version}"`,
      `Standard support of Kubernetes ${version} on EKS ended on ${endOfStandardSupport}. Upgrade one minor version at a time.`,
    );
  }

  private checkVersionByEks(): void {
    const { kubernetesVersion, provider } = this.props;
    const { version } = kubernetesVersion;
    const versions = new aws.DataAwsEksClusterVersions(this, 'version', { clusterVersionsOnly: [version], provider });
    const found = `data.${versions.terraformResourceType}.${versions.friendlyUniqueId}.cluster_versions`;
    this.warnUnless(
      // EKS returns nothing for a version that it no longer supports.
      `length(${found}) > 0 && alltrue([for v in ${found} : v.version_status == "STANDARD_SUPPORT"])`,
      `EKS does not list Kubernetes ${version} as being in standard support. Upgrade one minor version at a time.`,
    );
  }

  /** Adds a check block: it warns without stopping the plan, since an old version must not block other changes. */
  private warnUnless(condition: string, message: string): void {
    TerraformStack.of(this).addOverride(`check.${this.checkName}`, {
      assert: { condition: `\${${condition}}`, error_message: message },
    });
  }

  /** Reference to the running version of the cluster. */
  private get clusterVersion(): string {
    const { cluster } = this.props;
    return `${cluster.terraformResourceType}.${cluster.friendlyUniqueId}.version`;
  }

  private get checkName(): string {
    return `kubernetes_version_${this.props.clusterName.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  }
}
