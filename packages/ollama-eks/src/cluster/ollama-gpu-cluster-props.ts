import type { KubernetesVersion } from '../catalogue/kubernetes-version';
import type { TerraformProvider } from '../framework';
import type { KvCacheType } from '../sizing/kv-cache';
import type { OllamaModel } from '../sizing/served-model';
import type { ContainerImage } from '../workload/container-image';
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
  /** Name of the EKS cluster, known at synth: 1–100 letters, digits, `-`, `_`, beginning with a letter or digit. */
  readonly clusterName: string;
  /** A pool of GPU nodes, or several in order of preference. */
  readonly gpu: GpuPoolProps | readonly GpuPoolProps[];
  /**
   * The models that every server holds in GPU memory at the same time. At least one. A change restarts the servers, which pull
   * what they lack; volumes stay as they are.
   */
  readonly models: readonly OllamaModel[];
  /** AWS region, known at synth. @default - that of the InfrastructureStack around it; required elsewhere */
  readonly region?: string;
  /**
   * An existing network (`Network.fromAttributes`, `Network.fromLookup`). Its VPC cannot be changed after creation: EKS does not
   * move a cluster, and a plan in which the VPC is another one fails.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
   * @default - a network is created
   */
  readonly network?: INetwork;
  /** The network that is made; not with `network`. @default - 10.0.0.0/16, three zones, one NAT gateway */
  readonly createNetwork?: NetworkCreateProps;
  /** IPv4 range of Services, /12 to /24 in private space. @default - 172.20.0.0/16, or 10.100.0.0/16 where the VPC overlaps it */
  readonly serviceCidr?: string;
  /** @default KubernetesVersion.DEFAULT */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * What becomes of the cluster when standard support of its version ends: `STANDARD` upgrades it, `EXTENDED` keeps it at
   * six times the price.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html
   * @default 'STANDARD'
   */
  readonly upgradePolicy?: 'STANDARD' | 'EXTENDED';
  /** Whether the cluster can't be deleted until this is turned off; needs AWS provider 6. @default false */
  readonly deletionProtection?: boolean;
  /** How the Kubernetes API is reached. @default - from inside the VPC only */
  readonly endpoint?: EndpointProps;
  /** Who may use the Kubernetes API; nobody gets in unnamed, whoever creates the cluster included. @default - nobody */
  readonly access?: readonly AccessEntryProps[];
  /**
   * ARN of the KMS key that encrypts Kubernetes Secrets, of the cluster's region; may be a token. Cannot be changed, set or
   * removed after creation: EKS associates a key once, and a plan in which the key is another one fails.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
   * @default - a key is created
   */
  readonly secretsKeyArn?: string;
  /** Logs of the control plane. @default - api, audit and authenticator for 90 days */
  readonly logs?: ControlPlaneLogsProps;
  /** The pool of everything that needs no GPU. @default - two m7i.large */
  readonly system?: SystemPoolProps;
  /** Version and configuration of the add-ons. @default - pinned for the Kubernetes version */
  readonly addOns?: AddOnsProps;
  /** `OLLAMA_KV_CACHE_TYPE`. @default 'f16' */
  readonly kvCacheType?: KvCacheType;
  /**
   * Whether servers may pull models from the registry. With `online`, a server that starts deletes the models that it no longer
   * serves. With `offline`, it keeps them, unlisted, and by default the volumes of models are kept when the workload is removed
   * (`cache.retain`).
   * @default 'online'
   */
  readonly modelPull?: 'online' | 'offline';
  /** Image of Ollama, from 0.30 on: another release, a digest, a mirror. @default OLLAMA_IMAGE */
  readonly image?: ContainerImage;
  /** Image with `sh` and `curl`, for the Job that proves that every model answers. @default CURL_IMAGE */
  readonly proverImage?: ContainerImage;
  /**
   * Request header by which requests of one session go to the same of several servers, so that its prompt cache is warm, in
   * addition to the headers of Claude Code, Codex and OpenCode. Requests without any go to the server with the fewest requests.
   * @default 'X-Claude-Code-Session-Id'
   */
  readonly sessionHeader?: string;
  /** Budget of one request on every hop, in seconds, 60–6000. @default 900 */
  readonly requestTimeoutSeconds?: number;
  /**
   * Requests that may wait per server beyond the `parallel` ones; further ones are refused at once. With several servers,
   * requests with a session and without one are counted separately.
   * @default 8
   */
  readonly maxWaiting?: number;
  /** Budget and checks at plan. @default - all checks, no budget */
  readonly guardrails?: GuardrailsProps;
  /** Scales the GPU pools to zero outside working hours. @default - none */
  readonly nightSchedule?: NightScheduleProps;
  /**
   * Further tags of every AWS object; values may be tokens. With those of the stack at most 40, none with a key that begins
   * with `kubernetes.io`: the EBS CSI driver, which tags volumes with them, would not start. A change reaches every object but
   * volumes of models, which keep the tags that they were created with.
   * @default - those of the stack, and `ollama-eks/cluster`
   */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether the stack gets the outputs of `ClusterOutputs`. @default - true in an InfrastructureStack, else false */
  readonly outputs?: boolean;
  /** Put before the names of the outputs, for a second cluster in a stack: `blue_`. @default - nothing */
  readonly outputPrefix?: string;
  /** AWS provider of every resource. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** What has to be told of a cluster made elsewhere. */
export interface ExistingCluster {
  /** Name of the EKS cluster, known at synth. */
  readonly clusterName: string;
  /** @default - that of the InfrastructureStack around it; required elsewhere */
  readonly region?: string;
  readonly network: INetwork;
  /** What is served: `new OllamaGpuCluster` knows it from its pools, here it has to be said. At least one. */
  readonly pools: readonly ServedPool[];
  /** @default KubernetesVersion.DEFAULT */
  readonly kubernetesVersion?: KubernetesVersion;
  /** IPv4 range of Services. @default - 172.20.0.0/16, or 10.100.0.0/16 where the VPC overlaps it: what EKS chooses */
  readonly serviceCidr?: string;
  /** @default 900 */
  readonly requestTimeoutSeconds?: number;
  /** @default 8 */
  readonly maxWaiting?: number;
  /** Request header of sessions; only used with several servers. @default 'X-Claude-Code-Session-Id' */
  readonly sessionHeader?: string;
  /** @default - those of the stack */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A cluster made elsewhere that Terraform finds by its name. */
export interface OllamaGpuClusterLookup extends ExistingCluster {
  /** AWS provider that looks it up. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/** What a cluster made elsewhere is. */
export interface OllamaGpuClusterAttributes extends ExistingCluster {
  /** The security group that EKS puts on nodes and control plane; may be a token. */
  readonly clusterSecurityGroupId: string;
}
