import type { KubernetesVersion } from '../catalogue/kubernetes-version';
import type { TerraformProvider } from '../framework';
import type { KvCacheType } from '../sizing/kv-cache';
import type { OllamaModel } from '../sizing/served-model';
import type { ContainerImage } from '../workload/container-image';
import type { ModelPull } from '../workload/workload-spec';
import type { ServedPool } from './cluster-ref';
import type { AccessEntryProps } from './control-plane/access-entry';
import type { AddOnsProps } from './control-plane/add-ons';
import type { ControlPlaneLogsProps } from './control-plane/control-plane-logs';
import type { EndpointProps } from './control-plane/endpoint';
import type { GuardrailsProps } from './guardrails/guardrails';
import type { NightScheduleProps } from './guardrails/night-schedule';
import type { NetworkCreateProps } from './network/network';
import type { INetwork } from './network/network-ref';
import type { GpuPoolProps } from './nodes/gpu-pool';
import type { SystemPoolProps } from './nodes/system-pool';

/** Properties of an OllamaGpuCluster. */
export interface OllamaGpuClusterProps {
  /**
   * Name of the EKS cluster, known at synth: 1–100 letters, digits, `-`, `_`, beginning with a letter or digit. A change replaces
   * the cluster: every plan refuses it unless `allowReplacement` is set.
   */
  readonly clusterName: string;
  /**
   * A pool of GPU nodes, or several in order of preference. A change of the number of pools restarts all servers, whose queues
   * depend on it; nodes and volumes of the other pools stay.
   */
  readonly gpu: GpuPoolProps | readonly GpuPoolProps[];
  /**
   * Models that every server holds in GPU memory at the same time. At least one. A change restarts the servers, which pull
   * the models that they do not have yet; volumes stay as they are.
   */
  readonly models: readonly OllamaModel[];
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
  /** `OLLAMA_KV_CACHE_TYPE`. A change restarts the servers. @default 'f16' */
  readonly kvCacheType?: KvCacheType;
  /**
   * Who pulls models from the registry. A change restarts the servers.
   * - `online`: the servers. A starting server deletes the models that it no longer serves.
   * - `job`: a Job for each server, on its node; the servers have no egress at all. Requires models on EBS.
   * - `offline`: nobody. The servers have no egress and keep all models, unlisted if they are not served, and by default model
   *   volumes are kept when the workload is removed (`cache.retain`).
   * @default 'online'
   */
  readonly modelPull?: ModelPull;
  /**
   * IPv4 ranges of the registries from which models are pulled, such as `['10.0.12.0/24']` for a mirror in the VPC whose name is
   * part of the names of the models: `mirror.example.com/library/qwen3:8b`. Its certificate must be issued by a public authority.
   * Pulls can then connect to no other address, and to the port in the names of the models.
   * @default - the internet without private networks, on port 443, since registry.ollama.ai has no fixed addresses
   */
  readonly registryCidrs?: readonly string[];
  /** Ollama image, 0.30 or later: another release, a digest, or your own build. `mirrors` of a delivery apply to it. @default OLLAMA_IMAGE */
  readonly image?: ContainerImage;
  /** Image with `sh` and `curl`, for the Job that verifies that every model answers. @default CURL_IMAGE */
  readonly proverImage?: ContainerImage;
  /**
   * Request header by which requests of one session go to the same of several servers, so that its prompt cache is warm, in
   * addition to the headers of Claude Code, Codex and OpenCode. Requests without any go to the server with the fewest requests.
   * @default 'X-Claude-Code-Session-Id'
   */
  readonly sessionHeader?: string;
  /**
   * Time budget of one request on every hop, in seconds, 60–6000. More than 660 is a warning: EKS drains a node for 15 minutes,
   * and an update of a node group fails if a request still runs then. Servers that share a node leave it one by one, so synth also
   * warns of shorter requests there. A change restarts servers and gateways.
   * @default 600
   */
  readonly requestTimeoutSeconds?: number;
  /**
   * Requests that may wait per server in addition to the `parallel` ones in progress; further requests are refused at once,
   * with a session or without one. A change restarts the servers.
   * @default 8
   */
  readonly maxWaiting?: number;
  /** Cost budget, and checks when Terraform plans. @default - all checks, no budget */
  readonly guardrails?: GuardrailsProps;
  /** Scales the GPU pools to zero outside working hours. @default - none */
  readonly nightSchedule?: NightScheduleProps;
  /**
   * Additional tags of every AWS object; values may be tokens. At most 40 together with the stack's tags. No key may begin
   * with `kubernetes.io`: the EBS CSI driver, which tags volumes with them, would not start. A change replaces the nodes one by one,
   * and reaches every object except model volumes, which keep the tags that they were created with.
   * @default - the tags of the stack, and `ollama-eks/cluster`
   */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether to add the outputs named in `CLUSTER_OUTPUTS` to the stack. @default - true in an InfrastructureStack, otherwise false */
  readonly outputs?: boolean;
  /** Prefix of the output names, for a second cluster in a stack: `blue_`. @default - none */
  readonly outputPrefix?: string;
  /** AWS provider of every resource. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
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
