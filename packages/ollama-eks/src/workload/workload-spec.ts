import type { ContainerImage } from './container-image';

/** A model that one pool serves. */
export interface WorkloadModel {
  /** Name with tag, as in the registry: `qwen3-coder:30b`. */
  readonly name: string;
  /** Tokens of context of one request; baked into the model's alias. */
  readonly contextLength: number;
  /**
   * SHA-256 of the model's manifest (64 hexadecimal digits, `sha256:` before them or not), as `GET /api/tags` shows it.
   * @default - whatever the tag points to when it is pulled
   */
  readonly digest?: string;
  /**
   * Whether the model counts as ready when part of it is in main memory.
   * @default false
   */
  readonly allowCpu?: boolean;
}

/** What a pod asks of its node, as sizing computes it. */
export interface WorkloadResources {
  /** CPU request in cores; there is no limit, which would throttle prompt processing. */
  readonly cpu: number;
  /** Memory request and limit in MiB. */
  readonly memoryMiB: number;
  /** GPUs of one pod. */
  readonly gpus: number;
}

/** Models on an EBS volume: survive the node, bound to a zone. */
export interface EbsModelCache {
  readonly kind: 'ebs';
  readonly sizeGiB: number;
  /** IOPS of the gp3 volume. */
  readonly iops: number;
  /** Throughput of the gp3 volume in MiB/s. */
  readonly throughputMiBps: number;
  /**
   * Zones that the volume may be in; those of the pool's nodes.
   * @default - the zone of whichever node the pod is put on
   */
  readonly availabilityZones?: readonly string[];
  /**
   * KMS key (ARN, id or alias) that encrypts the volume, known at synth.
   * @default - the account's default key for EBS
   */
  readonly kmsKeyId?: string;
  /**
   * Whether volume and models survive the removal of the installation from the cluster.
   * @default false
   */
  readonly retain?: boolean;
}

/** Models on the node's own NVMe disks: fastest, in any zone, lost with the node and pulled again. */
export interface InstanceStoreModelCache {
  readonly kind: 'instance-store';
  /** Most that the models may take of the disk, in GiB; the pod is evicted beyond it. */
  readonly sizeGiB: number;
}

/** How models are brought into GPU memory and served, as sizing computes it. */
export interface ServerSettings {
  /** Requests that one model works on at a time (`OLLAMA_NUM_PARALLEL`). */
  readonly parallel: number;
  /** Longest time that the largest model takes to load from a cold disk, in seconds. */
  readonly coldLoadSeconds: number;
  /**
   * `OLLAMA_FLASH_ATTENTION`.
   * @default - Ollama decides by GPU
   */
  readonly flashAttention?: boolean;
  /**
   * `OLLAMA_KV_CACHE_TYPE`.
   * @default f16
   */
  readonly kvCacheType?: 'f16' | 'q8_0' | 'q4_0';
  /**
   * `OLLAMA_SCHED_SPREAD`: whether a model is spread over all GPUs of the pod even if one would hold it.
   * @default false
   */
  readonly spread?: boolean;
}

/** The Ollama servers on one pool of GPU nodes. */
export interface WorkloadPool {
  /** DNS label; `gpu` is the pool whose Service is called just `ollama`. */
  readonly name: string;
  /** `AL2023` needs NVIDIA's device plugin; `BOTTLEROCKET` has its own. */
  readonly amiFamily: 'AL2023' | 'BOTTLEROCKET';
  /** Labels of the pool's nodes that no other nodes have. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** Servers (pods) that run when nobody has scaled the pool. */
  readonly replicas: number;
  /** At least one. */
  readonly models: readonly WorkloadModel[];
  readonly resources: WorkloadResources;
  readonly settings: ServerSettings;
  readonly cache: EbsModelCache | InstanceStoreModelCache;
}

/** All that the Ollama workload is made of. Static values only: what comes of it is rendered to Git. */
export interface WorkloadSpec {
  /** At least one. */
  readonly pools: readonly WorkloadPool[];
  /** Budget of one request on every hop, in seconds; servers drain for as long. */
  readonly requestTimeoutSeconds: number;
  /** Requests that may wait per server beyond those being worked on; the gateway refuses further ones. */
  readonly maxWaiting: number;
  /** IPv4 range of the VPC; servers can't reach it. */
  readonly vpcCidr: string;
  /** IPv4 range of Services; servers can't reach it. */
  readonly serviceCidr: string;
  /** Tags of the EBS volumes. */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * `online`: servers pull missing models from the registry over HTTPS. `offline`: servers have no way out; the volume
   * holds the models already.
   * @default online
   */
  readonly modelPull?: 'online' | 'offline';
  /**
   * Request header by which requests of one session go to the same server, so that its prompt cache is warm.
   * @default X-Claude-Code-Session-Id
   */
  readonly sessionHeader?: string;
  /** @default - the catalogue's newest known good release */
  readonly image?: ContainerImage;
  /** Image with `sh` and `curl`, for the Job that proves that every model answers. @default - the catalogue's */
  readonly proverImage?: ContainerImage;
  /** Version of NVIDIA's device plugin chart. @default - the catalogue's */
  readonly devicePluginVersion?: string;
}
