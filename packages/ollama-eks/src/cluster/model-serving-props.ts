import type { TerraformProvider } from '../framework';
import type { KvCacheType } from '../sizing/kv-cache';
import type { ObservabilityProps } from '../observability/observability-props';
import type { OllamaModel } from '../sizing/served-model';
import type { ContainerImage } from '../workload/container-image';
import type { ModelPull } from '../workload/workload-spec';
import type { NightScheduleProps } from './guardrails/night-schedule';
import type { GpuPoolProps } from './nodes/gpu-pool';

/** Properties of GPU pools and their servers, on a new cluster or an existing one. */
export interface ModelServingProps {
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
  /**
   * Metrics, alerts and dashboards. A change restarts servers and gateways; on GPU nodes, an exporter requests 20m CPU and 64 MiB, and
   * one in each server 10m and 16 MiB. The former needs the add-on eks-node-monitoring-agent, which `OllamaGpuCluster` installs.
   * @default - none: nothing is measured, and nothing runs for it
   */
  readonly observability?: ObservabilityProps;
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
