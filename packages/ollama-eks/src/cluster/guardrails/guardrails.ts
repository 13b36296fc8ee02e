import type { KubernetesVersion } from '../../catalogue/kubernetes-version';
import { checkOneOf } from '../../check-text';
import { Construct, type TerraformProvider, TerraformStack, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { EksCluster } from '../../providers/aws-types';
import { Budget, type BudgetProps } from './budget';
import type { PoolChecksProps } from './pool-checks';
import { type ChosenAddOn, UpgradeCheck } from './upgrade-check';

/** Protection from costly surprises. The checks run at plan, before anything is created. */
export interface GuardrailsProps extends PoolChecksProps {
  /** Budget with notifications. The tag `ollama-eks/cluster` must be activated as a cost allocation tag. @default - none */
  readonly budget?: BudgetProps;
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
  readonly tags: Readonly<Record<string, string>>;
  readonly provider?: TerraformProvider;
}

const VERSION_CHECKS = ['catalogue', 'eks', 'none'] as const;

/** The budget of a cluster, which is its main resource, and its checks at plan. */
export class Guardrails extends Construct {
  /** Undefined without a budget. */
  public readonly budget?: Budget;
  /** Undefined with `upgradeCheck: false`. */
  public readonly upgradeCheck?: UpgradeCheck;

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
    this.node.defaultChild = this.budget?.resource;
    this.checkVersion();
    if (props.upgradeCheck ?? true) this.upgradeCheck = new UpgradeCheck(this, 'upgrade', props);
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
    const { clusterName, cluster } = this.props;
    const name = Token.isUnresolved(clusterName) ? cluster.friendlyUniqueId : clusterName;
    return `kubernetes_version_${name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  }
}
