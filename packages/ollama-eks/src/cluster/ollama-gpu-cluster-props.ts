import type { KubernetesVersion } from '../catalogue/kubernetes-version';
import type { TerraformProvider } from '../framework';
import type { Scraper } from '../workload/scraper';
import type { ServedPool } from './cluster-ref';
import type { AccessEntryProps } from './control-plane/access-entry';
import type { AddOnsProps } from './control-plane/add-ons';
import type { ControlPlaneLogsProps } from './control-plane/control-plane-logs';
import type { EndpointProps } from './control-plane/endpoint';
import type { GuardrailsProps } from './guardrails/guardrails';
import type { ModelServingProps } from './model-serving-props';
import type { NetworkCreateProps } from './network/network';
import type { INetwork } from './network/network-ref';
import type { SystemPoolProps } from './nodes/system-pool';

/** Properties of an OllamaGpuCluster. */
export interface OllamaGpuClusterProps extends ModelServingProps {
  /**
   * Name of the EKS cluster: 1–100 letters, digits, `-`, `_`, beginning with a letter or digit. It may be a token, such as the
   * variable of a module, unless an exposure or a PlatformStack uses the cluster. A change replaces
   * the cluster: every plan refuses it unless `allowReplacement` is set.
   */
  readonly clusterName: string;
  /**
   * AWS region, known at synth. Every plan refuses a change, with which Terraform would lose sight of what exists.
   * @default - the region of the enclosing InfrastructureStack; required in other stacks
   */
  readonly region?: string;
  /**
   * An existing network (`Network.fromAttributes`, `Network.fromLookup`). Its VPC cannot be changed after creation: EKS does not
   * move a cluster, and a plan that changes the VPC fails.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
   * @default - a network is created
   */
  readonly network?: INetwork;
  /** Network to create; must not be combined with `network`. @default - 10.0.0.0/16, three zones, one NAT gateway */
  readonly createNetwork?: NetworkCreateProps;
  /**
   * IPv4 range of Services, /12 to /24 in private space. Cannot be changed after creation, so every plan refuses it.
   * @default - 172.20.0.0/16, or 10.100.0.0/16 where the VPC overlaps it
   */
  readonly serviceCidr?: string;
  /**
   * Kubernetes version. A change upgrades the control plane, then rolls all nodes. A plan refuses what EKS does not support, to
   * skip a minor version or to downgrade, and add-ons that would be behind (`guardrails.upgradeCheck`).
   * @default KubernetesVersion.DEFAULT
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * What EKS does when standard support of the version ends: `STANDARD` upgrades the cluster, `EXTENDED` keeps the version at
   * six times the price.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html
   * @default 'STANDARD'
   */
  readonly upgradePolicy?: 'STANDARD' | 'EXTENDED';
  /** Whether EKS refuses to delete the cluster until this is turned off. Requires AWS provider 6. @default false */
  readonly deletionProtection?: boolean;
  /**
   * Whether a plan may replace the cluster because `clusterName` changed, which loses everything that runs in it, model volumes
   * included. With it, choices for life may change, too: `network`, `createNetwork.cidr`, `serviceCidr` and `secretsKeyArn`. Set it
   * for that apply only.
   * @default false
   */
  readonly allowReplacement?: boolean;
  /** How the Kubernetes API is reached. @default - from inside the VPC only */
  readonly endpoint?: EndpointProps;
  /**
   * Who can use the Kubernetes API. Nobody else can, not even the principal that creates the cluster. A change takes effect at
   * once, for the principal that applies it, too.
   * @default - nobody
   */
  readonly access?: readonly AccessEntryProps[];
  /**
   * ARN of the KMS key that encrypts Kubernetes Secrets, in the cluster's region; may be a token. Cannot be changed, set or
   * removed after creation: EKS associates a key once, and a plan that changes it fails.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
   * @default - a key is created
   */
  readonly secretsKeyArn?: string;
  /** Logs of the control plane. @default - api, audit and authenticator for 90 days */
  readonly logs?: ControlPlaneLogsProps;
  /** Node pool for everything that does not need a GPU. @default - two m7i.large */
  readonly system?: SystemPoolProps;
  /** Version and configuration of the add-ons. @default - pinned for the Kubernetes version */
  readonly addOns?: AddOnsProps;
  /** Cost budget, and checks when Terraform plans. @default - all checks, no budget */
  readonly guardrails?: GuardrailsProps;
}

/** Properties that describe an existing cluster. */
export interface ExistingCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** @default - the region of the enclosing InfrastructureStack; required in other stacks */
  readonly region?: string;
  readonly network: INetwork;
  /** What the cluster serves, at least one pool. `new OllamaGpuCluster` derives this from `gpu`; for an existing cluster it is required. */
  readonly pools: readonly ServedPool[];
  /** @default KubernetesVersion.DEFAULT */
  readonly kubernetesVersion?: KubernetesVersion;
  /** IPv4 range of Services. @default - 172.20.0.0/16, or 10.100.0.0/16 where the VPC overlaps it, as EKS chooses */
  readonly serviceCidr?: string;
  /** @default 600 */
  readonly requestTimeoutSeconds?: number;
  /** @default 8 */
  readonly maxWaiting?: number;
  /** Request header of sessions; only used with several servers. @default 'X-Claude-Code-Session-Id' */
  readonly sessionHeader?: string;
  /** Prometheus that scrapes the servers, which mesh and gateway admit. @default - none */
  readonly scraper?: Scraper;
  /** @default - the tags of the stack */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An existing cluster that Terraform looks up by its name. */
export interface OllamaGpuClusterLookup extends ExistingCluster {
  /** AWS provider that looks it up. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** Attributes of an existing cluster. */
export interface OllamaGpuClusterAttributes extends ExistingCluster {
  /** Id of the security group that EKS attaches to nodes and control plane; may be a token. */
  readonly clusterSecurityGroupId: string;
}
