/** https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html */
import type { AddOnName, KubernetesVersion } from '../../catalogue/kubernetes-version';
import { Construct, Fn, type Postcondition, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { DataAwsEksCluster } from '../../providers/aws-types';

/** An add-on whose version the user chose. */
export interface ChosenAddOn {
  readonly addOnName: AddOnName;
  /** Property that errors name: `addOns.vpcCni`. */
  readonly property: string;
  /** `v1.22.4-eksbuild.3`; may be a token. */
  readonly version: string;
}

/** Properties of an UpgradeCheck. */
export interface UpgradeCheckProps {
  readonly clusterName: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly addOns: readonly ChosenAddOn[];
  readonly provider?: TerraformProvider;
}

/** Compares the Kubernetes version with the one that runs. The plan fails if EKS would refuse the change, or the add-ons be behind. */
export class UpgradeCheck extends Construct {
  /** The cluster as the plan finds it, if it exists. */
  public readonly resource: DataAwsEksCluster;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: UpgradeCheckProps,
  ) {
    super(scope, id);
    const { clusterName, provider } = props;
    const existing = new aws.DataAwsEksClusters(this, 'existing', { provider });
    this.resource = new aws.DataAwsEksCluster(this, 'running', {
      name: clusterName,
      // The cluster is looked up only if it exists, which it does not at the first plan.
      count: Token.asNumber(Fn.conditional(Fn.contains(existing.names, clusterName), 1, 0)),
      lifecycle: { postcondition: [this.isReachable(), ...props.addOns.map((addOn) => this.isCurrent(addOn))] },
      provider,
    });
    this.node.defaultChild = this.resource;
  }

  private isReachable(): Postcondition {
    const { version } = this.props.kubernetesVersion;
    return {
      condition: `\${contains(${JSON.stringify([previousMinor(version), version])}, self.version)}`,
      errorMessage:
        `kubernetesVersion = "${version}": the cluster runs \${self.version}, and EKS neither skips a minor version nor ` +
        'downgrades; allowed: the version that runs, or the next one; upgrade one minor version at a time',
    };
  }

  /** An add-on may stay where it is, but an upgrade must not leave it behind what EKS installs with the new version. */
  private isCurrent({ addOnName, property, version: chosen }: ChosenAddOn): Postcondition {
    const { kubernetesVersion, provider } = this.props;
    const { version } = kubernetesVersion;
    const standard = new aws.DataAwsEksAddonVersion(this, `default-${addOnName}`, {
      addonName: addOnName,
      kubernetesVersion: version,
      mostRecent: false,
      provider,
    }).version;
    return {
      condition: `\${self.version == "${version}" || ${orderOf(chosen)} >= ${orderOf(standard)}}`,
      errorMessage:
        `${property}.version = "${chosen}": is behind ${standard}, which EKS installs with Kubernetes ${version}; ` +
        'allowed: that version or a newer one; set it together with kubernetesVersion, or omit it',
    };
  }
}

/** Returns an expression for the place of an add-on version among others: `v1.22.4-eksbuild.3` is 0001002200040003. */
function orderOf(version: string): string {
  // CDKTF writes a token within an expression as a bare reference.
  const text = Token.isUnresolved(version) ? version : JSON.stringify(version);
  return `tonumber(join("", [for part in regexall("[0-9]+", ${text}) : format("%04d", tonumber(part))]))`;
}

/** Returns the minor version before: `1.34` for `1.35`. */
function previousMinor(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return `${major}.${Number(minor) - 1}`;
}
